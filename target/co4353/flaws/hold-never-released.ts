import { query } from '../../shop/transaction.ts';
import type { Flaw } from './flaw.ts';

/** The order is over and says so; that a ticket hung on it has been forgotten, and nobody else hears of it either. */
export const holdNeverReleased: Flaw = {
  name: 'hold-never-released',
  bug: 'Marks an expired order as cancelled, but neither gives its ticket back nor tells the other services.',
  place: 'sale',
  plant: (services, { messagePool }) => ({
    ...services,
    handlers: {
      ...services.handlers,
      orders: {
        ...services.handlers.orders,
        'payment:closed': async ({ orderId }) => {
          await query(
            messagePool,
            `UPDATE orders.orders SET status = 'cancelled', version = version + 1
              WHERE id = $1 AND status = 'created'`,
            [orderId],
          );
          return 'done';
        },
      },
    },
  }),
};
