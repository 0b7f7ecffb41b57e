import type { Action, Asked, Exchange, Protocol, Reading, Reply } from '../protocol.ts';
import {
  failedRead,
  idIn,
  parsedJson,
  parsedObject,
  present,
  readSilence,
  timeIn,
  wholeIn,
} from '../reading.ts';

/** A listing of 5,000 tickets takes some 700,000 characters. */
const LISTING_LENGTH_MAX = 1_000_000;

/** No event, no ticket: in the form of an id, so that it is looked for and not found. */
const NO_ID = '000000000000000000000000';

/** 4xx by which nothing was done: not understood, or not allowed. 400 and 404 are looked at more closely. */
const CLIENT_ERRORS: readonly number[] = [401, 403, 405, 413, 415];

/**
 * Messages by which the services mean to say no. A 400 without one of them, and without a `field` that is to blame, is an
 * exception nobody expected: then anything may have happened.
 */
const REFUSALS: readonly (readonly [RegExp, string])[] = [
  [/not available at present/i, 'sold-out'],
  [/already reserved/i, 'sold-out'],
  [/cannot pay for (a |an )?cancell?ed order/i, 'cancelled'],
  [/already paid/i, 'already-paid'],
  // Of a ticket that is given back: the event begins in less than ten minutes.
  [/ticket is expired/i, 'closed'],
];

type Content = Readonly<Record<string, unknown>> | null;

const objectIn = (value: unknown): Content =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;

const isOfTickets = ({ data }: Pick<Asked, 'data'>) => data.dialect === 'tickets';

