import { Failure, RunFailure } from '../model/failure.ts';
import type { Fixture } from '../model/fixture.ts';
import type { IntentsFile } from '../model/plan.ts';
import { SCHEMA_VERSION } from '../model/schema-version.ts';
import type { OrderRow, PoolState, State } from '../model/state.ts';
import type { Connection, Secrets, StateReading, Target } from './admin.ts';
import { excerpt } from './excerpt.ts';
import { pause } from './request.ts';

/** Time as a parameter: milliseconds since the Unix epoch, and a wait that ends early when the signal is aborted. */
export interface Clock {
  readonly now: () => number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

export const systemClock: Clock = { now: Date.now, wait: pause };

/** Between two readings, so that what still trickles in (a queue, a replica) has a chance to show. */
const READINGS_APART_MS = 500;

/** After this long no reading is begun any more. */
const LIMIT_MS = 60_000;

/**
 * So long a reading of the target's own data is doubted while acknowledged purchases are missing in it: they may wait in
 * a queue. One that may lag behind is doubted to the limit.
 */
const OVERDUE_MS = 5000;

/** A target that could not be read even once for this long is taken for gone, not for busy. */
const GONE_MS = 15_000;

export interface SettleRequest {
  readonly target: Target;
  readonly connection: Connection;
  readonly fixture: Fixture;
  readonly intents: IntentsFile;
  readonly secrets: Secrets;
  /** Tickets that were acknowledged, by intent: while a reading lacks some, it is read again. */
  readonly acknowledged?: ReadonlyMap<string, number>;
  /** Milliseconds to leave the target alone first; the target's own `quietMs` where absent. */
  readonly quietMs?: number;
  /** Milliseconds from the call after which no further reading is begun; at least two are always tried. */
  readonly limitMs?: number;
  readonly clock?: Clock;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The same rows in the same order, however the target listed them: readings compare, and runs repeat, as text. */
function inOrder(reading: StateReading): StateReading {
  const rowText = (row: OrderRow): string => JSON.stringify(Object.entries(row).sort());
  const texts = new Map(reading.orders.map((row) => [row, rowText(row)]));
  const { accounts, payments } = reading;
  return {
    ...reading,
    ...(accounts && { accounts: [...accounts].sort((a, b) => byText(a.buyer, b.buyer)) }),
    ...(payments && { payments: [...payments].sort((a, b) => byText(a.id, b.id)) }),
    pools: [...reading.pools].sort((a, b) => byText(a.id, b.id)),
    orders: [...reading.orders].sort(
      (a, b) => byText(a.id, b.id) || byText(texts.get(a)!, texts.get(b)!),
    ),
  };
}

/** What two readings in order differ by, in words; null where they are identical. */
function changeBetween(before: StateReading, after: StateReading): string | null {
  const text = ({ pools, orders, accounts, payments, complete }: StateReading): string =>
    JSON.stringify([pools, orders, accounts, payments, complete]);
  if (text(before) === text(after)) return null;
  const known = new Set(before.orders.map((row) => JSON.stringify(row)));
  const came = after.orders.filter((row) => !known.delete(JSON.stringify(row))).length;
  const left = (pools: readonly PoolState[], id: string): number | null | undefined =>
    pools.find((pool) => pool.id === id)?.remaining;
  const moved = after.pools
    .filter((pool) => left(before.pools, pool.id) !== pool.remaining)
    .map((pool) => `pool ${pool.id} went from ${left(before.pools, pool.id)} to ${pool.remaining}`);
  const rows = `${came} order rows came or changed, ${known.size} went or changed`;
  const isMoney =
    JSON.stringify([before.accounts, before.payments]) !==
    JSON.stringify([after.accounts, after.payments]);
  const money = isMoney ? ['money moved'] : [];
  return excerpt([rows, ...moved, ...money].join('; '), 400);
}

interface Progress {
  /** The last reading that was had. */
  readonly last: StateReading | null;
  readonly readings: number;
  readonly settled: boolean;
  /** Why it has not settled yet. */
  readonly trouble: string;
  readonly failure: Failure | null;
}

async function readOnce(request: SettleRequest, before: Progress): Promise<Progress> {
  const { target, connection, fixture, intents, secrets } = request;
  try {
    const reading = inOrder(await target.admin.read(connection, { fixture, intents, secrets }));
    const change = before.last === null ? 'only one reading' : changeBetween(before.last, reading);
    // A failure in between breaks the pair: the target may have restarted and forgotten.
    const settled = change === null && before.failure === null;
    const trouble = change === null ? '' : `still changing: ${change}`;
    return { last: reading, readings: before.readings + 1, settled, trouble, failure: null };
  } catch (error) {
    if (connection.signal.aborted) return { ...before, trouble: 'reading back was interrupted' };
    if (!(error instanceof Failure)) throw error;
    return { ...before, failure: error, trouble: `a reading failed: ${error.parts.got}` };
  }
}

/** How many acknowledged tickets a reading lacks; cancelled rows show that there were some. */
function overdueIn(
  { orders }: StateReading,
  acknowledged: ReadonlyMap<string, number> = new Map(),
): number {
  const owing = new Map(acknowledged);
  for (const { intent, quantity } of orders) {
    const owed = intent === null ? undefined : owing.get(intent);
    if (owed !== undefined) owing.set(intent!, owed - quantity);
  }
  return [...owing.values()].reduce((sum, owed) => sum + Math.max(0, owed), 0);
}

/** Whether the last reading can be taken for final: it has settled, and what it lacks is not waited for any longer. */
function isFinal({ last, settled }: Progress, request: SettleRequest, waitedMs: number): boolean {
  if (last === null || !settled) return false;
  if (last.mayLag !== true && waitedMs >= OVERDUE_MS) return true;
  return overdueIn(last, request.acknowledged) === 0;
}

/**
 * The final state F: leaves the target alone for a while, then reads until two consecutive readings are identical, in
 * whatever order they list, and hold every acknowledged ticket, or have lacked some for so long that it is believed:
 * two equal readings of a replica that stands still prove nothing. Past the limit, or when interrupted, the last reading comes back with `settled: false` and
 * a caveat that says what kept it from settling. Where not one reading could be had: the target's last `RunFailure`,
 * or one that says it was interrupted; the run is then judged without a final state.
 */
export async function readFinalState(request: SettleRequest): Promise<State> {
  const { target, connection, clock = systemClock, limitMs = LIMIT_MS } = request;
  const { signal } = connection;
  const from = clock.now();
  let progress: Progress = { last: null, readings: 0, settled: false, trouble: '', failure: null };
  await clock.wait(request.quietMs ?? target.quietMs, signal);
  const quietUntil = clock.now();
  for (let tried = 0; !signal.aborted; tried++) {
    if (isFinal(progress, request, clock.now() - quietUntil)) break;
    const waitMs = progress.last === null ? Math.min(GONE_MS, limitMs) : limitMs;
    if (tried >= 2 && clock.now() - from >= waitMs) break;
    if (tried > 0) await clock.wait(READINGS_APART_MS, signal);
    progress = await readOnce(request, progress);
  }
  if (progress.last === null) throw progress.failure ?? interrupted(target);
  const overdue = overdueIn(progress.last, request.acknowledged);
  return stateOf(progress.last, { ...progress, overdue }, clock.now());
}

function interrupted(target: Target): RunFailure {
  return new RunFailure({
    expected: 'to read back what the target believes',
    got: 'an interrupt before the first reading was done',
    where: `reading back from ${target.name}`,
    remedy: 'What was recorded can be judged, without a final state.',
  });
}

function stateOf(
  reading: StateReading,
  progress: Progress & { readonly overdue: number },
  readAt: number,
): State {
  const { settled, readings, trouble, overdue } = progress;
  const lacking =
    reading.mayLag === true && overdue > 0
      ? [`${overdue} acknowledged tickets are missing in a reading that may lag behind`]
      : [];
  const unsettled = settled ? [] : [`not settled: ${trouble || 'reading back was interrupted'}`];
  return {
    schemaVersion: SCHEMA_VERSION,
    access: reading.access,
    settled,
    complete: reading.complete,
    exhaustive: reading.exhaustive,
    keepsCancelled: reading.keepsCancelled,
    ...(reading.mayLag === true ? { mayLag: true } : {}),
    caveats: [...reading.caveats, ...lacking, ...unsettled].map((caveat) => excerpt(caveat, 500)),
    readings,
    readAt,
    pools: [...reading.pools],
    orders: [...reading.orders],
    ...(reading.accounts && { accounts: [...reading.accounts] }),
    ...(reading.payments && { payments: [...reading.payments] }),
  };
}
