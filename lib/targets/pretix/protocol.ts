import type { Action, Asked, Exchange, Protocol, Reading, Reply } from '../protocol.ts';
import {
  failedRead,
  idIn,
  keyOf,
  parsedJson,
  present,
  readSilence,
  timeIn,
  wholeIn,
} from '../reading.ts';

/** An order of 500 positions takes some 500,000 characters. */
const ORDER_LENGTH_MAX = 1_000_000;

/** Stands in every quota's name, so that a refusal can be told from bad input in any language. */
export const QUOTA_MARKER = 'ONSALE-';

/** 4xx by which nothing was written: not understood, not allowed. 400 is looked at more closely. */
const CLIENT_ERRORS: readonly number[] = [401, 403, 404, 405, 413, 415];

/** So the idempotency query says that there is no reply yet: never seen, in flight. */
const PENDING: readonly number[] = [404, 409];

/** What provisioning leaves for saying a request; see `provision`. */
const inEvent = ({ data }: Asked, path: string) =>
  `/api/v1/organizers/${data.organizer}/events/${data.event}/${path}`;

function headersOf({ secret }: Asked): Record<string, string> {
  return {
    Authorization: `Token ${secret}`,
    Accept: 'application/json',
    // The texts of refusals are translated; ours are compared in one language.
    'Accept-Language': 'en',
  };
}

function get(asked: Asked, path: string): Exchange {
  return { method: 'GET', path, headers: headersOf(asked), body: null };
}

function post(asked: Asked, path: string, content: object, key?: string): Exchange {
  return {
    method: 'POST',
    path,
    headers: {
      ...headersOf(asked),
      'Content-Type': 'application/json',
      ...(key === undefined ? {} : { 'X-Idempotency-Key': key }),
    },
    body: JSON.stringify(content),
  };
}

/** One position is one ticket, and names its intent where the shop keeps names. */
function positionOf({ pool, intent, data }: Asked): object {
  return {
    item: Number(pool.id),
    attendee_name_parts: { full_name: intent.key },
    ...(data.question !== undefined && {
      answers: [{ question: Number(data.question), answer: '23', options: [] }],
    }),
  };
}

/** Its address is the order's way back to its intent; `.invalid` never gets mail. */
export const emailOf = (key: string): string => `${key}@load.invalid`;

/** Paid at once by the one provider that asks for nothing. */
const PAID = { status: 'p', payment_provider: 'manual' };

function orderOf(asked: Asked, more: object): object {
  const { intent } = asked;
  return {
    email: emailOf(intent.key),
    locale: 'en',
    sales_channel: 'web',
    positions: Array.from({ length: intent.quantity }, () => positionOf(asked)),
    ...more,
  };
}

type Content = Readonly<Record<string, unknown>> | null;

const objectIn = (value: unknown): Content =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;

/** The complaints about positions, by what they are about; a cart has one position and lists its complaints plainly. */
function complaints(content: unknown, about: 'item' | 'seat'): string {
  const plain = Array.isArray(content) ? content : [];
  const positions = objectIn(content)?.positions;
  const told = (Array.isArray(positions) ? positions : [content]).map(
    (each) => objectIn(each)?.[about],
  );
  return JSON.stringify([about === 'item' ? plain : [], told.filter((each) => each !== undefined)]);
}

/** A 400 that complains of an item and names our quota, or of a seat: nothing is left of what was asked for. */
function exhausted(content: unknown): string | null {
  if (complaints(content, 'item').includes(QUOTA_MARKER)) return 'sold-out';
  return complaints(content, 'seat') === '[[],[]]' ? null : 'seat-taken';
}

