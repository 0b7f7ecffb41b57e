import type { Flaw } from './flaw.ts';

/** Two purchases of one buyer at once each count what the buyer had before either. */
export const buyerLimitRace: Flaw = {
  name: 'buyer-limit-race',
  bug: 'Counts the buyer’s tickets without the lock on the buyer: several purchases at once get past the limit.',
  place: 'sale',
  steps: (steps) => ({ ...steps, lockBuyer: async () => undefined }),
};
