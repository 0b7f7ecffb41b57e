import type { Fixture } from '../../lib/model/fixture.ts';
import type { Operation, OperationKind, OrderState } from '../../lib/model/operation.ts';
import type { Intent, IntentsFile } from '../../lib/model/plan.ts';
import { SCHEMA_VERSION } from '../../lib/model/schema-version.ts';
import type { OrderRow, PaymentRow, State } from '../../lib/model/state.ts';
import type { SaleSize } from './size.ts';
import * as bench from './size.ts';

/**
 * A correct sale in which every claim has something to decide. Visitors come in four steps, one every 200 ms, on behalf of
 * one intent each; every operation takes effect as it starts. Two intents share a buyer, who may have two tickets. Pool 7
 * has seats, each wanted by two visitors at a time; who comes to pool 9 wants one ticket or two.
 */
const STEPS = 4;
const LIMIT = 2;
/** Who pays in the step after the hold is in time, who pays in the one after that is late. */
const HOLD_MS = 360;
const GRACE_MS = 20;
const SEATED = 0;

type Steps = readonly [OperationKind, OperationKind, OperationKind, OperationKind];
const stories = {
  pays: ['availability', 'hold', 'pay', 'status'],
  buys: ['availability', 'purchase', 'status', 'availability'],
  returns: ['availability', 'purchase', 'cancel', 'status'],
  givesUp: ['availability', 'hold', 'cancel', 'availability'],
  never: ['availability', 'hold', 'status', 'status'],
  late: ['availability', 'hold', 'availability', 'pay'],
  /** Gets no reply at first. */
  retries: ['availability', 'purchase', 'purchase', 'status'],
  /** Gets none at all. */
  loses: ['availability', 'purchase', 'status', 'status'],
  looks: ['view', 'availability', 'view', 'availability'],
} as const satisfies Record<string, Steps>;
type Story = keyof typeof stories;
const SHARES: readonly Story[] = [
  ...(['pays', 'buys', 'pays', 'looks', 'buys', 'pays', 'late', 'pays', 'buys'] as const),
  ...(['pays', 'never', 'buys', 'pays', 'returns', 'pays', 'buys', 'givesUp'] as const),
  ...(['retries', 'pays', 'buys', 'looks', 'loses', 'buys', 'pays', 'buys'] as const),
];

type Reply = Partial<Operation> & Pick<Operation, 'outcome' | 'status' | 'reason' | 'reply'>;
const OK = { outcome: 'ok', status: 200, reason: '', reply: '' } as const;
const refusal = (reason: string) =>
  ({ outcome: 'refused', status: 409, reason, reply: `refused: ${reason}` }) as const;
const SILENCE = { outcome: 'info', status: 0, reason: 'timeout', reply: '' } as const;

interface Order extends OrderRow {
  readonly buyerNumber: number;
  state: OrderState;
  status: 'live' | 'cancelled';
}

/** Operations by number, which have to be asked for in their order, and in the end what is left of it all. */
export class Everything {
  readonly #size: SaleSize;
  readonly #capacity: number;
  readonly #left: number[];
  readonly #isTaken: Uint8Array;
  readonly #tickets: Uint8Array;
  readonly #orders = new Map<number, Order>();
  readonly #payments: PaymentRow[] = [];

  constructor(size: SaleSize) {
    this.#size = size;
    this.#capacity = Math.floor(size.sold / 16);
    this.#left = bench.POOLS.map(() => this.#capacity);
    this.#isTaken = new Uint8Array(this.#capacity);
    this.#tickets = new Uint8Array(size.length);
  }

  /** Which intent operation i is for, and which of its steps it is. */
  #visitOf(i: number) {
    const sessions = bench.sessionsOf(this.#size);
    const round = Math.floor(i / sessions);
    const visit = Math.floor(round / STEPS) * sessions + (i % sessions);
    return { visit, step: round % STEPS, session: 1 + (i % sessions) };
  }

