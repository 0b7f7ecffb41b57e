import { RunFailure } from '../../model/failure.ts';
import type { Fixture } from '../../model/fixture.ts';
import { type Admin, type Connection, noSecrets } from '../admin.ts';
import { pause, shownUrl } from '../request.ts';
import { checkContract } from './check.ts';
import { deprovision, outline } from './deprovision.ts';
import { fetchTickets, provisionOverHttp } from './http.ts';
import { readOverHttp } from './read-http.ts';
import { checkSchema, provisionOverSql, readOverSql } from './sql.ts';

/** Pause between two looks for tickets that the shop's replica may not have yet. */
const LOOK_PAUSE_MS = 100;

/**
 * The shop answers *sold out* for a ticket it does not know, so a database that is not the shop's would look like a
 * sale without stock: the pools have to be on offer, under their ids, before any load. Reads may come from a replica
 * that lags, so it is looked for again until the time limit.
 */
async function confirmOnOffer(connection: Connection, fixture: Fixture): Promise<void> {
  const deadline = performance.now() + connection.timeoutMs;
  for (;;) {
    const ids = new Map(
      (await fetchTickets(connection)).map((ticket) => [nameOf(ticket), ticket.id]),
    );
    const missing = fixture.pools.filter(
      (pool) => ids.get(nameOf({ event: fixture.event, name: pool.name })) !== pool.id,
    );
    if (missing.length === 0) return;
    if (performance.now() > deadline) throw notOnOffer(connection, missing.length);
    await pause(LOOK_PAUSE_MS, connection.signal);
    connection.signal.throwIfAborted();
  }
}

/** The event's title holds the run's id, so nobody else's ticket is named like this. */
const nameOf = (ticket: { event: string; name: string }): string =>
  JSON.stringify([ticket.event, ticket.name]);

function notOnOffer(connection: Connection, missing: number): RunFailure {
  return new RunFailure({
    expected: "the run's tickets on offer, under the ids that the database gave them",
    got: `a list of events without ${missing} of them`,
    where: `GET ${shownUrl(connection.url)}/api/events`,
    remedy: 'Check that the connection string leads to the database of this very shop.',
  });
}

/** PrimePass: over SQL where a connection string is given, over HTTP alone where not. */
export const admin: Admin = {
  probe: async (connection) => {
    await fetchTickets(connection);
    if (connection.databaseUrl !== null) await checkSchema(connection);
  },
  provision: async (connection, asked) => {
    if (connection.databaseUrl === null)
      return { fixture: await provisionOverHttp(connection, asked), secrets: noSecrets };
    const fixture = await provisionOverSql(connection, asked);
    await confirmOnOffer(connection, fixture);
    return { fixture, secrets: noSecrets };
  },
  outline,
  deprovision,
  check: checkContract,
  read: (connection, known) =>
    connection.databaseUrl === null
      ? readOverHttp(connection, known)
      : readOverSql(connection, known),
};
