import type { Fixture } from '../../lib/model/fixture.ts';
import type { Operation } from '../../lib/model/operation.ts';
import type { IntentsFile } from '../../lib/model/plan.ts';
import { SCHEMA_VERSION } from '../../lib/model/schema-version.ts';
import type { OrderRow, State } from '../../lib/model/state.ts';

/**
 * A correct sale of `length` purchases, `atOnce` at once, the first `sold` of them sold and a few without a reply, in the
 * order the lines of a real history have: by end. Everything follows from this, so writer and judge agree without a file.
 */
export interface SaleSize {
  readonly length: number;
  readonly sold: number;
  /** 10 to 1,000. */
  readonly atOnce: number;
  /** Whether there is a plan of intents, as of a run of Onsale's own, or none, as of an imported history. */
  readonly isPlanned: boolean;
}

const RUN_ID = '20261121T120000Z-bench';
const T0 = 1_763_730_000_000;
/** What an operation takes on average, and half as much more or less. */
const DURATION_MS = 100;
/** Each begins every 200 ms and takes at most 150, so the operations of one never overlap. */
const SESSION_MS = 2 * DURATION_MS;
const POOLS = ['7', '8', '9'];

export const keyOf = (i: number) => `onsale-${RUN_ID}-${i}`;
const poolOf = (i: number) => POOLS[i % POOLS.length]!;
const quantityOf = (i: number) => 1 + (i % 2);
const isSilent = (i: number) => i % 997 === 0;

const offsetMsOf = (i: number, { atOnce }: SaleSize) => Math.floor((i * DURATION_MS) / atOnce);

export function operationOf(i: number, size: SaleSize): Operation {
  const start = T0 + offsetMsOf(i, size);
  const outcome = isSilent(i) ? 'info' : i < size.sold ? 'ok' : 'refused';
  const told = outcome === 'refused' ? 'Tickets unavailable or sold out' : '';
  return {
    session: 1 + (i % ((SESSION_MS * size.atOnce) / DURATION_MS)),
    intent: keyOf(i),
    kind: 'purchase',
    pool: poolOf(i),
    quantity: quantityOf(i),
    start,
    end: start + 50 + ((i * 7919) % 101),
    outcome,
    status: { info: 0, ok: 200, refused: 400 }[outcome],
    reason: { info: 'timeout', ok: '', refused: 'sold-out' }[outcome],
    reply: told,
  };
}

function rowsOf({ sold }: SaleSize): OrderRow[] {
  return Array.from({ length: sold }, (_, i) => ({
    id: String(i),
    pool: poolOf(i),
    quantity: quantityOf(i),
    status: 'live',
    intent: keyOf(i),
    buyer: `buyer-${i}`,
  }));
}

export function sidesOf(size: SaleSize): { fixture: Fixture; intents: IntentsFile; state: State } {
  const orders = rowsOf(size);
  const sold = new Map(POOLS.map((id) => [id, 0]));
  for (const { pool, quantity } of orders) sold.set(pool, sold.get(pool)! + quantity);
  const schemaVersion = SCHEMA_VERSION;
  const pools = POOLS.map((id) => {
    const capacity = sold.get(id)!;
    return { id, name: id, capacity, remaining: capacity };
  });
  const intents = Array.from({ length: size.isPlanned ? size.length : 0 }, (_, i) => ({
    key: keyOf(i),
    pool: i % POOLS.length,
    quantity: quantityOf(i),
    offsetMs: offsetMsOf(i, size),
  }));
  return {
    fixture: {
      schemaVersion,
      access: 'sql',
      event: 'bench',
      pools,
      buyers: [],
      baselineOrders: [],
    },
    intents: { schemaVersion, runId: RUN_ID, intents },
    state: {
      schemaVersion,
      access: 'sql',
      settled: true,
      complete: true,
      exhaustive: true,
      keepsCancelled: true,
      caveats: [],
      readings: 2,
      readAt: T0 + offsetMsOf(size.length, size) + 3_600_000,
      pools: POOLS.map((id) => ({ id, remaining: 0 })),
      orders,
    },
  };
}
