import type { Fixture } from '../../lib/model/fixture.ts';
import type { Operation } from '../../lib/model/operation.ts';
import type { IntentsFile } from '../../lib/model/plan.ts';
import { SCHEMA_VERSION } from '../../lib/model/schema-version.ts';
import type { OrderRow, State } from '../../lib/model/state.ts';

/**
 * A correct sale of `length` operations, `atOnce` at once, the purchases among the first `sold` of them sold and a few
 * without a reply, in the order the lines of a real history have: by end. Everything follows from this, so writer and
 * judge agree without a file.
 */
export interface SaleSize {
  /**
   * `purchases` of one or two tickets each; the same with `money`: prices, an account for each buyer, payments; or single
   * tickets, and every other operation `reads` what is left, each session by turns.
   */
  readonly what: 'purchases' | 'money' | 'reads';
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

/** In one piece, as it comes out of a file: V8 only notes what a template is made of, and the first who looks at it pays. */
export const keyOf = (i: number) => Buffer.from(`onsale-${RUN_ID}-${i}`).toString('latin1');
const poolOf = (i: number) => POOLS[i % POOLS.length]!;
const quantityOf = (i: number, { what }: SaleSize) => (what === 'reads' ? 1 : 1 + (i % 2));
const PRICE = 25;
const CREDIT = 1000;
const buyerOf = (i: number) => `buyer-${i}`;
const sessionsOf = ({ atOnce }: SaleSize) => (SESSION_MS * atOnce) / DURATION_MS;
const isRead = (i: number, size: SaleSize) =>
  size.what === 'reads' && (i + Math.floor(i / sessionsOf(size))) % 2 === 1;
const isSold = (i: number, size: SaleSize) => i < size.sold && !isRead(i, size);
const isSilent = (i: number) => i % 997 === 0;

const offsetMsOf = (i: number, { atOnce }: SaleSize) => Math.floor((i * DURATION_MS) / atOnce);

/** By number; each takes effect as it starts, so a read sees every sale with a smaller number. */
export function operationsOf(size: SaleSize): (i: number) => Operation {
  const left = leftAt(size);
  return (i) => {
    const start = T0 + offsetMsOf(i, size);
    const common = {
      session: 1 + (i % sessionsOf(size)),
      intent: keyOf(i),
      pool: poolOf(i),
      quantity: quantityOf(i, size),
      start,
      end: start + 50 + ((i * 7919) % 101),
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

export function sidesOf(size: SaleSize): { fixture: Fixture; intents: IntentsFile; state: State } {
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
      orders: rowsOf(size),
      ...kept,
    },
  };
}
