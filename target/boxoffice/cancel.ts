import type pg from 'pg';
import { recordPayment, refund } from './money.ts';
import type { Cancelled } from './office.ts';
import { Refused } from './refusal.ts';
import { freeSeats } from './seats.ts';
import type { CancelledRow, Steps } from './steps.ts';
import { putBack } from './stock.ts';
import { isId } from './transaction.ts';

/** What the row of a cancelled order says has to be given back. */
export const GIVES_BACK = `event_id AS event, pool_id AS pool, buyer, quantity,
  CASE WHEN paid_at IS NULL THEN 0 ELSE total_cents END::float8 AS "refundCents"`;

/** The condition is in the statement that writes, so of two who cancel at once one finds nothing to cancel. */
export async function markCancelled(
  client: pg.PoolClient,
  order: string,
): Promise<CancelledRow | null> {
  const { rows } = await client.query<CancelledRow>(
    `UPDATE box_order SET status = 'cancelled'
      WHERE id = $1
        AND (status = 'paid' OR (status = 'held' AND expires_at > statement_timestamp()))
      RETURNING ${GIVES_BACK}`,
    [order],
  );
  return rows[0] ?? null;
}

/** Gives money, tickets and seats of an order back. Run it inside one transaction. @throws Refused */
export async function cancel(
  client: pg.PoolClient,
  order: string,
  steps: Steps,
): Promise<Cancelled> {
  const row = isId(order) ? await steps.markCancelled(client, order) : null;
  if (row === null) throw await whyNot(client, order);
  const { event, pool, buyer, quantity, refundCents } = row;
  if (refundCents > 0) {
    await refund(client, buyer, refundCents);
    await recordPayment(client, { event, order, buyer, cents: -refundCents });
  }
  await putBack(client, pool, quantity);
  await freeSeats(client, order);
  return { order, status: 'cancelled', refundedCents: refundCents };
}

async function whyNot(client: pg.PoolClient, order: string): Promise<Refused> {
  const { rows } = await client.query<{ status: string }>(
    'SELECT status FROM box_order WHERE id = $1',
    [isId(order) ? order : '0'],
  );
  if (rows[0] === undefined) return new Refused('unknown_order', `there is no order ${order}`);
  return rows[0].status === 'cancelled'
    ? new Refused('already_cancelled', 'this order is cancelled')
    : new Refused('expired', 'the hold has run out');
}
