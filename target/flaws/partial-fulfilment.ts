import type pg from 'pg';
import { sell } from '../shop/sale.ts';
import type { PurchaseOrder, Sale } from '../shop/shop.ts';
import { inTransaction } from '../shop/transaction.ts';
import type { Flaw } from './flaw.ts';

/**
 * A loop over single tickets, each in a transaction of its own. Near the end several buyers take turns at the last
 * tickets, each is left with some of what was asked for, and each is told that all went well.
 */
export const partialFulfilment: Flaw = {
  name: 'partial-fulfilment',
  bug: 'Sells ticket by ticket, each in its own transaction, and calls it a success if there was at least one.',
  place: 'sale',
  plant: (shop, pool) => ({ ...shop, purchase: (order) => sellOneByOne(pool, order) }),
};

async function sellOneByOne(pool: pg.Pool, order: PurchaseOrder): Promise<Sale> {
  const quantity = Number(order.quantity);
  for (let sold = 0; sold < quantity; sold += 1) {
    const one = { ...order, quantity: 1 };
    const sale = await inTransaction(pool, (client) => sell(client, one));
    if (sale === 'sold-out') return sold === 0 ? 'sold-out' : 'sold';
  }
  return 'sold';
}
