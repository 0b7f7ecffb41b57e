import fc from 'fast-check';
import { historyOf } from '../../lib/history/columns.ts';
import type { Evidence } from '../../lib/invariants/invariant.ts';
import type { Operation } from '../../lib/model/operation.ts';
import { outcomes } from '../../lib/model/operation.ts';
import type { OrderRow } from '../../lib/model/state.ts';
import { keyOf, operation, RUN_ID } from './notation.ts';

/** A sale small enough to try out every execution: one or two pools, a few operations and rows. */
export interface SmallSale {
  readonly capacities: readonly number[];
  readonly operations: readonly Operation[];
  readonly rows: readonly OrderRow[];
  /** Added to what the rows leave of each pool's capacity, in the shop's counter. */
  readonly drift: readonly number[];
  readonly clockErrorMs: number;
  readonly historyComplete: boolean;
  readonly exhaustive: boolean;
  readonly keepsCancelled: boolean;
}

export interface Sizes {
  readonly operationsMax: number;
  readonly quantityMax: number;
  readonly poolsMax: number;
  /** Several operations may share an intent. */
  readonly retries: boolean;
  /** Strangers, cancellations, incomplete histories and listings. */
  readonly murky: boolean;
}

export function poolId(pool: number): string {
  return `pool-${pool}`;
}

/** Most rows follow from the operations, so that correct sales are common; some are then changed at random. */
export function smallSale(sizes: Sizes): fc.Arbitrary<SmallSale> {
  const pool = fc.integer({ min: 0, max: sizes.poolsMax - 1 });
  const planned = fc.record({
    pool,
    quantity: fc.integer({ min: 1, max: sizes.quantityMax }),
    start: fc.integer({ min: 0, max: 8 }),
    length: fc.integer({ min: 0, max: 5 }),
    outcome: fc.constantFrom(...outcomes, 'ok' as const, 'refused' as const),
    /** Whether an `info` came about. */
    happened: fc.boolean(),
    intent: fc.integer({ min: 1, max: sizes.retries ? 3 : 1000 }),
    asUnits: fc.boolean(),
  });
  const rare = (n: number) => fc.integer({ min: 1, max: n }).map((drawn) => drawn === 1);
  const change = fc.constantFrom('none', 'none', 'drop', 'double', 'forge', 'cancel', 'stranger');
  return fc
    .record({
      capacities: fc.array(fc.integer({ min: 0, max: 3 }), {
        minLength: sizes.poolsMax,
        maxLength: sizes.poolsMax,
      }),
      planned: fc.array(planned, { maxLength: sizes.operationsMax }),
      changes: fc.array(fc.tuple(change, fc.nat()), { maxLength: 1 }),
      drift: fc.tuple(rare(8), fc.constantFrom(-1, 1)),
      clockErrorMs: fc.constantFrom(0, 0, 1),
      flags: fc.tuple(rare(10), rare(10), rare(10)),
    })
    .map(({ capacities, planned, changes, drift, clockErrorMs, flags }) => {
      const named = planned.map((each, i) => ({
        ...each,
        key: keyOf(`b${sizes.retries ? each.intent : i + 1}`),
      }));
      const rows = changed(rowsOf(named), sizes.murky ? changes : changes.filter(isPlain));
      return {
        capacities,
        operations: named.map((each) =>
          operation({
            intent: each.key,
            pool: poolId(each.pool),
            quantity: each.quantity,
            start: each.start,
            end: each.start + each.length,
            outcome: each.outcome,
          }),
        ),
        rows,
        drift: capacities.map((_, i) => (i === 0 && drift[0] ? drift[1] : 0)),
        clockErrorMs,
        historyComplete: !(sizes.murky && flags[0]),
        exhaustive: !(sizes.murky && flags[1]),
        keepsCancelled: !(sizes.murky && flags[2]),
      };
    });
}

function isPlain([change]: [string, number]): boolean {
  return change !== 'cancel' && change !== 'stranger';
}

interface Named {
  readonly key: string;
  readonly pool: number;
  readonly quantity: number;
  readonly outcome: string;
  readonly happened: boolean;
  readonly asUnits: boolean;
}

function rowsOf(operations: readonly Named[]): OrderRow[] {
  const rows: OrderRow[] = [];
  const served = new Set<string>();
  for (const { key, pool, quantity, outcome, happened, asUnits } of operations) {
    if (!(outcome === 'ok' || (outcome === 'info' && happened)) || served.has(key)) continue;
    served.add(key);
    const units = asUnits ? Array.from({ length: quantity }, () => 1) : [quantity];
    for (const each of units) {
      rows.push({
        id: `row-${rows.length}`,
        pool: poolId(pool),
        quantity: each,
        status: 'live',
        intent: key,
        buyer: key,
      });
    }
  }
  return rows;
}

function changed(rows: OrderRow[], changes: readonly [string, number][]): OrderRow[] {
  for (const [change, at] of changes) {
    const row = rows[at % Math.max(rows.length, 1)];
    const id = `changed-${at}`;
    if (change === 'forge' || change === 'stranger') {
      const intent = change === 'forge' ? keyOf(`b${(at % 6) + 1}`) : null;
      rows.push({ id, pool: poolId(0), quantity: 1, status: 'live', intent, buyer: '' });
    } else if (row !== undefined && change === 'drop') rows.splice(rows.indexOf(row), 1);
    else if (row !== undefined && change === 'double') rows.push({ ...row, id });
    else if (row !== undefined && change === 'cancel') {
      rows[rows.indexOf(row)] = { ...row, status: 'cancelled' };
    }
  }
  return rows;
}

export function remainingOf(small: SmallSale, pool: number): number {
  const live = small.rows.filter((row) => row.pool === poolId(pool) && row.status === 'live');
  const sold = live.reduce((sum, row) => sum + row.quantity, 0);
  return small.capacities[pool]! - sold + small.drift[pool]!;
}

export function evidenceFrom(small: SmallSale): Evidence {
  const pools = small.capacities.map((capacity, i) => ({
    id: poolId(i),
    name: '',
    capacity,
    remaining: capacity,
  }));
  const keys = [...new Set(small.operations.map((each) => each.intent))];
  return {
    history: historyOf(small.operations),
    historyComplete: small.historyComplete,
    fixture: {
      schemaVersion: 1,
      access: 'sql',
      event: '',
      pools,
      buyers: [],
      baselineOrders: [],
    },
    intents: {
      schemaVersion: 1,
      runId: RUN_ID,
      intents: keys.map((key) => ({ key, pool: 0, quantity: 1, offsetMs: 0 })),
    },
    state: {
      schemaVersion: 1,
      access: 'sql',
      settled: true,
      complete: true,
      exhaustive: small.exhaustive,
      keepsCancelled: small.keepsCancelled,
      caveats: [],
      readings: 2,
      readAt: 1_000_000,
      pools: pools.map(({ id }, i) => ({ id, remaining: remainingOf(small, i) })),
      orders: [...small.rows],
    },
    clockErrorMs: small.clockErrorMs,
  };
}
