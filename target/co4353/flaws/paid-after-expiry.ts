import { inTransaction } from '../../shop/transaction.ts';
import { readPayable, refusalOf, takeMoney } from '../services/payments.ts';
import type { Flaw } from './flaw.ts';

/** Whether an order is over is known here, in two columns; the payment asks only whether it has been paid before. */
export const paidAfterExpiry: Flaw = {
  name: 'paid-after-expiry',
  bug: 'Takes money for an order without asking whether its time is over or whether it has been cancelled.',
  place: 'sale',
  plant: (services, { pool }) => ({
    ...services,
    payments: {
      ...services.payments,
      pay: (attempt) =>
        inTransaction(pool, async (client) => {
          const order = await readPayable(client, attempt.orderId, 'locked');
          const refusal = refusalOf(order, attempt);
          if (refusal !== null && refusal !== 'cancelled') return refusal;
          return takeMoney(client, attempt, order!.price);
        }),
    },
  }),
};
