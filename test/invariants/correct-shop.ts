import fc from 'fast-check';
import { historyOf } from '../../lib/history/columns.ts';
import type { Evidence } from '../../lib/invariants/invariant.ts';
import type { Operation, OperationKind, OrderState } from '../../lib/model/operation.ts';
import type { OrderRow, PaymentRow, State } from '../../lib/model/state.ts';
import { keyOf, operation, RUN_ID } from './notation.ts';

/*
 * A correct shop played out on paper: every request takes effect at one moment between its beginning and its end, one
 * after the other, and its reply says what happened. Whatever is recorded of it, no claim may be violated.
 */
export interface Visit {
  readonly intent: number;
  readonly arrival: number;
  readonly story: 'buy' | 'pay' | 'leave' | 'return' | 'refund';
  readonly seat: number;
  /** For each request in turn: until it takes effect, and from then to its reply. */
  readonly latencies: readonly (readonly [number, number])[];
  readonly thinkMs: number;
  /** The number of the request whose reply is lost, if it is sent. */
  readonly lost: number;
}

export const CAPACITY = 3;
const PRICE = 10;
const CREDIT = 100;
const HOLD_MS = 60;
const OPENS_AT = 10;
const READ_AT = 100_000;

const stories: Readonly<Record<Visit['story'], readonly OperationKind[]>> = {
  buy: ['availability', 'purchase', 'availability', 'status'],
  pay: ['hold', 'status', 'pay', 'status'],
  leave: ['hold', 'availability', 'status'],
  return: ['hold', 'cancel', 'status'],
  refund: ['purchase', 'status', 'cancel', 'status'],
};

/** Up to nine visits; visits 2k and 2k + 1 are of one buyer, who may have one ticket. */
export const visits: fc.Arbitrary<readonly Visit[]> = fc
  .array(
    fc.record({
      arrival: fc.integer({ min: 0, max: 60 }),
      story: fc.constantFrom(...(['buy', 'buy', 'pay', 'leave', 'return', 'refund'] as const)),
      seat: fc.integer({ min: 0, max: CAPACITY - 1 }),
      latencies: fc.array(
        fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 })),
        { minLength: 4, maxLength: 4 },
      ),
      thinkMs: fc.integer({ min: 0, max: 90 }),
      lost: fc.integer({ min: 0, max: 9 }),
    }),
    { maxLength: 9 },
  )
  .map((all) => all.map((each, intent) => ({ ...each, intent })));

interface Order {
  readonly row: { -readonly [K in keyof OrderRow]: OrderRow[K] };
  expiresAt: number;
}

class Shop {
  readonly orders = new Map<string, Order>();
  readonly payments: PaymentRow[] = [];
  readonly #seats = new Map<number, Order>();

  left(): number {
    return CAPACITY - this.#seats.size;
  }

  creditOf(buyer: string): number {
    return [...this.orders.values()]
      .filter(({ row }) => row.buyer === buyer)
      .reduce((credit, { row }) => credit - row.amount!, CREDIT);
  }

  /** Holds whose time is over go, and their seats are free. */
  expire(now: number): void {
    for (const [seat, order] of this.#seats) {
      if (order.row.state !== 'held' || order.expiresAt > now) continue;
      this.#seats.delete(seat);
      Object.assign(order.row, { status: 'cancelled', state: 'expired' });
    }
  }

