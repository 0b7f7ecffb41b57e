import type pg from 'pg';
import { refuseAboveLimit } from './limit.ts';
import { charge } from './money.ts';
import type { Ask, Booking } from './office.ts';
import { Refused } from './refusal.ts';
import { takeSeats } from './seats.ts';
import type { Offer, Steps } from './steps.ts';
import { hasExpired, takeOrRelease } from './stock.ts';
import { isId, toldTime } from './transaction.ts';

/** What is on sale, and that there is somebody to sell to. @throws Refused */
export async function readOffer(client: pg.PoolClient, ask: Ask): Promise<Offer> {
  if (!isId(ask.pool)) throw new Refused('unknown_pool', `there is no pool ${ask.pool}`);
  const { rows } = await client.query<Offer & { known: boolean }>({
    name: 'box-read-offer',
    text: `SELECT nextval('box_order_id') AS "order", e.id AS event, e.opens_at AS "opensAt",
        e.closes_at AS "closesAt", statement_timestamp() AS now,
        e.limit_per_buyer AS "limitPerBuyer", e.hold_ms AS "holdMs", p.price_cents AS "priceCents",
        p.seated, p.remaining, EXISTS (SELECT FROM box_buyer WHERE id = $2) AS known
      FROM box_pool p JOIN box_event e ON e.id = p.event_id WHERE p.id = $1`,
    values: [ask.pool, ask.buyer],
  });
  const offer = rows[0];
  if (offer === undefined) throw new Refused('unknown_pool', `there is no pool ${ask.pool}`);
  if (!offer.known) throw new Refused('unknown_buyer', 'there is no such buyer');
  if (ask.seat !== null && !offer.seated)
    throw new Refused('invalid', 'this pool has no seats to choose from');
  return offer;
}

/** By the database's clock, which is the same for every process. */
export function saleWindow({ opensAt, closesAt, now }: Offer): 'early' | 'open' | 'over' {
  if (opensAt !== null && now < opensAt) return 'early';
  return closesAt !== null && now >= closesAt ? 'over' : 'open';
}

/** @throws Refused */
export function refuseOutsideWindow(offer: Offer, steps: Steps): void {
  const window = steps.saleWindow(offer);
  if (window === 'early') throw new Refused('not_open', 'the sale has not begun');
  if (window === 'over') throw new Refused('closed', 'the sale is over');
}

/** Sells or holds tickets. Run it inside one transaction: what it throws undoes the rest. @throws Refused */
export async function acquire(
  client: pg.PoolClient,
  { ask, as, steps }: { ask: Ask; as: 'held' | 'paid'; steps: Steps },
): Promise<Booking> {
  const offer = await readOffer(client, ask);
  refuseOutsideWindow(offer, steps);
  // Most of a rush comes too late, and is told so without having written anything or waited for a lock. Holds that ran
  // out are only looked for: ending them takes the pool's row, which comes after the buyer's.
  if (offer.remaining < ask.quantity && !(await hasExpired(client, ask.pool))) throw soldOut();
  await refuseAboveLimit(client, { ...offer, ...ask }, steps);
  const totalCents = offer.priceCents * ask.quantity;
  if (as === 'paid') await charge(client, ask.buyer, totalCents);
  if (!(await takeOrRelease(client, ask, steps))) throw soldOut();
  const seats = await takeSeats(client, { ask, offer, steps });
  return insertOrder(client, { ask, as, offer, seats, totalCents });
}

export const soldOut = (): Refused => new Refused('sold_out', 'not enough tickets are left');

interface NewOrder {
  readonly ask: Ask;
  readonly as: 'held' | 'paid' | 'cancelled';
  readonly offer: Offer;
  readonly seats: readonly string[];
  readonly totalCents: number;
}

/** Writes the order, and its payment unless it is a hold. */
export async function insertOrder(client: pg.PoolClient, made: NewOrder): Promise<Booking> {
  const { ask, as, offer, seats, totalCents } = made;
  const { order, event } = offer;
  const { rows } = await client.query<{ expiresAt: string | null }>({
    name: 'box-insert-order',
    text: `WITH payment AS (
        INSERT INTO box_payment (event_id, order_id, buyer, amount_cents)
          SELECT $2, $1, $4, $8 WHERE $7::text <> 'held')
      INSERT INTO box_order (id, event_id, pool_id, buyer, quantity, seats, status, total_cents, intent,
        expires_at, paid_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7::text, $8, $9,
        CASE WHEN $7::text = 'held' THEN clock_timestamp() + $10 * interval '1 millisecond' END,
        CASE WHEN $7::text <> 'held' THEN clock_timestamp() END)
      RETURNING ${toldTime('expires_at')} AS "expiresAt"`,
    values: [
      ...[order, event, ask.pool, ask.buyer, ask.quantity, seats, as, totalCents, ask.intent],
      offer.holdMs,
    ],
  });
  if (as === 'held')
    return { order, status: 'held', expiresAt: rows[0]!.expiresAt!, seats, totalCents };
  return { order, status: 'paid', seats, totalCents };
}
