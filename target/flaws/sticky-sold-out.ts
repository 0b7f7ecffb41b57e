import type { Flaw } from './flaw.ts';

/**
 * "Not enough for this buyer" is remembered as "none for anybody": one group that wants more than there is left, and
 * this process turns everybody away from then on.
 */
export const stickySoldOut: Flaw = {
  name: 'sticky-sold-out',
  bug: 'Remembers a ticket as sold out once one request was too large, and turns smaller ones away as well.',
  place: 'around',
  plant: (shop) => {
    const soldOut = new Set<string>();
    return {
      ...shop,
      purchase: async (order) => {
        const ticket = String(order.ticketId);
        if (soldOut.has(ticket)) return 'sold-out';
        const sale = await shop.purchase(order);
        if (sale === 'sold-out') soldOut.add(ticket);
        return sale;
      },
    };
  },
};
