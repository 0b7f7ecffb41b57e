import type pg from 'pg';
import { log, textOf } from '../failure.ts';
import { sell } from '../shop/sale.ts';
import { DEMO_USER_ID } from '../shop/schema.ts';
import type { PurchaseOrder } from '../shop/shop.ts';
import { inTransaction, openSidePool } from '../shop/transaction.ts';
import type { Flaw } from './flaw.ts';

const SEEMS_STUCK_MS = 50;
const RECOVERY_PERIOD_MS = 100;

/**
 * A recovery job looks after purchases that seem stuck. They are only slow, and the job has kept the ticket but not
 * the buyer's session: so it books for the account it runs under, and an order stands there that nobody asked for.
 */
export const phantomOrder: Flaw = {
  name: 'phantom-order',
  bug: 'A background job repeats purchases that seem stuck, under its own account instead of the buyer’s.',
  place: 'around',
  plant: (shop, pool) => {
    const stuck: PurchaseOrder[] = [];
    const jobs = openSidePool(pool, 1);
    setInterval(() => void recoverOne(jobs, stuck), RECOVERY_PERIOD_MS).unref();
    return {
      ...shop,
      purchase: async (order) => {
        const watch = setTimeout(() => stuck.push(order), SEEMS_STUCK_MS);
        try {
          return await shop.purchase(order);
        } finally {
          clearTimeout(watch);
        }
      },
    };
  },
};

async function recoverOne(jobs: pg.Pool, stuck: PurchaseOrder[]): Promise<void> {
  const order = stuck.shift();
  if (order === undefined) return;
  try {
    const orderOfNobody = { ...order, userId: DEMO_USER_ID };
    await inTransaction(jobs, (client) => sell(client, orderOfNobody));
  } catch (error) {
    log(`a purchase could not be recovered: ${textOf(error)}`);
  }
}