  operation(i: number): Operation {
    this.#expire(i - bench.startedIn(HOLD_MS, this.#size));
    const { visit, step, session } = this.#visitOf(i);
    const { pool, quantity } = wishOf(visit, this.#capacity);
    const kind = this.#kindOf(visit, step);
    const start = bench.T0 + bench.offsetMsOf(i, this.#size);
    const isAcquire = kind === 'purchase' || kind === 'hold';
    return {
      session,
      intent: bench.keyOf(visit),
      pool: bench.POOLS[pool]!,
      quantity: isAcquire ? quantity : 1,
      start,
      end: start + bench.lastsMs(i),
      kind,
      ...this.#replyTo(kind, { i, visit, step, start }),
    };
  }

  /** Who was refused neither pays nor gives back, but looks again. */
  #kindOf(visit: number, step: number): OperationKind {
    const kind = stories[storyOf(visit)][step]!;
    const isAct = kind === 'pay' || kind === 'cancel';
    return isAct && !this.#orders.has(visit) ? 'availability' : kind;
  }

  #replyTo(
    kind: OperationKind,
    at: {
      readonly i: number;
      readonly visit: number;
      readonly step: number;
      readonly start: number;
    },
  ): Reply {
    const { pool } = wishOf(at.visit, this.#capacity);
    if (kind === 'view') return OK;
    if (kind === 'availability') return { ...OK, value: this.#left[pool]! };
    const order = this.#orders.get(at.visit);
    const named = order === undefined ? {} : { order: order.id };
    if (kind === 'status') return { ...OK, ...named, state: order?.state ?? 'none' };
    if (kind === 'pay') return { ...this.#pay(order!), ...named };
    if (kind === 'cancel') return { ...OK, ...this.#cancel(order!), ...named };
    const reply = order === undefined ? this.#acquire(kind, at) : told(order);
    const story = storyOf(at.visit);
    return (story === 'retries' && at.step === 1) || story === 'loses' ? SILENCE : reply;
  }

  #acquire(
    kind: OperationKind,
    { i, visit, start }: { readonly i: number; readonly visit: number; readonly start: number },
  ): Reply {
    const { pool, quantity, seat } = wishOf(visit, this.#capacity);
    const buyerNumber = buyerNumberOf(visit);
    const { opensAt, closesAt } = windowOf(this.#size);
    if (start < opensAt || start > closesAt) return refusal('closed');
    if (seat !== undefined && this.#isTaken[seat] === 1) return refusal('seat-taken');
    if (this.#left[pool]! < quantity) return refusal('sold-out');
    if (this.#tickets[buyerNumber]! + quantity > LIMIT) return refusal('limit');
    const isHold = kind === 'hold';
    const order: Order = {
      id: String(i),
      pool: bench.POOLS[pool]!,
      quantity,
      status: 'live',
      intent: bench.keyOf(visit),
      buyer: bench.buyerOf(buyerNumber),
      state: isHold ? 'held' : 'paid',
      ...(seat === undefined ? {} : { seat: nameOf(seat) }),
      ...(isHold ? { expiresAt: start + HOLD_MS } : {}),
      createdAt: start,
      buyerNumber,
    };
    this.#orders.set(visit, order);
    this.#move(order, 1);
    if (!isHold) this.#charge(order, 'charged');
    return told(order);
  }

  #pay(order: Order): Reply {
    if (order.state !== 'held') return refusal('expired');
    order.state = 'paid';
    this.#charge(order, 'charged');
    return { ...OK, amount: costOf(order) };
  }

  #cancel(order: Order): Partial<Operation> {
    const wasPaid = order.state === 'paid';
    this.#release(order, 'cancelled');
    if (!wasPaid) return {};
    this.#charge(order, 'refunded');
    return { amount: costOf(order) };
  }

  /** Ends the hold of operation i, if it is one and nobody has paid for it. */
  #expire(i: number): void {
    if (i < 0) return;
    const order = this.#orders.get(this.#visitOf(i).visit);
    if (order?.id === String(i) && order.state === 'held') this.#release(order, 'expired');
  }

  #release(order: Order, state: OrderState): void {
    order.state = state;
    order.status = 'cancelled';
    this.#move(order, -1);
  }

  #move({ pool, quantity, seat, buyerNumber }: Order, sign: 1 | -1): void {
    this.#left[bench.POOLS.indexOf(pool)]! -= sign * quantity;
    this.#tickets[buyerNumber]! += sign * quantity;
    if (seat !== undefined) this.#isTaken[Number(seat.slice(1))] = sign === 1 ? 1 : 0;
  }

  #charge(order: Order, status: PaymentRow['status']): void {
    const id = `p${this.#payments.length}`;
    const { id: paid, intent } = order;
    this.#payments.push({ id, order: paid, intent, amount: costOf(order), status });
  }

  /** After the last operation, and after all holds are over. */
  sides(): { fixture: Fixture; intents: IntentsFile; state: State } {
    const { length } = this.#size;
    for (let i = length; i < length + bench.startedIn(HOLD_MS, this.#size); i++) {
      this.#expire(i - bench.startedIn(HOLD_MS, this.#size));
    }
    const { visit: last } = this.#visitOf(length - 1);
    const visits = Array.from({ length: last + 1 }, (_, visit) => visit);
    const schemaVersion = SCHEMA_VERSION;
    return {
      fixture: {
        ...{ schemaVersion, access: 'sql', event: 'bench', exclusive: true, baselineOrders: [] },
        pools: bench.POOLS.map((id, pool) => ({
          ...{ id, name: id, capacity: this.#capacity, remaining: this.#capacity },
          price: bench.PRICE,
          ...(pool === SEATED
            ? { seats: Array.from({ length: this.#capacity }, (_, seat) => nameOf(seat)) }
            : {}),
        })),
        buyers: visits.map((visit) => ({
          id: bench.buyerOf(buyerNumberOf(visit)),
          credit: bench.CREDIT,
        })),
        rules: {
          ...{ buyerLimit: LIMIT, holdMs: HOLD_MS, expiryGraceMs: GRACE_MS, clockSkewMs: 0 },
          ...{ latePayment: 'reject', idempotency: 'replay', atomic: true },
          ...windowOf(this.#size),
        },
      },
      intents: {
        ...{ schemaVersion, runId: bench.runId },
        intents: visits.map((visit) => this.#intentOf(visit)),
      },
      state: {
        ...{ schemaVersion, access: 'sql', settled: true, complete: true, exhaustive: true },
        ...{ keepsCancelled: true, caveats: [], readings: 2 },
        readAt: bench.T0 + bench.offsetMsOf(length, this.#size) + 3_600_000,
        pools: bench.POOLS.map((id, pool) => {
          const remaining = this.#left[pool]!;
          return { id, remaining, counters: [{ name: 'cache', remaining }] };
        }),
        orders: Array.from(this.#orders.values(), ({ buyerNumber: _, ...row }) => row),
        accounts: this.#accounts(buyerNumberOf(last)),
        payments: this.#payments,
      },
    };
  }

  #intentOf(visit: number): Intent {
    const { pool, quantity, seat } = wishOf(visit, this.#capacity);
    const sessions = bench.sessionsOf(this.#size);
    const first = Math.floor(visit / sessions) * STEPS * sessions + (visit % sessions);
    return {
      ...{ key: bench.keyOf(visit), pool, quantity },
      ...{ offsetMs: bench.offsetMsOf(first, this.#size), buyer: buyerNumberOf(visit) },
      ...(seat === undefined ? {} : { seat }),
      story: storyOf(visit),
    };
  }

  #accounts(last: number) {
    const credit = new Float64Array(last + 1).fill(bench.CREDIT);
    for (const order of this.#orders.values()) {
      if (order.state === 'paid') credit[order.buyerNumber]! -= costOf(order);
    }
    return Array.from(credit, (each, buyer) => ({ buyer: bench.buyerOf(buyer), credit: each }));
  }
}

const storyOf = (visit: number): Story => SHARES[visit % SHARES.length]!;
const buyerNumberOf = (visit: number) => visit >> 1;
const nameOf = (seat: number) => `s${seat}`;
const costOf = ({ quantity }: Order) => bench.PRICE * quantity;

function told({ id, seat, expiresAt, quantity }: Order): Reply {
  return {
    ...OK,
    order: id,
    ...(seat === undefined ? {} : { seat }),
    ...(expiresAt === undefined ? { amount: bench.PRICE * quantity } : { expiresAt }),
  };
}

function wishOf(visit: number, seats: number) {
  const pool = visit % bench.POOLS.length;
  const turn = Math.floor(visit / bench.POOLS.length);
  if (pool === SEATED) return { pool, quantity: 1, seat: (turn >> 1) % seats };
  return { pool, quantity: pool === 1 ? 1 : 1 + (turn % 2) };
}

/** The first and the last hundredth of the visitors come too early and too late. */
function windowOf(size: SaleSize) {
  const { length } = size;
  return {
    opensAt: bench.T0 + bench.offsetMsOf(Math.floor(length / 100), size),
    closesAt: bench.T0 + bench.offsetMsOf(Math.floor(length - length / 100), size),
  };
}
