import { inTransaction } from '../../shop/transaction.ts';
import { readPayable, refusalOf, takeMoney } from '../services/payments.ts';
import type { Flaw } from './flaw.ts';

/**
 * Whether the order has been paid is looked up, then the card company is asked, then it is written down. A second
 * request that comes while the first one waits for the card company finds the order unpaid.
 */
export const doubleCharge: Flaw = {
  name: 'double-charge',
  bug: 'Does not lock the order while the card is charged, so that two requests for it at once are both paid.',
  place: 'sale',
  plant: (services, { pool }) => ({
    ...services,
    payments: {
      ...services.payments,
      pay: (attempt) =>
        inTransaction(pool, async (client) => {
          const order = await readPayable(client, attempt.orderId, 'unlocked');
          return refusalOf(order, attempt) ?? takeMoney(client, attempt, order!.price);
        }),
    },
  }),
};
