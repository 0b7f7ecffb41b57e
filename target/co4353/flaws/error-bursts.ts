import { errorBursts as note, withBreaker } from '../../flaws/error-bursts.ts';
import type { Flaw } from './flaw.ts';

export const errorBursts: Flaw = {
  name: note.name,
  bug: note.bug,
  place: note.place,
  plant: (services) => ({
    ...services,
    orders: { ...services.orders, reserve: withBreaker(services.orders.reserve) },
  }),
};
