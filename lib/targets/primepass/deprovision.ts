import type { Connection, Known, Wanted } from '../admin.ts';
import { inTransaction } from '../database.ts';
import { fetchTickets } from './http.ts';

/** What provisioning would do; asks the shop only for what is on offer. */
export async function outline(
  connection: Connection,
  { plan, intents }: Wanted,
): Promise<readonly string[]> {
  const tickets = await fetchTickets(connection);
  const buyers = `${intents.intents.length} users`;
  if (connection.databaseUrl !== null)
    return [
      `Add over SQL an event "Onsale ${intents.runId}" with ${plan.pools} tickets of ${plan.capacity} each.`,
      `Add over SQL ${buyers}, one an intent; nobody can log in as one of them.`,
    ];
  return [
    `Use ${plan.pools} of the ${tickets.length} tickets on offer with what is left of each: over HTTP alone none can be made.`,
    `Register ${buyers} with POST /api/login, one an intent.`,
  ];
}

/** Takes the run's rows out again over SQL; over HTTP there is no way. */
export async function deprovision(
  connection: Connection,
  { fixture }: Pick<Known, 'fixture'>,
): Promise<readonly string[]> {
  const users = `${fixture.buyers.length} users`;
  if (connection.databaseUrl === null)
    return [`The run's ${users} and their orders stay: the API can take nothing away.`];
  const ids = fixture.buyers.map(({ id }) => id);
  return inTransaction(connection, 'write', async (query) => {
    const gone = async (statement: string, values: readonly unknown[]) =>
      (await query<{ id: string }>(`${statement} RETURNING id::text AS id`, [...values])).length;
    const orders = await gone('DELETE FROM orders WHERE user_id::text = ANY ($1::text[])', [ids]);
    // Whoever else bought from the run's own event keeps it from being taken away.
    const free = `event_id IN (SELECT id FROM event WHERE title = $1) AND NOT EXISTS
      (SELECT FROM orders WHERE ticket_id = ticket.id)`;
    const isOwn = fixture.event.startsWith('Onsale ');
    const tickets = isOwn ? await gone(`DELETE FROM ticket WHERE ${free}`, [fixture.event]) : 0;
    if (isOwn)
      await query(
        'DELETE FROM event WHERE title = $1 AND NOT EXISTS (SELECT FROM ticket WHERE event_id = event.id)',
        [fixture.event],
      );
    await query('DELETE FROM user_activity WHERE user_id::text = ANY ($1::text[])', [ids]);
    const accounts = await gone('DELETE FROM users WHERE id::text = ANY ($1::text[])', [ids]);
    return [
      `${orders} orders, ${tickets} tickets and ${accounts} users went.`,
      ...(isOwn
        ? []
        : [`The tickets of "${fixture.event}" stay, as they were there before the run.`]),
    ];
  });
}
