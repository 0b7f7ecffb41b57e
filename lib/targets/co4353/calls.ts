import { z } from 'zod';
import { RunFailure, UsageFailure } from '../../model/failure.ts';
import type { Connection } from '../admin.ts';
import { type Ask, contentOf, describe, patiently, request, shownUrl } from '../request.ts';
import { eventSchema, ticketSchema } from './contents.ts';
import { type Dialect, termsOf } from './terms.ts';

const REMEDY =
  'Check that --url is the base of the ingress: /api/users, /api/orders and the rest lie under it.';

/** An administrative call; `session` is a buyer's cookie. */
type Call = Pick<Ask, 'method' | 'path' | 'body' | 'expected'> & {
  readonly session?: string;
  readonly statuses: readonly number[];
};

/** One administrative call; a GET is tried again when it fails. */
export function call<T>(connection: Connection, asked: Call, schema: z.ZodType<T>): Promise<T> {
  const { session, ...ask } = asked;
  const headers = session === undefined ? {} : { Cookie: session };
  const whole = { ...ask, headers, remedy: REMEDY };
  const work = async (): Promise<T> => {
    const answer = await request(connection, whole);
    if (answer.status === 401) throw notSignedIn(connection, ask, describe(answer));
    return contentOf(connection, whole, answer, schema);
  };
  return ask.method === 'GET' ? patiently(connection.signal, work) : work();
}

/** A session made with the wrong key is the user's to mend; one that the shop gave is its own affair. */
function notSignedIn(connection: Connection, ask: Omit<Call, 'session'>, got: string) {
  const parts = {
    expected: ask.expected,
    got,
    where: `${ask.method} ${shownUrl(connection.url)}${ask.path}`,
  };
  return connection.token === null
    ? new RunFailure({ ...parts, remedy: 'The shop does not take its own session: see its log.' })
    : new UsageFailure({ ...parts, remedy: 'ONSALE_TOKEN is not the JWT_KEY of this shop.' });
}

/** Those of the listing that will be; what is over is not shown. */
export function listEvents(connection: Connection) {
  const ask = { method: 'GET', path: '/api/events', statuses: [200] } as const;
  return call(connection, { ...ask, expected: 'a list of events' }, z.array(eventSchema));
}

/** Every ticket; some shops list only those that nobody has. */
export function listTickets(connection: Connection) {
  const ask = { method: 'GET', path: '/api/tickets', statuses: [200] } as const;
  return call(connection, { ...ask, expected: 'a list of tickets' }, z.array(ticketSchema));
}

/**
 * As the option says, else by asking: what a shop does not have its ingress leads to the client's pages, which are no JSON.
 * Fails with the `RunFailure` about events where it has neither.
 */
export async function dialectOf(connection: Connection): Promise<Dialect> {
  const { dialect } = termsOf(connection);
  if (dialect !== null) return dialect;
  try {
    await listEvents(connection);
    return 'events';
  } catch (error) {
    if (!(error instanceof RunFailure)) throw error;
    return listTickets(connection).then(
      () => 'tickets' as const,
      (reason: unknown) => {
        throw reason instanceof RunFailure ? error : reason;
      },
    );
  }
}
