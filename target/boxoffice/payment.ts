import type pg from 'pg';
import { refuseAboveLimit } from './limit.ts';
import { charge, recordPayment } from './money.ts';
import type { Paid } from './office.ts';
import { Refused } from './refusal.ts';
import { reclaimSeats } from './seats.ts';
import type { LockedOrder, Steps } from './steps.ts';
import { putBack, takeOrRelease } from './stock.ts';
import { isId } from './transaction.ts';

/** @throws Refused `unknown_order` */
async function lockOrder(client: pg.PoolClient, id: string): Promise<LockedOrder> {
  const { rows } = await client.query<LockedOrder>(
    `SELECT o.id, o.event_id AS event, o.pool_id AS pool, o.buyer, o.quantity, o.seats, o.status,
        o.total_cents::float8 AS "totalCents",
        o.status = 'expired' OR coalesce(o.expires_at <= statement_timestamp(), false) AS late,
        e.late_payment AS "latePayment", e.limit_per_buyer AS "limitPerBuyer"
      FROM box_order o JOIN box_event e ON e.id = o.event_id WHERE o.id = $1 FOR UPDATE OF o`,
    [isId(id) ? id : '0'],
  );
  if (rows[0] === undefined) throw new Refused('unknown_order', `there is no order ${id}`);
  return rows[0];
}

/** Turns a hold into a sale. Run it inside one transaction. @throws Refused */
export async function pay(
  client: pg.PoolClient,
  { order: id, amountCents }: { order: string; amountCents: number },
  steps: Steps,
): Promise<Paid> {
  const order = await lockOrder(client, id);
  const { event, buyer, totalCents } = order;
  if (order.status === 'paid') throw new Refused('already_paid', 'this order is paid');
  if (order.status === 'cancelled') throw new Refused('cancelled', 'this order is cancelled');
  if (amountCents !== totalCents)
    throw new Refused('invalid', `this order costs ${totalCents} cents`);
  if (order.late && steps.latePayment(order) === 'reject') throw expired();
  // Tickets that have not gone back yet are still this order's.
  const takesAgain = order.status === 'expired';
  if (takesAgain) await refuseAboveLimit(client, order, steps);
  await charge(client, buyer, totalCents);
  if (takesAgain) await takeAgain(client, order, steps);
  await client.query(
    `UPDATE box_order SET status = 'paid', paid_at = clock_timestamp() WHERE id = $1`,
    [id],
  );
  await recordPayment(client, { event, order: id, buyer, cents: totalCents });
  return { order: id, status: 'paid', chargedCents: totalCents };
}

async function takeAgain(client: pg.PoolClient, order: LockedOrder, steps: Steps): Promise<void> {
  const { pool, buyer, quantity } = order;
  const ask = { pool, buyer, quantity, seat: null, intent: null };
  if (steps.latePayment(order) === 'accept') await putBack(client, pool, -quantity);
  else if (!(await takeOrRelease(client, ask, steps))) throw expired();
  if (!(await reclaimSeats(client, order))) throw expired();
}

function expired(): Refused {
  return new Refused('expired', 'the hold has run out');
}

/** What the event promises. */
export function latePayment(order: LockedOrder): LockedOrder['latePayment'] {
  return order.latePayment;
}
