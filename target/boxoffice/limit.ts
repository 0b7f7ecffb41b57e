import type pg from 'pg';
import { Refused } from './refusal.ts';
import type { Steps } from './steps.ts';

/** Two purchases of one buyer take turns from here on, so that the second counts what the first one got. */
export async function lockBuyer(client: pg.PoolClient, buyer: string): Promise<void> {
  await client.query('SELECT FROM box_buyer WHERE id = $1 FOR NO KEY UPDATE', [buyer]);
}

interface Wish {
  readonly buyer: string;
  readonly event: string;
  readonly quantity: number;
  /** Null for none. */
  readonly limitPerBuyer: number | null;
}

/** @throws Refused `limit_reached` */
export async function refuseAboveLimit(client: pg.PoolClient, wish: Wish, steps: Steps) {
  if (wish.limitPerBuyer === null) return;
  await steps.lockBuyer(client, wish.buyer);
  // A statement of its own, so that it sees what the last holder of the lock committed.
  const { rows } = await client.query<{ owned: number }>(
    `SELECT coalesce(sum(quantity), 0)::int AS owned FROM box_order
      WHERE buyer = $1 AND event_id = $2
        AND (status = 'paid' OR (status = 'held' AND expires_at > statement_timestamp()))`,
    [wish.buyer, wish.event],
  );
  if (rows[0]!.owned + wish.quantity > wish.limitPerBuyer)
    throw new Refused('limit_reached', `at most ${wish.limitPerBuyer} tickets a buyer`);
}
