import type pg from 'pg';
import { sell } from '../shop/sale.ts';
import type { PurchaseOrder, Sale } from '../shop/shop.ts';
import { transact, withConnection } from '../shop/transaction.ts';
import type { Flaw } from './flaw.ts';

/**
 * The test for "is there enough" stands after the sale instead of before it. Whoever bought the last tickets, or
 * bought just before somebody else did, is turned away and owns them all the same.
 */
export const errorAfterCommit: Flaw = {
  name: 'error-after-commit',
  bug: 'Looks at the stock once more after the commit and says sold out to a buyer whose order already stands.',
  place: 'sale',
  plant: (shop, pool) => ({
    ...shop,
    purchase: (order) => withConnection(pool, (client) => sellThenLook(client, order)),
  }),
};

async function sellThenLook(client: pg.PoolClient, order: PurchaseOrder): Promise<Sale> {
  const sale = await transact(client, () => sell(client, order));
  if (sale === 'sold-out') return sale;
  const { rows } = await client.query<{ enough: boolean }>(
    'SELECT remaining >= $2::bigint AS enough FROM ticket WHERE id = $1::bigint',
    [order.ticketId, order.quantity],
  );
  return rows[0]?.enough === true ? 'sold' : 'sold-out';
}
