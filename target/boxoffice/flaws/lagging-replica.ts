import type { Flaw } from './flaw.ts';

/** Who has just bought may read that nothing was sold. */
export const laggingReplica: Flaw = {
  name: 'lagging-replica',
  bug: 'Sends the reads that are called exact to the copy, which lags behind by up to a second.',
  place: 'around',
  plant: (office) => ({ ...office, availability: office.copiedAvailability }),
};
