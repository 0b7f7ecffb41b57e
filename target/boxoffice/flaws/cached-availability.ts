import type { Availability } from '../office.ts';
import type { Flaw } from './flaw.ts';

const FRESH_MS = 500;

/** Each process has its own cache, so two readings may also contradict each other. */
export const cachedAvailability: Flaw = {
  name: 'cached-availability',
  bug: 'Tells how many tickets are left from a cache of each process, half a second old, and calls it exact.',
  place: 'around',
  plant: (office) => {
    const cache = new Map<string, { readonly readAt: number; readonly told: Availability }>();
    return {
      ...office,
      availability: async (pool) => {
        const kept = cache.get(pool);
        if (kept !== undefined && performance.now() - kept.readAt < FRESH_MS) return kept.told;
        const told = await office.availability(pool);
        cache.set(pool, { readAt: performance.now(), told });
        return told;
      },
    };
  },
};
