import { Overloaded } from '../../shop/transaction.ts';
import { aroundSales } from './around-sales.ts';
import type { Flaw } from './flaw.ts';

const UNDER_WAY_MAX = 200;
const OPEN_MS = 250;

/** Nothing is written for whoever is turned away, so every order stays right; only the door is shut too long. */
export const errorBursts: Flaw = {
  name: 'error-bursts',
  bug: 'A breaker trips at 200 sales under way in a process and answers everybody 503 for a quarter of a second.',
  place: 'around',
  plant: (office) => {
    let underWay = 0;
    let openUntil = 0;
    return aroundSales(office, async (_ask, sell) => {
      const now = performance.now();
      if (underWay >= UNDER_WAY_MAX) openUntil = now + OPEN_MS;
      if (now < openUntil) throw new Overloaded('the breaker is open');
      underWay += 1;
      try {
        return await sell();
      } finally {
        underWay -= 1;
      }
    });
  },
};
