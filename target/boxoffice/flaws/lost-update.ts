import type pg from 'pg';
import { withConnection } from '../../shop/transaction.ts';
import type { Ask } from '../office.ts';
import { aroundSales } from './around-sales.ts';
import type { Flaw } from './flaw.ts';

/**
 * The sale itself counts the orders under the pool's lock and is right. The counter that everybody reads is brought up
 * to date afterwards by reading it, subtracting in the program and writing it back, without a lock: of two who do so at
 * once, one is forgotten, and the box office goes on showing tickets that it does not have.
 */
export const lostUpdate: Flaw = {
  name: 'lost-update',
  bug: 'Sells by the true count of orders, but writes the counter of remaining tickets back as read minus sold.',
  place: 'sale',
  steps: (steps) => ({ ...steps, takeStock: isEnoughByCount }),
  plant: (office, { pool }) =>
    aroundSales(office, async (ask, sell) => {
      const booking = await sell();
      await withConnection(pool, (client) => writeCounter(client, ask));
      return booking;
    }),
};

async function isEnoughByCount(client: pg.PoolClient, { pool, quantity }: Ask): Promise<boolean> {
  await client.query('SELECT FROM box_pool WHERE id = $1 FOR NO KEY UPDATE', [pool]);
  // A statement of its own, so that it sees what the last holder of the lock committed.
  const { rows } = await client.query<{ enough: boolean }>(
    `SELECT capacity - (SELECT coalesce(sum(quantity), 0) FROM box_order
        WHERE event_id = p.event_id AND pool_id = p.id AND status IN ('held', 'paid')) >= $2 AS enough
      FROM box_pool p WHERE id = $1`,
    [pool, quantity],
  );
  return rows[0]?.enough === true;
}

async function writeCounter(client: pg.PoolClient, { pool, quantity }: Ask): Promise<void> {
  const { rows } = await client.query<{ remaining: number }>(
    'SELECT remaining FROM box_pool WHERE id = $1',
    [pool],
  );
  await client.query('UPDATE box_pool SET remaining = $2 WHERE id = $1', [
    pool,
    rows[0]!.remaining - quantity,
  ]);
}
