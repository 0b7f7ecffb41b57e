import type pg from 'pg';
import type { PurchaseOrder, Sale } from './shop.ts';

/**
 * Takes tickets out of stock if enough are left. The condition is in the statement that writes: a second buyer waits
 * for the row's lock and then finds the value the first one left, so the last ticket is sold once.
 */
export async function takeStock(client: pg.PoolClient, order: PurchaseOrder): Promise<Sale> {
  const { rowCount } = await client.query({
    name: 'take-stock',
    text: `UPDATE ticket SET remaining = remaining - $2::bigint
      WHERE id = $1::bigint AND remaining >= $2::bigint`,
    values: [order.ticketId, order.quantity],
  });
  return rowCount === 1 ? 'sold' : 'sold-out';
}

/** Writes one row a ticket. */
export async function insertOrders(client: pg.PoolClient, order: PurchaseOrder): Promise<void> {
  await client.query({
    name: 'insert-orders',
    text: `INSERT INTO orders (user_id, ticket_id)
      SELECT $1::uuid, $2::bigint FROM generate_series(1, $3::bigint)`,
    values: [order.userId, order.ticketId, order.quantity],
  });
}

/** The right way to sell: stock and orders change together or not at all. Run it inside one transaction. */
export async function sell(client: pg.PoolClient, order: PurchaseOrder): Promise<Sale> {
  const sale = await takeStock(client, order);
  if (sale === 'sold') await insertOrders(client, order);
  return sale;
}
