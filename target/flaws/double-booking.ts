import { setTimeout as sleep } from 'node:timers/promises';
import { sell } from '../shop/sale.ts';
import type { PurchaseOrder, Sale, Shop } from '../shop/shop.ts';
import { inTransaction, openSidePool } from '../shop/transaction.ts';
import type { Flaw } from './flaw.ts';

const ATTEMPT_LIMIT_MS = 50;

/**
 * Giving up on an answer is not the same as undoing the work: the first attempt is still queueing and will be carried
 * out, while the second is made on a fresh connection. Nothing ties the two together, so both book.
 */
export const doubleBooking: Flaw = {
  name: 'double-booking',
  bug: 'Repeats a purchase that takes too long, without a key by which the first attempt could be recognised.',
  place: 'around',
  plant: (shop, pool) => {
    const retries = openSidePool(pool, 4);
    const repeat = (order: PurchaseOrder) =>
      inTransaction(retries, (client) => sell(client, order));
    return { ...shop, purchase: (order) => purchaseWithRetry(shop, order, repeat) };
  },
};

async function purchaseWithRetry(
  shop: Shop,
  order: PurchaseOrder,
  repeat: Shop['purchase'],
): Promise<Sale> {
  const first = shop.purchase(order);
  const early = await Promise.race([first, sleep(ATTEMPT_LIMIT_MS, 'late' as const)]);
  if (early !== 'late') return early;
  const [one, other] = await Promise.all([first, repeat(order)]);
  return one === 'sold' || other === 'sold' ? 'sold' : 'sold-out';
}
