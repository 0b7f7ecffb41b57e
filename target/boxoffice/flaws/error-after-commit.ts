import type pg from 'pg';
import { transact } from '../../shop/transaction.ts';
import type { Ask, Booking } from '../office.ts';
import { acquire, soldOut } from '../sale.ts';
import { onConnection } from '../transaction.ts';
import type { Flaw } from './flaw.ts';

/**
 * The test for "is there enough" stands after the sale instead of before it. Whoever bought the last tickets, or
 * bought just before somebody else did, is turned away and owns them all the same.
 */
export const errorAfterCommit: Flaw = {
  name: 'error-after-commit',
  bug: 'Looks at the stock once more after the commit and says sold out to a buyer whose order already stands.',
  place: 'sale',
  plant: (office, { pool, steps }) => ({
    ...office,
    purchase: (ask) =>
      onConnection(pool, async (client) => {
        const booking = await transact(client, () => acquire(client, { ask, as: 'paid', steps }));
        return lookAgain(client, ask, booking);
      }),
  }),
};

async function lookAgain(client: pg.PoolClient, ask: Ask, booking: Booking): Promise<Booking> {
  const { rows } = await client.query<{ enough: boolean }>(
    'SELECT remaining >= $2 AS enough FROM box_pool WHERE id = $1',
    [ask.pool, ask.quantity],
  );
  if (rows[0]?.enough !== true) throw soldOut();
  return booking;
}
