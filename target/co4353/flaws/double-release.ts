import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { inTransaction } from '../../shop/transaction.ts';
import { restore } from '../services/orders.ts';
import type { Flaw } from './flaw.ts';

const ACK_WAIT_MS = 100;
const MAIL_MS = 15;

/**
 * Every expiry is acknowledged only after a mail has gone out. One is quick; when many orders expire together, those at
 * the end of the batch have waited longer than the broker does, and another process gets them as well. The handler
 * takes it that it is told of each expiry once, so both give the ticket back.
 */
export const doubleRelease: Flaw = {
  name: 'double-release',
  bug: 'Gives the ticket back every time an expiry is delivered, and is so slow to acknowledge that many come twice.',
  place: 'sale',
  plant: (services, { messagePool }) => ({
    ...services,
    ackWaitMs: ACK_WAIT_MS,
    handlers: {
      ...services.handlers,
      orders: {
        ...services.handlers.orders,
        'payment:closed': async ({ orderId }) => {
          await inTransaction(messagePool, (client) => cancelWithoutLooking(client, orderId));
          await sleep(MAIL_MS);
          return 'done';
        },
      },
    },
  }),
};

async function cancelWithoutLooking(client: pg.PoolClient, orderId: string): Promise<void> {
  const { rows } = await client.query<{ event_id: string; version: number }>(
    `UPDATE orders.orders SET status = 'cancelled', version = version + 1
      WHERE id = $1 RETURNING event_id, version`,
    [orderId],
  );
  if (rows[0] !== undefined) await restore(client, orderId, rows[0]);
}
