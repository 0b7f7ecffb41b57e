import type pg from 'pg';
import { inTransaction, query } from '../../shop/transaction.ts';
import { publish } from '../queue/publish.ts';
import type { Handlers } from '../queue/subjects.ts';
import { type Repeating, repeat } from '../repeat.ts';

const BATCH_MAX = 100;
const POLL_MS = 100;

/** Starts a timer for every order. A timer is a row, so it outlives the process that started it. */
export function expirationHandlers(pool: pg.Pool): Handlers {
  return {
    'order:created': async ({ id, expiresAt }) => {
      await query(
        pool,
        `INSERT INTO expiration.timers (order_id, due_at) VALUES ($1, $2)
          ON CONFLICT (order_id) DO NOTHING`,
        [id, expiresAt],
      );
      return 'done';
    },
  };
}

/** Tells of orders whose time is over. Several processes share the work. */
export function expire(pool: pg.Pool): Repeating {
  return repeat('expiring orders', POLL_MS, () => inTransaction(pool, announceDue));
}

async function announceDue(client: pg.PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ order_id: string }>(
    `DELETE FROM expiration.timers WHERE order_id IN (SELECT order_id FROM expiration.timers
      WHERE due_at <= clock_timestamp() ORDER BY due_at LIMIT ${BATCH_MAX} FOR UPDATE SKIP LOCKED)
      RETURNING order_id`,
  );
  for (const { order_id: orderId } of rows)
    await publish(client, 'expiration:complete', { orderId });
  return rows.length > 0;
}
