import type pg from 'pg';
import { recordActivity, signIn } from './accounts.ts';
import { listEvents, listOrders } from './catalogue.ts';
import { sell } from './sale.ts';
import type { Shop } from './shop.ts';
import { inTransaction } from './transaction.ts';

/** The shop without a flaw. */
export function correctShop(pool: pg.Pool): Shop {
  return {
    purchase: (order) => inTransaction(pool, (client) => sell(client, order)),
    events: () => listEvents(pool),
    ordersOf: (userId) => listOrders(pool, userId),
    signIn: (credentials) => signIn(pool, credentials),
    recordActivity: (activity) => recordActivity(pool, activity),
  };
}
