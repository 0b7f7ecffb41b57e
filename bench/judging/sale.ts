import type { Fixture } from '../../lib/model/fixture.ts';
import type { Operation } from '../../lib/model/operation.ts';
import type { IntentsFile } from '../../lib/model/plan.ts';
import { SCHEMA_VERSION } from '../../lib/model/schema-version.ts';
import type { OrderRow, State } from '../../lib/model/state.ts';

/**
 * A correct sale of `length` purchases, 1,000 at once, half of them sold and a few without a reply, in the order the
 * lines of a real history have: by end. Everything follows from the index, so writer and judge agree without a file.
 */
const RUN_ID = '20261121T120000Z-bench';
const T0 = 1_763_730_000_000;
const PER_MS = 10;
/** Each begins every 200 ms and takes at most 150, so the operations of one never overlap. */
const SESSIONS = 200 * PER_MS;
const POOLS = ['7', '8', '9'];

export const keyOf = (i: number) => `onsale-${RUN_ID}-${i}`;
const poolOf = (i: number) => POOLS[i % POOLS.length]!;
const quantityOf = (i: number) => 1 + (i % 2);
const isSold = (i: number, length: number) => i < length / 2;
const isSilent = (i: number) => i % 997 === 0;

export function operationOf(i: number, length: number): Operation {
  const start = T0 + Math.floor(i / PER_MS);
  const sold = isSold(i, length);
  const outcome = isSilent(i) ? 'info' : sold ? 'ok' : 'refused';
  const told = outcome === 'refused' ? 'Tickets unavailable or sold out' : '';
  return {
    session: 1 + (i % SESSIONS),
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

function rowsOf(length: number): OrderRow[] {
  const rows: OrderRow[] = [];
  for (let i = 0; isSold(i, length); i++) {
    rows.push({
      id: String(i),
      pool: poolOf(i),
      quantity: quantityOf(i),
      status: 'live',
      intent: keyOf(i),
      buyer: `buyer-${i}`,
    });
  }
  return rows;
}

export function sidesOf(length: number): { fixture: Fixture; intents: IntentsFile; state: State } {
  const orders = rowsOf(length);
  const sold = new Map(POOLS.map((id) => [id, 0]));
  for (const { pool, quantity } of orders) sold.set(pool, sold.get(pool)! + quantity);
  const schemaVersion = SCHEMA_VERSION;
  const pools = POOLS.map((id) => {
    const capacity = sold.get(id)!;
    return { id, name: id, capacity, remaining: capacity };
  });
  const intents = Array.from({ length }, (_, i) => ({
    key: keyOf(i),
    pool: i % POOLS.length,
    quantity: quantityOf(i),
    offsetMs: Math.floor(i / PER_MS),
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
      readAt: T0 + 3_600_000,
      pools: POOLS.map((id) => ({ id, remaining: 0 })),
      orders,
    },
  };
}