function exchange(method: Exchange['method'], path: string, asked: Asked, body?: object): Exchange {
  return {
    method,
    path,
    headers: {
      Accept: 'application/json',
      // By hand: the cookie is Secure, so no jar sends it over plain http.
      Cookie: asked.secret,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  };
}

const pathOf = (of: 'events' | 'orders', id: string | null) =>
  `/api/${of}/${encodeURIComponent(id ?? NO_ID)}`;

/** The ticket that is asked for where each is one unit: the wanted one, else one by the intent's number, in turn. */
export function ticketOf({ seat, pool, intent }: Pick<Asked, 'seat' | 'pool' | 'intent'>): string {
  const { seats = [] } = pool;
  const number = Number(/\d+$/.exec(intent.key)?.[0] ?? 0);
  return seat ?? seats[number % seats.length] ?? NO_ID;
}

/** What every request that changes something has in common when it does not succeed. */
function readFailure({ status, body }: Reply): Reading {
  const notes = parsedObject(body)?.errors;
  const errors = Array.isArray(notes) ? notes.map(objectIn) : [];
  const told = errors.map((error) => String(error?.message ?? '')).join('; ') || body;
  if (status === 400) {
    const [, reason] = REFUSALS.find(([words]) => errors.length > 0 && words.test(told)) ?? [];
    if (reason !== undefined) return { outcome: 'refused', reason, told };
    const isBlamed = errors.some((error) => typeof error?.field === 'string');
    if (isBlamed || /must be provided/i.test(errors.length > 0 ? told : ''))
      return { outcome: 'fail', reason: 'client-error', told };
    return { outcome: 'info', reason: 'http-400', told };
  }
  // Looked up before anything is done; news of an event or order may still be on its way to the service that was asked.
  if (status === 404) return { outcome: 'fail', reason: 'not-found', told };
  if (CLIENT_ERRORS.includes(status)) return { outcome: 'fail', reason: 'client-error', told };
  return { outcome: 'info', reason: `http-${status}`, told };
}

const order: Action['say'] = (asked) =>
  exchange(
    'POST',
    '/api/orders',
    asked,
    isOfTickets(asked) ? { ticketId: ticketOf(asked) } : { eventId: asked.pool.id },
  );

/** An order of a ticket names it; that another one is gone does not mean that its pool is sold out. */
function readOrder(reply: Reply, asked: Asked): Reading {
  if (reply.silence !== null) return readSilence(reply.silence);
  const seat = isOfTickets(asked) ? ticketOf(asked) : undefined;
  if (reply.status !== 201) {
    const failure = readFailure(reply);
    if (seat === undefined) return failure;
    const reason = failure.reason === 'sold-out' ? 'seat-taken' : failure.reason;
    return { ...failure, reason, seat };
  }
  const content = parsedObject(reply.body, LISTING_LENGTH_MAX);
  const id = idIn(content?.id);
  if (id === undefined) return { outcome: 'info', reason: 'unreadable-reply', told: reply.body };
  const given = seat === undefined ? undefined : (idIn(objectIn(content?.ticket)?.id) ?? seat);
  const expiresAt = timeIn(content?.expiresAt);
  return { outcome: 'ok', reason: '', told: '', order: id, ...present({ seat: given, expiresAt }) };
}

/** What changes an order that an earlier reply named; `statuses` are those of what worked. */
function ofOrder(
  say: Action['say'],
  statuses: readonly number[],
  details: (asked: Asked) => Partial<Reading> = () => ({}),
): Action {
  return {
    say,
    read: (reply, asked) => {
      const about = present({ order: idIn(asked.order) });
      if (reply.silence !== null) return { ...readSilence(reply.silence), ...about };
      if (!statuses.includes(reply.status)) return { ...readFailure(reply), ...about };
      // What the client's pages answer in place of a service says nothing about the order.
      if (reply.status !== 204 && parsedObject(reply.body, LISTING_LENGTH_MAX) === null)
        return { outcome: 'info', reason: 'unreadable-reply', told: reply.body, ...about };
      return { outcome: 'ok', reason: '', told: '', ...about, ...details(asked) };
    },
  };
}

const STATES = {
  created: 'held',
  'awaiting:payment': 'held',
  complete: 'paid',
  cancelled: 'cancelled',
} as const;

/** Where an order stands, by the services' own word for it; undefined for a word that is none of theirs. */
export function stateOf(status: unknown) {
  return typeof status === 'string' && Object.hasOwn(STATES, status)
    ? STATES[status as keyof typeof STATES]
    : undefined;
}

/** The orders service hears of a payment some time after it was made: until then its *created* is out of date. */
function readStatus(reply: Reply, { order: asked }: Asked): Reading {
  const about = present({ order: idIn(asked) });
  const content = parsedObject(reply.body, LISTING_LENGTH_MAX);
  // Said by the service itself, not by the ingress.
  if (reply.status === 404 && Array.isArray(content?.errors))
    return { outcome: 'ok', reason: '', told: '', state: 'none', ...about };
  const shown = objectIn(content?.order) ?? content;
  const state = stateOf(shown?.status);
  if (reply.status !== 200 || state === undefined) return { ...failedRead(reply), ...about };
  const lag = state === 'held' ? ({ mayLag: true } as const) : {};
  return { outcome: 'ok', reason: '', told: '', state, ...lag, ...about };
}

/** Where each ticket is one unit, the free ones of the pool are counted in the listing; some list only free ones. */
function leftIn(reply: Reply, { pool, data }: Asked): number | undefined {
  if (reply.status !== 200) return undefined;
  const content = parsedJson(reply.body, LISTING_LENGTH_MAX);
  if (!isOfTickets({ data })) return wholeIn(objectIn(content)?.ticketsLeft);
  if (!Array.isArray(content)) return undefined;
  const seats = new Set(pool.seats);
  return content.map(objectIn).filter((each) => {
    const id = idIn(each?.id);
    return id !== undefined && seats.has(id) && (each?.orderId ?? null) === null;
  }).length;
}

const listing: Action['say'] = (asked) =>
  exchange('GET', isOfTickets(asked) ? '/api/tickets' : '/api/events', asked);

/** CO4353 and its family. An order holds its ticket until it is paid or its time is over; there are no keys. */
export const protocol: Protocol = {
  purchase: {
    say: order,
    // Who buys takes what is acknowledged for bought; that it expires unpaid is told by its row.
    read: (reply, asked) => {
      const { expiresAt: _, ...reading } = readOrder(reply, asked);
      return reading;
    },
  },
  hold: { say: order, read: readOrder },
  pay: ofOrder(
    (asked) =>
      exchange('POST', '/api/payments', asked, {
        token: asked.data.card ?? '',
        orderId: asked.order,
      }),
    [201],
    ({ pool }) => present({ amount: pool.price }),
  ),
  cancel: ofOrder(
    (asked) =>
      isOfTickets(asked)
        ? exchange('DELETE', pathOf('orders', asked.order), asked)
        : exchange('POST', '/api/orders/sell/', asked, { orderId: asked.order }),
    [200, 204],
  ),
  // The event service's own counter, which hears of orders some time after they were made.
  availability: {
    say: (asked) =>
      isOfTickets(asked) ? listing(asked) : exchange('GET', pathOf('events', asked.pool.id), asked),
    read: (reply, asked) => {
      const value = leftIn(reply, asked);
      if (value === undefined) return failedRead(reply);
      return { outcome: 'ok', reason: '', told: '', value, mayLag: true };
    },
  },
  status: {
    say: (asked) => exchange('GET', pathOf('orders', asked.order), asked),
    read: readStatus,
  },
  view: {
    say: listing,
    read: (reply) =>
      reply.status === 200 && reply.body.trimStart().startsWith('[')
        ? { outcome: 'ok', reason: '', told: '' }
        : failedRead(reply),
  },
};
