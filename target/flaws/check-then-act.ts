import { insertOrders } from '../shop/sale.ts';
import type { PurchaseOrder, Sale } from '../shop/shop.ts';
import { inTransaction } from '../shop/transaction.ts';
import type { Flaw } from './flaw.ts';

/**
 * Everybody who waits for the row's lock has already been told by the SELECT that there are tickets, and nobody looks
 * again. The counter stays exact, so it ends below zero by as many tickets as were sold too many.
 */
export const checkThenAct: Flaw = {
  name: 'check-then-act',
  bug: 'Reads how many are left, decides, then decrements without the condition: buyers in between oversell.',
  place: 'sale',
  plant: (shop, pool) => ({
    ...shop,
    purchase: (order: PurchaseOrder) =>
      inTransaction<Sale>(pool, async (client) => {
        const { ticketId, quantity } = order;
        const { rows } = await client.query<{ enough: boolean }>(
          'SELECT remaining >= $2::bigint AS enough FROM ticket WHERE id = $1::bigint',
          [ticketId, quantity],
        );
        if (rows[0]?.enough !== true) return 'sold-out';
        await client.query(
          'UPDATE ticket SET remaining = remaining - $2::bigint WHERE id = $1::bigint',
          [ticketId, quantity],
        );
        await insertOrders(client, order);
        return 'sold';
      }),
  }),
};
