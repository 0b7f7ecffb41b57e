import type pg from 'pg';
import type { Ask } from './office.ts';
import { Refused } from './refusal.ts';
import type { Offer, Steps } from './steps.ts';

/** The condition is in the statement that writes, as with the stock. */
export async function claimSeat(client: pg.PoolClient, ask: Ask, order: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE box_seat SET order_id = $3
      WHERE pool_id = $1 AND label = $2 AND order_id IS NULL`,
    [ask.pool, ask.seat, order],
  );
  return rowCount === 1;
}

/** Seats for an order whose tickets have been taken out of stock, so that the pool's row is locked; none where it has none. */
export async function takeSeats(
  client: pg.PoolClient,
  { ask, offer, steps }: { ask: Ask; offer: Offer; steps: Steps },
): Promise<readonly string[]> {
  if (!offer.seated) return [];
  if (ask.seat === null) return pickSeats(client, ask, offer.order);
  if (await steps.claimSeat(client, ask, offer.order)) return [ask.seat];
  await steps.releaseExpired(client, ask.pool);
  if (await steps.claimSeat(client, ask, offer.order)) return [ask.seat];
  throw new Refused('seat_taken', `seat ${ask.seat} is not free`);
}

async function pickSeats(client: pg.PoolClient, ask: Ask, order: string) {
  const { rows } = await client.query<{ label: string; ordinal: number }>(
    `UPDATE box_seat SET order_id = $3
      WHERE pool_id = $1 AND label IN (
        SELECT label FROM box_seat WHERE pool_id = $1 AND order_id IS NULL ORDER BY ordinal LIMIT $2)
      RETURNING label, ordinal`,
    [ask.pool, ask.quantity, order],
  );
  if (rows.length < ask.quantity) throw new Refused('sold_out', 'not enough seats are left');
  return rows.sort((a, b) => a.ordinal - b.ordinal).map(({ label }) => label);
}

/** Claims seats once more for an order that had them; false if one of them is another's by now. */
export async function reclaimSeats(
  client: pg.PoolClient,
  { pool, seats, id }: { pool: string; seats: readonly string[]; id: string },
): Promise<boolean> {
  if (seats.length === 0) return true;
  const { rowCount } = await client.query(
    `UPDATE box_seat SET order_id = $3
      WHERE pool_id = $1 AND label = ANY ($2) AND order_id IS NULL`,
    [pool, seats, id],
  );
  return rowCount === seats.length;
}

export async function freeSeats(client: pg.PoolClient, order: string): Promise<void> {
  await client.query('UPDATE box_seat SET order_id = NULL WHERE order_id = $1', [order]);
}
