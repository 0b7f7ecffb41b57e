import { setTimeout as sleep } from 'node:timers/promises';
import type { Flaw } from './flaw.ts';

const EVERY = 40;
const STALL_MS = 1500;

/** Nothing is wrong with any order; one buyer in forty waits for work that could have been done later. */
export const slowTail: Flaw = {
  name: 'slow-tail',
  bug: 'Every 40th sale of a process waits 1.5 s for a report that is made inside the request.',
  place: 'around',
  plant: (shop) => ({ ...shop, purchase: withSlowTail(shop.purchase) }),
};

/** The work, after every 40th piece of which a process stalls. */
export function withSlowTail<Asked, Done>(
  work: (asked: Asked) => Promise<Done>,
): (asked: Asked) => Promise<Done> {
  let count = 0;
  return async (asked) => {
    const done = await work(asked);
    count += 1;
    if (count % EVERY === 0) await sleep(STALL_MS);
    return done;
  };
}
