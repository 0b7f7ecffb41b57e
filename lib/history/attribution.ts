import type { Fixture, Pool } from '../model/fixture.ts';
import type { IntentsFile } from '../model/plan.ts';
import type { OrderRow, State } from '../model/state.ts';
import type { Grouping } from './grouping.ts';
import { grouped } from './grouping.ts';
import type { History } from './history.ts';
import { CANCEL, HOLD, INFO, isAcquire, OK, PAY, PURCHASE } from './history.ts';
import { lastingBytes, lastingFloats, lastingInt32s, passingInt32s } from './lasting.ts';
import { matchNamelessRows, type Nameless } from './nameless-rows.ts';

/** In place of a pool's number: the fixture does not know it. */
export const UNKNOWN_POOL = -1;
/** In place of a pool's number: operations of one intent are about different things, so it is no one intent. */
export const MIXED = -2;
/** In place of a pool's number: the intent only looked, paid or gave back; it has no purchase and no hold. */
export const UNASKED = -3;

/** In place of an intent's number: planned or seen, but the history has no operation of it that could make an order. */
export const UNSENT = -1;
/** A key of this run's form that was never planned and never sent. */
export const UNPLANNED = -2;
/** Names no intent of this run: somebody else's, as far as can be told. */
export const STRANGER = -3;

/** What every check needs to know about who wanted what and what became of it; pools by their place in `pools`. */
export interface Attribution {
  /** The fixture's pools, each id once; repeated ones are one pool with the sum of their capacities. */
  readonly pools: readonly Pool[];
  /** Each operation's pool, or {@link UNKNOWN_POOL}. */
  readonly operationPool: Int32Array;
  readonly operationsByPool: Grouping;
  readonly operationsByIntent: Grouping;
  readonly wants: Wants;
  /** The final state's rows that are not in the baseline. Empty without a state. */
  readonly rows: readonly OrderRow[];
  /** Rows that name a buyer of the run and no intent. They count as live tickets of intents, and are {@link STRANGER}'s. */
  readonly nameless: Nameless;
  /** Each row's intent, or {@link UNSENT}, {@link UNPLANNED}, {@link STRANGER}. */
  readonly rowIntent: Int32Array;
  /** Each row's pool, or {@link UNKNOWN_POOL}. */
  readonly rowPool: Int32Array;
  readonly rowsByIntent: Grouping;
}

/** What each intent of the history asked for and what the final state shows of it, in columns. */
export interface Wants {
  readonly length: number;
  /** {@link UNKNOWN_POOL}, {@link MIXED} or {@link UNASKED} where it cannot be judged by pool. */
  readonly pool: Int32Array;
  /** Of its purchases and holds; the largest, where it is {@link MIXED}; 0 where it is {@link UNASKED}. */
  readonly quantity: Int32Array;
  /** Bit `1 << outcome` is set where a purchase or hold of the intent ended so. */
  readonly outcomes: Uint8Array;
  /** The same for each kind by itself. */
  readonly purchases: Uint8Array;
  readonly holds: Uint8Array;
  readonly pays: Uint8Array;
  readonly cancels: Uint8Array;
  /** Its first purchase or hold that took or may have taken tickets (`ok` or `info`), −1 where there is none. */
  readonly firstBuy: Int32Array;
  /** Tickets of live rows in the intent's own pool, and in all others. */
  readonly live: Float64Array;
  readonly liveElsewhere: Float64Array;
  /** Tickets of cancelled rows in its own pool; and how many cancelled rows there are in any. */
  readonly cancelled: Float64Array;
  readonly cancelledRows: Int32Array;
}

export interface Recorded {
  readonly history: History;
  readonly fixture: Fixture;
  readonly intents: IntentsFile;
  readonly state: State | null;
  /** How far the recorders' clocks may be off, ms. */
  readonly clockErrorMs: number;
}

/** O(operations + rows + planned intents). */
export function attribute(recorded: Recorded): Attribution {
  const { history, fixture, state } = recorded;
  const pools = distinctPools(fixture.pools);
  const poolNumbers = new Map(pools.map((pool, i) => [pool.id, i]));
  const poolNumber = (id: string) => poolNumbers.get(id) ?? UNKNOWN_POOL;
  const operationPool = poolsOfOperations(history, poolNumber);
  const baseline = new Set(fixture.baselineOrders);
  const orders = state?.orders ?? [];
  const rows = baseline.size === 0 ? orders : orders.filter((row) => !baseline.has(row.id));
  const wants = wantsOf(history, operationPool);
  const rowIntent = intentsOfRows(rows, recorded, wants);
  const rowPool = lastingInt32s(rows.length);
  rows.forEach(({ pool }, row) => {
    rowPool[row] = poolNumber(pool);
  });
  const nameless = matchNamelessRows(recorded, { wants, rows, rowIntent, rowPool });
  countRows({ rows, rowIntent, rowPool }, wants);
  for (const intent of nameless.intents) wants.live[intent] = wants.quantity[intent]!;
  for (const intent of nameless.mayBeCancelled) wants.cancelledRows[intent]!++;
  return {
    pools,
    operationPool,
    operationsByPool: grouped(operationPool, pools.length),
    operationsByIntent: grouped(history.intent, history.intentKeys.length),
    wants,
    rows,
    nameless,
    rowIntent,
    rowPool,
    rowsByIntent: grouped(rowIntent, history.intentKeys.length),
  };
}

function distinctPools(pools: readonly Pool[]): Pool[] {
  const byId = new Map<string, Pool>();
  for (const pool of pools) {
    const same = byId.get(pool.id);
    const capacity = pool.capacity + (same?.capacity ?? 0);
    byId.set(pool.id, same === undefined ? pool : { ...same, capacity, remaining: null });
  }
  return [...byId.values()];
}

