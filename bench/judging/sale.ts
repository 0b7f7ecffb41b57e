import type { Fixture } from '../../lib/model/fixture.ts';
import type { Operation } from '../../lib/model/operation.ts';
import type { IntentsFile } from '../../lib/model/plan.ts';
import { SCHEMA_VERSION } from '../../lib/model/schema-version.ts';
import type { OrderRow, State } from '../../lib/model/state.ts';
import { Everything } from './everything.ts';
import {
  buyerOf,
  CREDIT,
  keyOf,
  lastsMs,
  offsetMsOf,
  POOLS,
  PRICE,
  runId,
  type SaleSize,
  sessionsOf,
  T0,
} from './size.ts';

const poolOf = (i: number) => POOLS[i % POOLS.length]!;
const quantityOf = (i: number, { what }: SaleSize) => (what === 'reads' ? 1 : 1 + (i % 2));
const isRead = (i: number, size: SaleSize) =>
  size.what === 'reads' && (i + Math.floor(i / sessionsOf(size))) % 2 === 1;
const isSold = (i: number, size: SaleSize) => i < size.sold && !isRead(i, size);
const isSilent = (i: number) => i % 997 === 0;

/**
 * A correct sale of `length` operations, `atOnce` at once, the purchases among the first `sold` of them sold and a few
 * without a reply. By number, which has to be asked for in order; each takes effect as it starts, so a read sees every
 * sale with a smaller number.
 */
export function operationsOf(size: SaleSize): (i: number) => Operation {
  if (size.what === 'everything') {
    const sale = new Everything(size);
    return (i) => sale.operation(i);
  }
  const left = leftAt(size);
  return (i) => {
    const start = T0 + offsetMsOf(i, size);
    const common = {
      session: 1 + (i % sessionsOf(size)),
      intent: keyOf(i),
      pool: poolOf(i),
      quantity: quantityOf(i, size),
      start,
      end: start + lastsMs(i),
    };
    return { ...common, ...(isRead(i, size) ? lookOf(left[i]!) : purchaseOf(i, size)) };
  };
}

const SEEN = { kind: 'availability', outcome: 'ok', status: 200, reason: '', reply: '' } as const;
const lookOf = (value: number) => ({ ...SEEN, value });

function purchaseOf(i: number, size: SaleSize) {
  const outcome = isSilent(i) ? 'info' : isSold(i, size) ? 'ok' : 'refused';
  const told = outcome === 'refused' ? 'Tickets unavailable or sold out' : '';
  return {
    kind: 'purchase',
    outcome,
    status: { info: 0, ok: 200, refused: 400 }[outcome],
    reason: { info: 'timeout', ok: '', refused: 'sold-out' }[outcome],
    reply: told,
    ...(size.what === 'money' && outcome === 'ok' ? { amount: PRICE * quantityOf(i, size) } : {}),
  } as const;
}

/** What each operation finds left of its pool, before it has done anything. */
function leftAt(size: SaleSize): Int32Array {
  const left = new Map(soldByPool(size));
  return Int32Array.from({ length: size.what === 'reads' ? size.length : 0 }, (_, i) => {
    const before = left.get(poolOf(i))!;
    if (isSold(i, size)) left.set(poolOf(i), before - quantityOf(i, size));
    return before;
  });
}

function soldByPool(size: SaleSize): Map<string, number> {
  const sold = new Map(POOLS.map((id) => [id, 0]));
  for (let i = 0; i < size.sold; i++) {
    if (isSold(i, size)) sold.set(poolOf(i), sold.get(poolOf(i))! + quantityOf(i, size));
  }
  return sold;
}

function rowsOf(size: SaleSize): OrderRow[] {
  return numbersBelow(size.sold)
    .filter((i) => isSold(i, size))
    .map((i) => ({
      id: String(i),
      pool: poolOf(i),
      quantity: quantityOf(i, size),
      status: 'live',
      intent: keyOf(i),
      buyer: buyerOf(i),
    }));
}

/** One buyer an intent; who bought has paid, and has that much less. */
function moneyOf(size: SaleSize) {
  if (size.what !== 'money') return { buyers: [], kept: {} };
  const costOf = (i: number) => (isSold(i, size) ? PRICE * quantityOf(i, size) : 0);
  const all = numbersBelow(size.length);
  return {
    buyers: all.map((i) => ({ id: buyerOf(i), session: '', credit: CREDIT })),
    kept: {
      accounts: all.map((i) => ({ buyer: buyerOf(i), credit: CREDIT - costOf(i) })),
      payments: all
        .filter((i) => isSold(i, size))
        .map((i) => ({
          ...{ id: `p${i}`, order: String(i), intent: keyOf(i) },
          ...{ amount: costOf(i), status: 'charged' as const },
        })),
    },
  };
}

const numbersBelow = (length: number) => Array.from({ length }, (_, i) => i);

export interface Sides {
  readonly fixture: Fixture;
  readonly intents: IntentsFile;
  readonly state: State;
}

/** What a sale is judged against. */
export function sidesOf(size: SaleSize): Sides {
  return size.what === 'everything' ? sidesOfEverything(size) : sidesOfPurchases(size);
}

function sidesOfEverything(size: SaleSize): Sides {
  const sale = new Everything(size);
  for (let i = 0; i < size.length; i++) sale.operation(i);
  return sale.sides();
}

function sidesOfPurchases(size: SaleSize): Sides {
  const sold = soldByPool(size);
  const { buyers, kept } = moneyOf(size);
  const schemaVersion = SCHEMA_VERSION;
  const pools = POOLS.map((id) => {
    const capacity = sold.get(id)!;
    const price = size.what === 'money' ? { price: PRICE } : {};
    return { id, name: id, capacity, remaining: capacity, ...price };
  });
  const intents = Array.from({ length: size.isPlanned ? size.length : 0 }, (_, i) => ({
    key: keyOf(i),
    pool: i % POOLS.length,
    quantity: quantityOf(i, size),
    offsetMs: offsetMsOf(i, size),
  }));
  return {
    fixture: {
      schemaVersion,
      access: 'sql',
      event: 'bench',
      pools,
      buyers,
      baselineOrders: [],
    },
    intents: { schemaVersion, runId, intents },
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
      orders: rowsOf(size),
      ...kept,
    },
  };
}
