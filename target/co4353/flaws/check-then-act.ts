import { SUBSCRIBERS } from '../queue/subjects.ts';
import { readEvent, SAVE, saveOrder } from '../services/reserve.ts';
import type { Flaw } from './flaw.ts';

/**
 * The document is read, changed and saved, without the version that tells whether it is still the one that was read.
 * Everybody who read the same count sells the same ticket, and writes the same smaller count.
 */
export const checkThenAct: Flaw = {
  name: 'check-then-act',
  bug: 'Reads the counter, decides and saves it without looking at its version: buyers in between oversell.',
  place: 'sale',
  plant: (services, { pool, holdMs }) => ({
    ...services,
    orders: {
      ...services.orders,
      reserve: async (wish) => {
        const event = await readEvent(pool, wish.eventId);
        if (event === null) return 'unknown';
        if (event.ticketsLeft < 1) return 'sold-out';
        const subscribers = SUBSCRIBERS['order:created'];
        const order = await saveOrder({ pool, holdMs, subscribers }, { wish, event, save: SAVE });
        return order ?? 'unknown';
      },
    },
  }),
};
