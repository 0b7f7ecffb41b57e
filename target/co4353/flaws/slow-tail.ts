import { slowTail as note, withSlowTail } from '../../flaws/slow-tail.ts';
import type { Flaw } from './flaw.ts';

export const slowTail: Flaw = {
  name: note.name,
  bug: note.bug,
  place: note.place,
  plant: (services) => ({
    ...services,
    orders: { ...services.orders, reserve: withSlowTail(services.orders.reserve) },
  }),
};