function poolsOfOperations(history: History, poolNumber: (id: string) => number): Int32Array {
  const numbers = history.poolIds.map(poolNumber);
  const operationPool = lastingInt32s(history.length);
  for (let i = 0; i < history.length; i++) operationPool[i] = numbers[history.pool[i]!]!;
  return operationPool;
}

function intentsOfRows(
  rows: readonly OrderRow[],
  { history, intents }: Recorded,
  { pool, pays }: Wants,
): Int32Array {
  let planned: Set<string> | null = null;
  const notSent = (key: string): number => {
    planned ??= new Set(intents.intents.map((intent) => intent.key));
    if (planned.has(key)) return UNSENT;
    return hasFormOf(intents.runId, key) ? UNPLANNED : STRANGER;
  };
  const rowIntent = lastingInt32s(rows.length).fill(STRANGER);
  rows.forEach(({ intent: key }, row) => {
    if (key === null) return;
    const intent = history.intents.find(key);
    if (intent === -1) rowIntent[row] = notSent(key);
    // Who pays has an order, though its hold may be missing; who looks has none.
    else rowIntent[row] = pool[intent] === UNASKED && pays[intent] === 0 ? UNSENT : intent;
  });
  return rowIntent;
}

/** Keys are `onsale-<run id>-<index>`: digits only at the end, or run `a` would claim the keys of run `a-1`. */
function hasFormOf(runId: string, key: string): boolean {
  const prefix = `onsale-${runId}-`;
  return key.startsWith(prefix) && /^\d+$/.test(key.slice(prefix.length));
}

function wantsOf(history: History, operationPool: Int32Array): Wants {
  const wants = emptyWants(history.intentKeys.length);
  const byKind = new Map([
    [PURCHASE, wants.purchases],
    [HOLD, wants.holds],
    [PAY, wants.pays],
    [CANCEL, wants.cancels],
  ]);
  const columnOf = Array.from({ length: 8 }, (_, kind) => byKind.get(kind));
  const firstPool = passingInt32s(wants.length);
  for (let i = 0; i < history.length; i++) {
    const intent = history.intent[i]!;
    const outcome = history.outcome[i]!;
    const column = columnOf[history.kind[i]!];
    if (column !== undefined) column[intent]! |= 1 << outcome;
    if (!isAcquire(history, i)) continue;
    const quantity = history.quantity[i]!;
    if (wants.outcomes[intent] === 0) {
      wants.pool[intent] = operationPool[i]!;
      wants.quantity[intent] = quantity;
      firstPool[intent] = history.pool[i]!;
    } else if (quantity !== wants.quantity[intent] || history.pool[i] !== firstPool[intent]) {
      wants.pool[intent] = MIXED;
      wants.quantity[intent] = Math.max(quantity, wants.quantity[intent]!);
    }
    wants.outcomes[intent]! |= 1 << outcome;
    const may = outcome === OK || outcome === INFO;
    if (may && wants.firstBuy[intent] === -1) wants.firstBuy[intent] = i;
  }
  for (let i = 0; i < history.length; i++) {
    const intent = history.intent[i]!;
    if ((history.kind[i] !== PAY && history.kind[i] !== CANCEL) || wants.outcomes[intent] === 0)
      continue;
    if (history.pool[i] !== firstPool[intent]) wants.pool[intent] = MIXED;
  }
  return wants;
}

function emptyWants(length: number) {
  return {
    length,
    pool: lastingInt32s(length).fill(UNASKED),
    quantity: lastingInt32s(length),
    outcomes: lastingBytes(length),
    purchases: lastingBytes(length),
    holds: lastingBytes(length),
    pays: lastingBytes(length),
    cancels: lastingBytes(length),
    firstBuy: lastingInt32s(length).fill(-1),
    live: lastingFloats(length),
    liveElsewhere: lastingFloats(length),
    cancelled: lastingFloats(length),
    cancelledRows: lastingInt32s(length),
  };
}

function countRows(
  { rows, rowIntent, rowPool }: Pick<Attribution, 'rows' | 'rowIntent' | 'rowPool'>,
  wants: Wants,
): void {
  rows.forEach((row, i) => {
    const intent = rowIntent[i]!;
    if (intent < 0) return;
    const own = rowPool[i] === wants.pool[intent];
    if (row.status === 'cancelled') {
      wants.cancelledRows[intent]!++;
      if (own) wants.cancelled[intent]! += row.quantity;
    } else {
      (own ? wants.live : wants.liveElsewhere)[intent]! += row.quantity;
    }
  });
}

/** Whether the buyer was told that the tickets are his for good: by a purchase, or by the payment for a hold. */
export function isConfirmed({ wants }: Pick<Attribution, 'wants'>, intent: number): boolean {
  return ((wants.purchases[intent]! | wants.pays[intent]!) & (1 << OK)) !== 0;
}

/** Whether the buyer gave the tickets back, or may have: a cancellation ended `ok` or `info`. */
export function mayBeCancelled({ wants }: Pick<Attribution, 'wants'>, intent: number): boolean {
  return (wants.cancels[intent]! & ((1 << OK) | (1 << INFO))) !== 0;
}

/** Acknowledged for good: {@link isConfirmed} and certainly not given back by the buyer. */
export function isForGood(sale: Pick<Attribution, 'wants'>, intent: number): boolean {
  return isConfirmed(sale, intent) && !mayBeCancelled(sale, intent);
}
