import { Refused } from '../refusal.ts';
import { aroundSales } from './around-sales.ts';
import type { Flaw } from './flaw.ts';

/**
 * "Not enough for this buyer" is remembered as "none for anybody": one group that wants more than there is left, and
 * this process turns everybody away from then on.
 */
export const stickySoldOut: Flaw = {
  name: 'sticky-sold-out',
  bug: 'Remembers a pool as sold out once one request was too large, and turns smaller ones away as well.',
  place: 'around',
  plant: (office) => {
    const refusals = new Map<string, Refused>();
    return aroundSales(office, async (ask, sell) => {
      const before = refusals.get(ask.pool);
      if (before !== undefined) throw before;
      try {
        return await sell();
      } catch (error) {
        if (error instanceof Refused && error.code === 'sold_out') refusals.set(ask.pool, error);
        throw error;
      }
    });
  },
};
