import fc from 'fast-check';
import { historyOf } from '../../lib/history/columns.ts';
import type { Evidence } from '../../lib/invariants/invariant.ts';
import type { Operation } from '../../lib/model/operation.ts';
import { latePaymentSchema, type Rules } from '../../lib/model/rules.ts';
import type { OrderRow } from '../../lib/model/state.ts';
import { keyOf, operation, RUN_ID } from './notation.ts';

/** A sale of one pool with holds, payments and cancellations, small enough to try out every execution. */
export interface HeldSale {
  readonly capacity: number;
  readonly rules: Rules;
  readonly operations: readonly Operation[];
  readonly rows: readonly OrderRow[];
  readonly clockErrorMs: number;
}

/** Buyers by intent; every third intent is of the same buyer. */
export const buyerOf = (intent: string): string => `u${Number(intent.replace(/.*-/, '')) % 2}`;

const wishOf = (n: number) => ({ quantity: 1 + (n % 2), seat: `s${n % 3}` });

export function heldSale(operationsMax = 5): fc.Arbitrary<HeldSale> {
  const asked = fc.record({
    intent: fc.integer({ min: 1, max: 4 }),
    kind: fc.constantFrom(...(['purchase', 'hold', 'hold', 'pay', 'cancel', 'status'] as const)),
    start: fc.integer({ min: 0, max: 12 }),
    length: fc.integer({ min: 0, max: 4 }),
    outcome: fc.constantFrom('ok', 'ok', 'ok', 'info', 'refused' as const),
    lastsMs: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
    state: fc.constantFrom('none', 'held', 'paid', 'cancelled', 'expired' as const),
  });
  const row = fc.record({
    intent: fc.integer({ min: 1, max: 4 }),
    state: fc.constantFrom('held', 'paid', 'cancelled' as const),
    createdAt: fc.integer({ min: 0, max: 16 }),
  });
  const rules = fc.record({
    buyerLimit: fc.integer({ min: 1, max: 3 }),
    clockSkewMs: fc.constantFrom(0, 0, 2),
    expiryGraceMs: fc.constantFrom(0, 3),
    latePayment: fc.constantFrom(...latePaymentSchema.options),
    idempotency: fc.constantFrom('none', 'replay' as const),
    holdMs: fc.constantFrom(3, 6, 9),
    opensAt: fc.constantFrom(0, 4),
    closesAt: fc.constantFrom(9, 20),
  });
  return fc
    .record({
      capacity: fc.integer({ min: 0, max: 4 }),
      rules,
      asked: fc.array(asked, { maxLength: operationsMax }),
      rows: fc.array(row, { maxLength: 3 }),
      clockErrorMs: fc.constantFrom(0, 0, 1),
    })
    .map(({ asked: operations, rows, ...sale }) => ({
      ...sale,
      operations: operations.map((each) => operationOf(each)),
      rows: rows.map(({ intent, state, createdAt }, i) => ({
        id: `row-${i}`,
        pool: 'A',
        quantity: wishOf(intent).quantity,
        status: state === 'cancelled' ? ('cancelled' as const) : ('live' as const),
        intent: keyOf(`b${intent}`),
        buyer: '',
        state,
        seat: wishOf(intent).seat,
        createdAt,
      })),
    }));
}

interface Asked {
  readonly intent: number;
  readonly kind: Operation['kind'];
  readonly start: number;
  readonly length: number;
  readonly outcome: Operation['outcome'];
  readonly lastsMs: number | undefined;
  readonly state: NonNullable<Operation['state']>;
}

function operationOf({ intent, kind, start, length, outcome, lastsMs, state }: Asked): Operation {
  const isAcquire = kind === 'purchase' || kind === 'hold';
  return operation({
    intent: keyOf(`b${intent}`),
    kind,
    pool: 'A',
    quantity: wishOf(intent).quantity,
    start,
    end: start + length,
    outcome,
    ...(isAcquire ? { seat: wishOf(intent).seat } : {}),
    ...(kind === 'hold' && lastsMs !== undefined ? { expiresAt: start + lastsMs } : {}),
    ...(kind === 'status' ? { state } : {}),
  });
}

/** `withState`: with the rows; else nothing was read back. */
export function evidenceOf(sale: HeldSale, withState: boolean): Evidence {
  const keys = [1, 2, 3, 4].map((n) => keyOf(`b${n}`));
  const live = sale.rows.filter(({ status }) => status === 'live');
  const remaining = sale.capacity - live.reduce((sum, { quantity }) => sum + quantity, 0);
  return {
    history: historyOf(sale.operations),
    historyComplete: true,
    fixture: {
      schemaVersion: 1,
      access: 'sql',
      event: '',
      pools: [{ id: 'A', name: '', capacity: sale.capacity, remaining: sale.capacity }],
      buyers: keys.map((key) => ({ id: buyerOf(key) })),
      rules: sale.rules,
      baselineOrders: [],
    },
    intents: {
      schemaVersion: 1,
      runId: RUN_ID,
      intents: keys.map((key) => ({ key, pool: 0, quantity: 1, offsetMs: 0 })),
    },
    state: withState
      ? {
          schemaVersion: 1,
          access: 'sql',
          settled: true,
          complete: true,
          exhaustive: true,
          keepsCancelled: true,
          caveats: [],
          readings: 2,
          readAt: 1_000_000,
          pools: [{ id: 'A', remaining }],
          orders: [...sale.rows],
        }
      : null,
    clockErrorMs: sale.clockErrorMs,
  };
}
