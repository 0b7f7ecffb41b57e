import type pg from 'pg';
import type { Ask } from './office.ts';
import type { Steps } from './steps.ts';

/**
 * Takes tickets out of stock if enough are left. The condition is in the statement that writes: a second buyer waits
 * for the row's lock and then finds the value the first one left, so the last ticket is sold once.
 */
export async function takeStock(client: pg.PoolClient, ask: Ask): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'box-take-stock',
    text: 'UPDATE box_pool SET remaining = remaining - $2 WHERE id = $1 AND remaining >= $2',
    values: [ask.pool, ask.quantity],
  });
  return rowCount === 1;
}

/** Puts tickets back; a negative quantity takes them out whether or not there are any. */
export async function putBack(client: pg.PoolClient, pool: string, quantity: number) {
  await client.query('UPDATE box_pool SET remaining = remaining + $2 WHERE id = $1', [
    pool,
    quantity,
  ]);
}

/**
 * Ends the holds of a pool that have run out. One that is being paid or cancelled right now is locked and left to
 * whoever holds it: waiting for it here, with the pool's row in hand, could wait for ever.
 */
export async function releaseExpired(client: pg.PoolClient, pool: string): Promise<number> {
  const { rows } = await client.query<{ released: number }>({
    name: 'box-release-expired',
    text: `WITH gone AS (
        SELECT id FROM box_order
          WHERE pool_id = $1 AND status = 'held' AND expires_at <= statement_timestamp()
          FOR UPDATE SKIP LOCKED),
      ended AS (
        UPDATE box_order o SET status = 'expired' FROM gone WHERE o.id = gone.id
          RETURNING o.id, o.quantity),
      freed AS (UPDATE box_seat s SET order_id = NULL FROM ended WHERE s.order_id = ended.id),
      back AS (
        UPDATE box_pool SET remaining = remaining + (SELECT sum(quantity) FROM ended)
          WHERE id = $1 AND EXISTS (SELECT FROM ended))
      SELECT count(*)::int AS released FROM ended`,
    values: [pool],
  });
  return rows[0]!.released;
}

/** Whether a hold of the pool has run out and was not ended yet. Locks nothing. */
export async function hasExpired(client: pg.PoolClient, pool: string): Promise<boolean> {
  const { rows } = await client.query<{ due: boolean }>({
    name: 'box-has-expired',
    text: `SELECT EXISTS (SELECT FROM box_order
      WHERE pool_id = $1 AND status = 'held' AND expires_at <= statement_timestamp()) AS due`,
    values: [pool],
  });
  return rows[0]!.due;
}

/** Takes stock; where there is not enough, first ends the holds that ran out and nobody has come by for yet. */
export async function takeOrRelease(client: pg.PoolClient, ask: Ask, steps: Steps) {
  if (await steps.takeStock(client, ask)) return true;
  return (await steps.releaseExpired(client, ask.pool)) > 0 && steps.takeStock(client, ask);
}