  take(visit: Visit, now: number, state: 'held' | 'paid'): Partial<Operation> {
    const buyer = buyerOf(visit);
    const isOwner = [...this.#seats.values()].some(({ row }) => row.buyer === buyer);
    if (now < OPENS_AT) return refused('not-open');
    if (this.#seats.size === CAPACITY) return refused('sold-out');
    if (isOwner) return refused('limit-reached');
    if (this.#seats.has(visit.seat)) return refused('seat-taken');
    const id = `o${this.orders.size + 1}`;
    const row = {
      ...{ id, pool: 'A', quantity: 1, status: 'live' as const, intent: keyOfVisit(visit), buyer },
      ...{ state, seat: seatOf(visit), amount: 0, createdAt: now },
    };
    const order = { row, expiresAt: now + HOLD_MS };
    this.orders.set(row.intent, order);
    this.#seats.set(visit.seat, order);
    if (state === 'held') return { order: id, seat: row.seat, expiresAt: order.expiresAt };
    return { order: id, seat: row.seat, amount: this.#charge(order) };
  }

  pay(visit: Visit): Partial<Operation> {
    const order = this.orders.get(keyOfVisit(visit))!;
    if (order.row.state === 'expired') return refused('expired');
    order.row.state = 'paid';
    return { order: order.row.id, amount: this.#charge(order) };
  }

  giveBack(visit: Visit): Partial<Operation> {
    const order = this.orders.get(keyOfVisit(visit))!;
    if (order.row.state === 'expired') return refused('expired');
    const amount = order.row.amount!;
    if (amount > 0) this.#book(order, 'refunded', amount);
    this.#seats.delete(visit.seat);
    Object.assign(order.row, { status: 'cancelled', state: 'cancelled', amount: 0 });
    return { order: order.row.id, amount };
  }

  #charge(order: Order): number {
    order.row.amount = PRICE;
    this.#book(order, 'charged', PRICE);
    return PRICE;
  }

  #book({ row }: Order, status: PaymentRow['status'], amount: number): void {
    const id = `p${this.payments.length + 1}`;
    this.payments.push({ id, order: row.id, intent: row.intent, status, amount });
  }
}

const refused = (reason: string) => ({ outcome: 'refused' as const, status: 409, reason });
const keyOfVisit = ({ intent }: Visit) => keyOf(`b${intent + 1}`);
const buyerOf = ({ intent }: Visit) => `u${intent >> 1}`;
const seatOf = ({ seat }: Visit) => `s${seat}`;

function replyOf(shop: Shop, kind: OperationKind, visit: Visit, now: number): Partial<Operation> {
  shop.expire(now);
  if (kind === 'availability') return { value: shop.left() };
  if (kind === 'purchase') return shop.take(visit, now, 'paid');
  if (kind === 'hold') return shop.take(visit, now, 'held');
  if (kind === 'pay') return shop.pay(visit);
  if (kind === 'cancel') return shop.giveBack(visit);
  const order = shop.orders.get(keyOfVisit(visit))!;
  return { order: order.row.id, state: order.row.state as OrderState };
}

interface Request {
  readonly visit: Visit;
  readonly step: number;
  readonly start: number;
  readonly at: number;
  readonly end: number;
}

function requestOf(visit: Visit, step: number, start: number): Request {
  const [before, after] = visit.latencies[step]!;
  return { visit, step, start, at: start + before, end: start + before + after };
}

/** Who is refused a ticket leaves, and so does who hears nothing; session n is the visit's. */
function play(all: readonly Visit[]): { shop: Shop; operations: Operation[] } {
  const shop = new Shop();
  const operations: Operation[] = [];
  const waiting = all.map((visit) => requestOf(visit, 0, visit.arrival));
  for (;;) {
    const next = waiting.reduce<Request | undefined>(
      (first, each) => (first === undefined || each.at < first.at ? each : first),
      undefined,
    );
    if (next === undefined) return { shop, operations };
    waiting.splice(waiting.indexOf(next), 1);
    const { visit, step, start, end } = next;
    const kind = stories[visit.story][step]!;
    const reply = replyOf(shop, kind, visit, next.at);
    const isLost = visit.lost === step;
    const told = isLost ? { status: 0, reason: 'timeout', outcome: 'info' as const } : reply;
    const common = { intent: keyOfVisit(visit), session: visit.intent + 1, pool: 'A', quantity: 1 };
    operations.push(operation({ ...common, kind, start, end, outcome: 'ok', ...told }));
    const goesOn = !isLost && reply.outcome !== 'refused' && step + 1 < stories[visit.story].length;
    if (goesOn) waiting.push(requestOf(visit, step + 1, end + 1 + visit.thinkMs));
  }
}

/** What was recorded and read back of it, whole and exact to a millisecond. */
export function recorded(all: readonly Visit[]): Evidence & { readonly state: State } {
  const { shop, operations } = play(all);
  shop.expire(READ_AT);
  const buyers = all.map((visit) => ({ id: buyerOf(visit), credit: CREDIT }));
  const seats = Array.from({ length: CAPACITY }, (_, seat) => `s${seat}`);
  const pool = { id: 'A', name: 'A', capacity: CAPACITY, remaining: CAPACITY, price: PRICE, seats };
  return {
    history: historyOf(operations),
    historyComplete: true,
    fixture: {
      ...{ schemaVersion: 1, access: 'sql', event: 'e', pools: [pool], buyers, baselineOrders: [] },
      rules: {
        ...{ buyerLimit: 1, opensAt: OPENS_AT, clockSkewMs: 0, holdMs: HOLD_MS, expiryGraceMs: 0 },
        ...{
          latePayment: 'reject' as const,
          idempotency: 'replay' as const,
          atomic: true as const,
        },
      },
    },
    intents: {
      schemaVersion: 1,
      runId: RUN_ID,
      intents: all.map((visit) => {
        const { arrival: offsetMs, seat } = visit;
        return { key: keyOfVisit(visit), pool: 0, quantity: 1, offsetMs, seat };
      }),
    },
    state: {
      ...{ schemaVersion: 1, access: 'sql', settled: true, complete: true, exhaustive: true },
      ...{ keepsCancelled: true, mayLag: false, caveats: [], readings: 2, readAt: READ_AT },
      pools: [{ id: 'A', remaining: shop.left() }],
      orders: [...shop.orders.values()].map(({ row }) => row),
      accounts: [...new Set(buyers.map(({ id }) => id))].map((buyer) => ({
        buyer,
        credit: shop.creditOf(buyer),
      })),
      payments: shop.payments,
    },
    clockErrorMs: 1,
  };
}
