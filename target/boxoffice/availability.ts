import type pg from 'pg';
import { query } from '../shop/transaction.ts';
import { idOr0 } from './listing.ts';
import type { Availability } from './office.ts';
import { Refused } from './refusal.ts';

/** @throws Refused `unknown_pool` */
export function readAvailability(pool: pg.Pool, id: string): Promise<Availability> {
  return read(pool, id, 'SELECT id, capacity, remaining FROM box_pool WHERE id = $1');
}

/** As it was when the copy was last fed. @throws Refused `unknown_pool` */
export function readCopiedAvailability(pool: pg.Pool, id: string): Promise<Availability> {
  return read(
    pool,
    id,
    `SELECT p.id, p.capacity, c.remaining
      FROM box_pool p JOIN box_pool_copy c ON c.pool_id = p.id WHERE p.id = $1`,
  );
}

async function read(pool: pg.Pool, id: string, sql: string): Promise<Availability> {
  const [found] = await query<Availability & { id: string }>(pool, sql, [idOr0(id)]);
  if (found === undefined) throw new Refused('unknown_pool', `there is no pool ${id}`);
  return found;
}

/** How long the copy is left alone, ms. */
export const FEED_PERIOD_MS = 500;

/**
 * Brings the copy up to one moment, if that is due. The row with the time is locked by whoever does it; whoever waits
 * for it then finds that it is no longer due.
 */
export async function feedCopy(pool: pg.Pool): Promise<void> {
  await query(
    pool,
    `WITH due AS (
        UPDATE box_copy_feed SET fed_at = clock_timestamp()
          WHERE fed_at <= clock_timestamp() - $1 * interval '1 millisecond' RETURNING 1)
      UPDATE box_pool_copy c SET remaining = p.remaining FROM box_pool p, due
        WHERE p.id = c.pool_id AND p.remaining <> c.remaining`,
    [FEED_PERIOD_MS * 0.9],
  );
}
