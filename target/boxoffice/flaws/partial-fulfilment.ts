import type pg from 'pg';
import type { Ask, Booking } from '../office.ts';
import { Refused } from '../refusal.ts';
import { acquire } from '../sale.ts';
import { inSale } from '../transaction.ts';
import type { Flaw, Ground } from './flaw.ts';

/**
 * A loop over single tickets, each in a transaction of its own. Near the end several buyers take turns at the last
 * tickets, each is left with some of what was asked for, and each is told that all went well.
 */
export const partialFulfilment: Flaw = {
  name: 'partial-fulfilment',
  bug: 'Sells ticket by ticket, each in its own transaction, and calls it a success if there was at least one.',
  place: 'sale',
  plant: (office, ground) => ({ ...office, purchase: (ask) => sellOneByOne(ground, ask) }),
};

async function sellOneByOne({ pool, steps }: Ground, ask: Ask): Promise<Booking> {
  const single = { ask: { ...ask, quantity: 1 }, as: 'paid', steps } as const;
  const first = await inSale(pool, (client) => acquire(client, single));
  const seats = [...first.seats];
  const addOne = async (client: pg.PoolClient) => {
    const more = await acquire(client, single);
    await mergeInto(client, first.order, more.order);
    seats.push(...more.seats);
  };
  try {
    for (let sold = 1; sold < ask.quantity; sold += 1) await inSale(pool, addOne);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
  return { ...first, seats, totalCents: first.totalCents * ask.quantity };
}

async function mergeInto(client: pg.PoolClient, order: string, more: string): Promise<void> {
  await client.query('UPDATE box_payment SET order_id = $1 WHERE order_id = $2', [order, more]);
  await client.query('UPDATE box_seat SET order_id = $1 WHERE order_id = $2', [order, more]);
  await client.query(
    `WITH more AS (DELETE FROM box_order WHERE id = $2 RETURNING quantity, total_cents, seats)
      UPDATE box_order o SET quantity = o.quantity + more.quantity, seats = o.seats || more.seats,
        total_cents = o.total_cents + more.total_cents FROM more WHERE o.id = $1`,
    [order, more],
  );
}
