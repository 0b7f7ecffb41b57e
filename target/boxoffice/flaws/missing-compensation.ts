import type pg from 'pg';
import { refuseAboveLimit } from '../limit.ts';
import { charge } from '../money.ts';
import type { Ask, Booking } from '../office.ts';
import { insertOrder, readOffer, refuseOutsideWindow, soldOut } from '../sale.ts';
import { takeSeats } from '../seats.ts';
import type { Offer, Steps } from '../steps.ts';
import { takeOrRelease } from '../stock.ts';
import { inSale } from '../transaction.ts';
import type { Flaw } from './flaw.ts';

/**
 * A saga of two transactions: the money first, then the tickets. Where the second fails nobody undoes the first, so a
 * buyer who is told "sold out" has paid, for an order that is not valid.
 */
export const missingCompensation: Flaw = {
  name: 'missing-compensation',
  bug: 'Takes the money in one transaction and the tickets in the next, and keeps the money if there are none.',
  place: 'sale',
  plant: (office, { pool, steps }) => ({
    ...office,
    purchase: async (ask) => {
      const offer = await inSale(pool, (client) => takeMoney(client, ask, steps));
      return inSale(pool, (client) => takeTickets(client, { ask, offer, steps }));
    },
  }),
};

async function takeMoney(client: pg.PoolClient, ask: Ask, steps: Steps): Promise<Offer> {
  const offer = await readOffer(client, ask);
  refuseOutsideWindow(offer, steps);
  await refuseAboveLimit(client, { ...offer, ...ask }, steps);
  const totalCents = offer.priceCents * ask.quantity;
  await charge(client, ask.buyer, totalCents);
  await insertOrder(client, { ask, as: 'cancelled', offer, seats: [], totalCents });
  return offer;
}

async function takeTickets(
  client: pg.PoolClient,
  { ask, offer, steps }: { ask: Ask; offer: Offer; steps: Steps },
): Promise<Booking> {
  if (!(await takeOrRelease(client, ask, steps))) throw soldOut();
  const seats = await takeSeats(client, { ask, offer, steps });
  const { order, priceCents } = offer;
  await client.query(`UPDATE box_order SET status = 'paid', seats = $2 WHERE id = $1`, [
    order,
    seats,
  ]);
  return { order, status: 'paid', seats, totalCents: priceCents * ask.quantity };
}