/** What every request that writes has in common when it does not succeed. */
function readFailure({ status, body }: Reply): Reading {
  const content = parsedJson(body, ORDER_LENGTH_MAX);
  const complaint = objectIn(content)?.detail;
  const detail = typeof complaint === 'string' ? complaint : '';
  const told = detail === '' ? body : detail;
  if (status === 400) {
    const reason = exhausted(content);
    return reason === null
      ? { outcome: 'fail', reason: 'client-error', told }
      : { outcome: 'refused', reason, told };
  }
  // The first request with this key is still being worked on.
  if (status === 409 && /idempotency/i.test(detail))
    return { outcome: 'info', reason: 'in-flight', told };
  // Waited too long for a lock, or too many requests: certainly not sold. Who says 409 in other words is not pretix.
  if ((status === 409 && detail !== '') || status === 429)
    return { outcome: 'fail', reason: 'busy', told };
  if (CLIENT_ERRORS.includes(status)) return { outcome: 'fail', reason: 'client-error', told };
  return { outcome: 'info', reason: `http-${status}`, told };
}

/** `23.00` in cents; undefined for anything else. */
function centsIn(price: unknown): number | undefined {
  return typeof price === 'string' && /^\d{1,9}\.\d{2}$/.test(price)
    ? Number(price.replace('.', ''))
    : undefined;
}

function readOrder(reply: Reply): Reading {
  if (reply.silence !== null) return readSilence(reply.silence);
  if (reply.status !== 201) return readFailure(reply);
  const content = objectIn(parsedJson(reply.body, ORDER_LENGTH_MAX));
  const order = idIn(content?.code);
  // A preview is no sale, and 201 without a code is no reply of pretix.
  if (order === undefined || order === 'PREVIEW')
    return { outcome: 'info', reason: 'unreadable-reply', told: reply.body };
  const amount = content?.status === 'p' ? centsIn(content.total) : undefined;
  return { outcome: 'ok', reason: '', told: '', order, ...present({ amount }) };
}

/**
 * What became of a purchase that nobody answered: pretix keeps the reply under its key. *Never seen* and *in flight* may
 * still become something else, for the request may wait in front of a busy worker. Of all others only those are believed
 * that a purchase is answered with once it has been looked at; a proxy may have said the rest.
 */
function readResolved(reply: Reply): Reading {
  const isAnswer = reply.status === 201 || reply.status === 400;
  if (isAnswer && objectIn(parsedJson(reply.body, ORDER_LENGTH_MAX)) !== null)
    return readOrder(reply);
  const reason = reply.silence ?? (PENDING.includes(reply.status) ? 'unseen' : 'unresolved');
  return { outcome: 'info', reason, told: reply.body };
}

/** A cart is named by its id and its position's: the one buys, the other gives back. */
const cartOf = (order: string | null) => {
  const [cart = '', position = ''] = (order ?? '').split('#');
  return { cart, position };
};

function readHold(reply: Reply): Reading {
  if (reply.silence !== null) return readSilence(reply.silence);
  if (reply.status !== 201) return readFailure(reply);
  const content = objectIn(parsedJson(reply.body));
  const [cart, position] = [idIn(content?.cart_id), idIn(content?.id)];
  if (cart === undefined || position === undefined)
    return { outcome: 'info', reason: 'unreadable-reply', told: reply.body };
  const expiresAt = timeIn(content?.expires);
  return {
    outcome: 'ok',
    reason: '',
    told: '',
    order: `${cart}#${position}`,
    ...present({ expiresAt }),
  };
}

/** The same for everything that changes an order or cart and tells nothing new of it. */
function readChange(reply: Reply): Reading {
  if (reply.silence !== null) return readSilence(reply.silence);
  if (reply.status === 200 || reply.status === 204) return { outcome: 'ok', reason: '', told: '' };
  return readFailure(reply);
}

function readAvailability(reply: Reply): Reading {
  const content = reply.status === 200 ? objectIn(parsedJson(reply.body)) : null;
  const value = wholeIn(content?.available_number);
  return value === undefined ? failedRead(reply) : { outcome: 'ok', reason: '', told: '', value };
}

const STATES = new Map([
  ['n', 'held'],
  ['p', 'paid'],
  ['e', 'expired'],
  ['c', 'cancelled'],
] as const);

