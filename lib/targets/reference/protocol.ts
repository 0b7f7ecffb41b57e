import type { Action, Asked, Exchange, Protocol, Reading, Reply } from '../protocol.ts';
import {
  failedRead,
  idIn,
  keyOf,
  parsedObject,
  present,
  readSilence,
  timeIn,
  wholeIn,
} from '../reading.ts';

/** Codes by which the box office turns a request down for a business reason, and what each is called here. */
const REFUSALS: Readonly<Record<string, string>> = {
  sold_out: 'sold-out',
  seat_taken: 'seat-taken',
  limit_reached: 'limit-reached',
  not_open: 'not-open',
  closed: 'closed',
  insufficient_funds: 'no-credit',
  expired: 'expired',
  already_paid: 'already-paid',
  cancelled: 'cancelled',
  already_cancelled: 'already-cancelled',
};

/** An order of 1,000 seats names them all. */
const ORDER_LENGTH_MAX = 250_000;

/** 4xx by which nothing was done: the request was not understood. */
const CLIENT_ERRORS: readonly number[] = [400, 401, 403, 404, 405, 415, 422];

function write(path: string, key: string, content: object): Exchange {
  return {
    method: 'POST',
    path,
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json',
      'Idempotency-Key': key,
    },
    body: JSON.stringify(content),
  };
}

function get(path: string): Exchange {
  return { method: 'GET', path, headers: { Accept: 'application/json' }, body: null };
}

/** What the reply to a step that worked has to say. */
interface Success {
  readonly status: 200 | 201;
  readonly state: 'held' | 'paid' | 'cancelled';
}

/** The same for everything that changes the office. */
function readWrite(reply: Reply, success: Success): Reading {
  if (reply.silence !== null) return readSilence(reply.silence);
  const { status, body } = reply;
  const content = parsedObject(body, ORDER_LENGTH_MAX);
  if (status === success.status) return readSuccess(content, success, body);
  const code = typeof content?.code === 'string' ? content.code : '';
  const told = code === '' ? body : code;
  const refusal = Object.hasOwn(REFUSALS, code) ? REFUSALS[code]! : null;
  if (status === 409 && refusal !== null) return { outcome: 'refused', reason: refusal, told };
  // Another request with this key is being worked on: what becomes of it is not known yet.
  if (status === 409)
    return { outcome: 'info', reason: code === 'in_flight' ? 'in-flight' : 'http-409', told };
  if (status === 503 && code === 'overloaded') return { outcome: 'fail', reason: 'busy', told };
  if (CLIENT_ERRORS.includes(status)) return { outcome: 'fail', reason: 'client-error', told };
  return { outcome: 'info', reason: `http-${status}`, told };
}

/** Success that names no order, or another step, may be anybody's: nobody can be sure of it. */
function readSuccess(
  content: Readonly<Record<string, unknown>> | null,
  { state }: Success,
  body: string,
): Reading {
  if (content === null || content.status !== state || idIn(content.order) === undefined)
    return { outcome: 'info', reason: 'unreadable-reply', told: body };
  const { order, seats, status, totalCents, chargedCents, refundedCents } = content;
  const [seat] = Array.isArray(seats) ? seats : [];
  const moved = status === 'paid' ? (chargedCents ?? totalCents) : refundedCents;
  return {
    ...{ outcome: 'ok', reason: '', told: '' },
    ...present({
      order: idIn(order),
      seat: idIn(seat),
      expiresAt: timeIn(content.expiresAt),
      amount: wholeIn(moved),
    }),
  };
}

const wanted = ({ buyer, pool, intent, seat }: Asked) => ({
  buyer: buyer.id,
  pool: pool.id,
  quantity: intent.quantity,
  ...(seat === null ? {} : { seat }),
  metadata: { intent: intent.key },
});

/** Both are of an order that an earlier reply named. */
function ofOrder(step: 'payment' | 'cancel', content: (asked: Asked) => object): Action {
  const success = { status: 200, state: step === 'payment' ? 'paid' : 'cancelled' } as const;
  return {
    say: (asked) => write(`/orders/${asked.order}/${step}`, keyOf(asked, step), content(asked)),
    read: (reply, { order }) => ({
      ...readWrite(reply, success),
      ...present({ order: idIn(order) }),
    }),
  };
}

const STATES = ['held', 'paid', 'cancelled', 'expired'] as const;

/** Unknown orders are an answer, too: there is none. */
function readStatus(reply: Reply, { order }: Asked): Reading {
  const content = parsedObject(reply.body, ORDER_LENGTH_MAX);
  const common = present({ order: idIn(order) });
  if (reply.status === 404 && content?.code === 'unknown_order')
    return { outcome: 'ok', reason: '', told: '', state: 'none', ...common };
  const state = STATES.find((each) => each === content?.status);
  if (reply.status !== 200 || state === undefined) return { ...failedRead(reply), ...common };
  const expiresAt = timeIn(content?.expiresAt);
  return { outcome: 'ok', reason: '', told: '', state, ...common, ...present({ expiresAt }) };
}

function readAvailability(reply: Reply): Reading {
  const value = reply.status === 200 ? wholeIn(parsedObject(reply.body)?.remaining) : undefined;
  return value === undefined ? failedRead(reply) : { outcome: 'ok', reason: '', told: '', value };
}

/** The box office of the reference service: everything has a key, so nothing is done twice. */
export const protocol: Protocol = {
  purchase: {
    say: (asked) => write('/purchases', keyOf(asked), wanted(asked)),
    read: (reply) => readWrite(reply, { status: 201, state: 'paid' }),
  },
  hold: {
    say: (asked) => write('/holds', keyOf(asked, 'hold'), wanted(asked)),
    // A hold costs nothing yet.
    read: (reply) => {
      const { amount: _, ...reading } = readWrite(reply, { status: 201, state: 'held' });
      return reading;
    },
  },
  pay: ofOrder('payment', ({ pool, intent }) => ({
    amountCents: (pool.price ?? 0) * intent.quantity,
  })),
  cancel: ofOrder('cancel', () => ({})),
  availability: { say: ({ pool }) => get(`/pools/${pool.id}`), read: readAvailability },
  status: { say: ({ order }) => get(`/orders/${order}`), read: readStatus },
  // The copy lags behind and says so: a page that claims nothing.
  view: {
    say: ({ pool }) => get(`/pools/${pool.id}?copy=replica`),
    read: (reply) => {
      const { value, ...reading } = readAvailability(reply);
      return value === undefined ? reading : { ...reading, told: '' };
    },
  },
};
