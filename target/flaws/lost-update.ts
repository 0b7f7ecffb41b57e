import type pg from 'pg';
import { insertOrders } from '../shop/sale.ts';
import type { PurchaseOrder, Sale } from '../shop/shop.ts';
import { transact, withConnection } from '../shop/transaction.ts';
import type { Flaw } from './flaw.ts';

/**
 * The sale itself counts the orders under the ticket's lock and is right. The counter that everybody reads is brought
 * up to date afterwards by reading it, subtracting in the program and writing it back: of two who do so at once, one
 * is forgotten, and the shop goes on showing tickets that it does not have.
 */
export const lostUpdate: Flaw = {
  name: 'lost-update',
  bug: 'Sells by the true count of orders, but writes the counter of remaining tickets back as read minus sold.',
  place: 'sale',
  plant: (shop, pool) => ({
    ...shop,
    purchase: (order) =>
      withConnection(pool, async (client) => {
        const sale = await transact(client, () => sellByCount(client, order));
        if (sale === 'sold') await writeCounter(client, order);
        return sale;
      }),
  }),
};

async function sellByCount(client: pg.PoolClient, order: PurchaseOrder): Promise<Sale> {
  const { ticketId, quantity } = order;
  await client.query('SELECT FROM ticket WHERE id = $1::bigint FOR UPDATE', [ticketId]);
  // A statement of its own, so that it sees what the last holder of the lock committed.
  const { rows } = await client.query<{ enough: boolean }>(
    `SELECT capacity - (SELECT count(*) FROM orders WHERE ticket_id = t.id) >= $2::bigint AS enough
      FROM ticket t WHERE id = $1::bigint`,
    [ticketId, quantity],
  );
  if (rows[0]?.enough !== true) return 'sold-out';
  await insertOrders(client, order);
  return 'sold';
}

async function writeCounter(client: pg.PoolClient, order: PurchaseOrder): Promise<void> {
  const { ticketId, quantity } = order;
  const { rows } = await client.query<{ remaining: number }>(
    'SELECT remaining FROM ticket WHERE id = $1::bigint',
    [ticketId],
  );
  await client.query('UPDATE ticket SET remaining = $2 WHERE id = $1::bigint', [
    ticketId,
    rows[0]!.remaining - Number(quantity),
  ]);
}
