import type { Action, Asked, Exchange, Protocol, Reading, Reply } from '../protocol.ts';
import { failedRead, parsedJson, parsedObject, readSilence, wholeIn } from '../reading.ts';

/**
 * 4xx by which PrimePass, or a gateway before it, turns a request down before anything is written. Statuses that an
 * intermediary may send although the shop went on working (408, 409, 429, 499) are not among them.
 */
const CLIENT_ERRORS: readonly number[] = [400, 401, 403, 404, 405, 415, 422];

/** `Content-Length` is left to the client; the API knows no key by which a request could be repeated safely. */
const HEADERS = { 'Content-Type': 'application/json', Accept: 'application/json' } as const;

/** How PostgreSQL says that it turned a statement or a COMMIT down itself: it lives, and nothing was written. */
const TURNED_DOWN =
  /invalid input syntax|violates [\w -]+ constraint|out of range|could not serialize access|deadlock detected|canceling statement due to (lock|statement) timeout|current transaction is aborted/;

/**
 * A transaction that failed was rolled back, says the contract: `fail`. But a connection that breaks in COMMIT leaves the
 * shop itself unable to know, and drivers say that in many ways (`SSL SYSCALL error: EOF detected`). So only what the
 * database certainly said itself is believed, and all else stays `info`.
 */
function wasRolledBack(status: number, error: string): boolean {
  return status === 500 && error.startsWith('Transaction failed') && TURNED_DOWN.test(error);
}

/**
 * Only what the contract proves is `fail`. A redirect is `info`: it is not followed and not in the contract, and
 * 302 and 303 are what a form handler answers after a purchase that worked.
 */
function readPurchase(reply: Reply): Reading {
  if (reply.silence !== null) return readSilence(reply.silence);
  const { status, body } = reply;
  const content = parsedObject(body);
  if (status === 200) {
    return content?.status === 'success'
      ? { outcome: 'ok', reason: '', told: '' }
      : { outcome: 'info', reason: 'unreadable-reply', told: body };
  }
  const error = typeof content?.error === 'string' ? content.error : '';
  const told = error === '' ? body : error;
  if (status === 400 && error.toLowerCase().includes('sold out')) {
    return { outcome: 'refused', reason: 'sold-out', told };
  }
  if (CLIENT_ERRORS.includes(status)) return { outcome: 'fail', reason: 'client-error', told };
  if (wasRolledBack(status, error)) return { outcome: 'fail', reason: 'transaction-failed', told };
  return { outcome: 'info', reason: `http-${status}`, told };
}

/** The listing of events: a seat plan of 500 tickets takes some 60,000 characters. */
const EVENTS_LENGTH_MAX = 1_000_000;

const listing = (): Exchange => ({
  method: 'GET',
  path: '/api/events',
  headers: { Accept: 'application/json' },
  body: null,
});

/** What is left of one pool in the listing of events, which comes from the replica. */
function readAvailability(reply: Reply, { pool }: Asked): Reading {
  const events = reply.status === 200 ? parsedJson(reply.body, EVENTS_LENGTH_MAX) : undefined;
  const tickets = (Array.isArray(events) ? events : []).flatMap(
    (event: { tickets?: unknown } | null) => (Array.isArray(event?.tickets) ? event.tickets : []),
  );
  const ticket = tickets.find((each: { id?: unknown } | null) => String(each?.id) === pool.id);
  const value = wholeIn((ticket as { remaining?: unknown } | undefined)?.remaining);
  if (value === undefined) return failedRead(reply);
  return { outcome: 'ok', reason: '', told: '', value, mayLag: true };
}

const availability: Action = { say: listing, read: readAvailability };

const view: Action = {
  say: listing,
  read: (reply) =>
    reply.status === 200 ? { outcome: 'ok', reason: '', told: '' } : failedRead(reply),
};

/** PrimePass: a purchase names a user and a ticket; provisioning has made sure that both are plain ids. */
export const protocol: Protocol = {
  purchase: {
    say: ({ buyer, pool, intent }): Exchange => ({
      method: 'POST',
      path: '/api/purchase',
      headers: HEADERS,
      body: `{"user_id":"${buyer.id}","ticket_id":${pool.id},"quantity":${intent.quantity}}`,
    }),
    read: readPurchase,
  },
  availability,
  view,
};
