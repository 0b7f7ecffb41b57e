import fc from 'fast-check';
import { historyOf } from '../../lib/history/columns.ts';
import type { Evidence } from '../../lib/invariants/invariant.ts';
import type { Operation } from '../../lib/model/operation.ts';
import { outcomes } from '../../lib/model/operation.ts';
import type { OrderRow } from '../../lib/model/state.ts';
import { keyOf, operation, RUN_ID } from './notation.ts';

/** A sale whose rows name no intent, small enough to try out whose they can be. */
export interface Keyless {
  /** Of intents b0, b1, …; null where nobody knows. */
  readonly buyers: readonly (string | null)[];
  readonly operations: readonly Operation[];
  readonly rows: readonly OrderRow[];
  /** Rows name buyers; else nobody. */
  readonly byBuyer: boolean;
  readonly exclusive: boolean;
  readonly historyComplete: boolean;
  readonly keepsCancelled: boolean;
  readonly exhaustive: boolean;
  readonly clockSkewMs: number | null;
  readonly clockErrorMs: number;
}

export interface Shape {
  readonly quantityMax: number;
  /** Intents and rows of nobody known beside those of buyers, and evidence that is not whole. */
  readonly murky: boolean;
}

const time = fc.integer({ min: 0, max: 9 });
const rare = fc.integer({ min: 1, max: 8 }).map((drawn) => drawn === 1);

export function keyless({ quantityMax, murky }: Shape): fc.Arbitrary<Keyless> {
  const quantity = fc.integer({ min: 1, max: quantityMax });
  const pool = fc.constantFrom('A', 'A', 'B');
  const asked = fc.record({
    intent: fc.integer({ min: 0, max: 4 }),
    kind: fc.constantFrom('purchase', 'purchase', 'purchase', 'hold', 'pay', 'cancel'),
    start: time,
    length: fc.integer({ min: 0, max: 4 }),
    outcome: fc.constantFrom('ok' as const, 'ok' as const, ...outcomes),
  });
  const row = fc.record({
    pool,
    quantity,
    isLive: fc.integer({ min: 0, max: 4 }).map((drawn) => drawn > 0),
    buyer: fc.constantFrom('u0', 'u1', ...(murky ? ['u0', 'u1', 'zed', ''] : [])),
    at: fc.option(time, { freq: 4 }),
  });
  const wish = fc.tuple(pool, quantity, fc.constantFrom('u0', 'u1', null));
  return fc
    .record({
      wishes: fc.array(wish, { minLength: 5, maxLength: 5 }),
      asked: fc.array(asked, { maxLength: 6 }),
      rows: fc.array(row, { maxLength: 5 }),
      flags: fc.tuple(fc.boolean(), fc.boolean(), rare, rare, rare),
      clockSkewMs: fc.constantFrom(null, 0, 0, 2),
      clockErrorMs: fc.constantFrom(0, 0, 1),
    })
    .map(({ wishes, asked, rows, flags, ...clocks }) => ({
      ...clocks,
      // The last two are planned, and never send anything: so the fixture knows both buyers.
      buyers: [
        ...wishes.map(([, , buyer], i) => buyer ?? (murky ? null : `u${i % 2}`)),
        'u0',
        'u1',
      ],
      operations: asked.map(({ intent, kind, start, length, outcome }) =>
        operation({
          intent: keyOf(`b${intent}`),
          kind: kind as Operation['kind'],
          pool: wishes[intent]![0],
          quantity: wishes[intent]![1],
          start,
          end: start + length,
          outcome,
        }),
      ),
      rows: rows.map(({ isLive, buyer, at, ...row }, i) => ({
        id: `row-${i}`,
        ...row,
        status: isLive ? ('live' as const) : ('cancelled' as const),
        intent: null,
        // A listing in which nobody at all is known names nobody.
        buyer: !flags[0] ? '' : i === 0 && !buyer.startsWith('u') ? 'u0' : buyer,
        ...(at === null ? {} : { createdAt: at }),
      })),
      byBuyer: flags[0],
      exclusive: flags[1],
      historyComplete: !(murky && flags[2]),
      keepsCancelled: !(murky && flags[3]),
      exhaustive: !(murky && flags[4]),
    }));
}

export function evidenceOf(small: Keyless): Evidence {
  const pools = ['A', 'B'].map((id) => ({ id, name: '', capacity: 99, remaining: 99 }));
  const planned = small.buyers.flatMap((id, i) => (id === null ? [] : [{ id, i }]));
  return {
    history: historyOf(small.operations),
    historyComplete: small.historyComplete,
    fixture: {
      schemaVersion: 1,
      access: 'sql',
      event: '',
      pools,
      exclusive: small.exclusive,
      buyers: planned.map(({ id }) => ({ id })),
      ...(small.clockSkewMs === null ? {} : { rules: { clockSkewMs: small.clockSkewMs } }),
      baselineOrders: [],
    },
    intents: {
      schemaVersion: 1,
      runId: RUN_ID,
      intents: planned.map(({ i }) => ({
        ...{ key: keyOf(`b${i}`), pool: 0, quantity: 1, offsetMs: 0 },
      })),
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
      pools: pools.map(({ id }) => ({ id, remaining: null })),
      orders: [...small.rows],
    },
    clockErrorMs: small.clockErrorMs,
  };
}
