import { setTimeout as sleep } from 'node:timers/promises';
import { aroundSales } from './around-sales.ts';
import type { Flaw } from './flaw.ts';

const EVERY = 40;
const STALL_MS = 1500;

/** Nothing is wrong with any order; one buyer in forty waits for work that could have been done later. */
export const slowTail: Flaw = {
  name: 'slow-tail',
  bug: 'Every 40th sale of a process waits 1.5 s for a report that is made inside the request.',
  place: 'around',
  plant: (office) => {
    let sales = 0;
    return aroundSales(office, async (_ask, sell) => {
      try {
        return await sell();
      } finally {
        sales += 1;
        if (sales % EVERY === 0) await sleep(STALL_MS);
      }
    });
  },
};