function readStatus(reply: Reply): Reading {
  const content = reply.status === 200 ? objectIn(parsedJson(reply.body, ORDER_LENGTH_MAX)) : null;
  // A cart has no status; it holds as long as it is there and not over.
  const until = content?.cart_id === undefined ? undefined : timeIn(content.expires);
  const ofCart = until === undefined ? undefined : until > Date.now() ? 'held' : 'expired';
  const state = ofCart ?? STATES.get(content?.status as 'n' | 'p' | 'e' | 'c');
  return state === undefined ? failedRead(reply) : { outcome: 'ok', reason: '', told: '', state };
}

/** Remembers which order was asked about. */
const about =
  (read: (reply: Reply) => Reading): Action['read'] =>
  (reply, { order }) => ({ ...read(reply), ...present({ order: idIn(order) }) });

const cancel: Action = {
  say: (asked) => {
    const { position } = cartOf(asked.order);
    return position === ''
      ? post(asked, inEvent(asked, `orders/${asked.order}/mark_canceled/`), { send_email: false })
      : {
          method: 'DELETE',
          path: inEvent(asked, `cartpositions/${position}/`),
          headers: headersOf(asked),
          body: null,
        };
  },
  // It gives tickets back and no money: a refund is a step of its own in pretix.
  read: (reply, asked) => {
    const reading = about(readChange)(reply, asked);
    return reading.outcome === 'ok' && asked.data.status === 'p'
      ? { ...reading, amount: 0 }
      : reading;
  },
};

/** pretix' REST API. `force`, which oversells on purpose, is never sent. */
export const protocol: Protocol = {
  purchase: {
    say: (asked) => {
      const order = orderOf(asked, asked.data.status === 'p' ? PAID : {});
      return post(asked, inEvent(asked, 'orders/'), order, keyOf(asked));
    },
    read: readOrder,
  },
  resolve: {
    say: (asked) => get(asked, `/api/v1/idempotency_query?key=${encodeURIComponent(keyOf(asked))}`),
    read: readResolved,
  },
  hold: {
    say: (asked) => {
      if (asked.intent.quantity !== 1) throw new Error('a cart position is one ticket');
      const expires = new Date(Date.now() + Number(asked.data.holdMs)).toISOString();
      const more = { variation: null, price: asked.data.price, expires };
      return post(asked, inEvent(asked, 'cartpositions/'), {
        ...positionOf(asked),
        answers: [],
        ...more,
      });
    },
    read: readHold,
  },
  // A cart is paid by an order that is paid at once; an order that waits is marked as paid.
  pay: {
    say: (asked) => {
      const { cart, position } = cartOf(asked.order);
      if (position === '')
        return post(asked, inEvent(asked, `orders/${asked.order}/mark_paid/`), {});
      const order = orderOf(asked, { ...PAID, consume_carts: [cart] });
      return post(asked, inEvent(asked, 'orders/'), order, keyOf(asked, 'pay'));
    },
    read: (reply, asked) =>
      reply.status === 200 ? about(readChange)(reply, asked) : readOrder(reply),
  },
  cancel,
  availability: {
    say: (asked) =>
      get(asked, inEvent(asked, `quotas/${asked.data[`quota ${asked.pool.id}`]}/availability/`)),
    read: readAvailability,
  },
  status: {
    say: (asked) => {
      const { position } = cartOf(asked.order);
      const path = position === '' ? `orders/${asked.order}/` : `cartpositions/${position}/`;
      return get(asked, inEvent(asked, path));
    },
    // A cart that was given back or tidied up is gone, and nobody can say which.
    read: (reply, asked) =>
      reply.status === 404 && cartOf(asked.order).position !== ''
        ? { outcome: 'ok', reason: '', told: '' }
        : about(readStatus)(reply, asked),
  },
  view: {
    say: ({ data }) => ({
      method: 'GET',
      path: `/${data.organizer}/${data.event}/`,
      headers: { Accept: 'text/html' },
      body: null,
    }),
    read: (reply) =>
      reply.status === 200 || reply.status === 302
        ? { outcome: 'ok', reason: '', told: '' }
        : { ...failedRead(reply), told: '' },
  },
};
