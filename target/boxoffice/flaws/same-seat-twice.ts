import { Refused } from '../refusal.ts';
import type { Flaw } from './flaw.ts';

/**
 * Whether the seat is free is looked at first, before the pool's lock is waited for; the UPDATE that comes after it
 * lacks its condition, so everybody who looked in time gets the seat, and the last one is written down.
 */
export const sameSeatTwice: Flaw = {
  name: 'same-seat-twice',
  bug: 'Looks whether a seat is free, waits its turn, and then writes its order over whoever got the seat meanwhile.',
  place: 'sale',
  steps: (steps) => ({
    ...steps,
    takeStock: async (client, ask) => {
      const { rowCount } = await client.query(
        'SELECT FROM box_seat WHERE pool_id = $1 AND label = $2 AND order_id IS NOT NULL',
        [ask.pool, ask.seat],
      );
      if (rowCount === 0) return steps.takeStock(client, ask);
      throw new Refused('seat_taken', `seat ${ask.seat} is not free`);
    },
    claimSeat: async (client, ask, order) => {
      const { rowCount } = await client.query(
        'UPDATE box_seat SET order_id = $3 WHERE pool_id = $1 AND label = $2',
        [ask.pool, ask.seat, order],
      );
      return rowCount === 1;
    },
  }),
};
