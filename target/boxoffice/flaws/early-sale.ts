import cluster from 'node:cluster';
import type { Flaw } from './flaw.ts';

const AHEAD_MS = 2000;

/** Every machine asks its own clock, and nobody has set those of every other process right. */
export const earlySale: Flaw = {
  name: 'early-sale',
  bug: 'Every process goes by a clock of its own, and that of every other one is two seconds ahead: it sells early.',
  place: 'around',
  steps: (steps) => ({
    ...steps,
    saleWindow: (offer) =>
      steps.saleWindow({ ...offer, now: new Date(Date.now() + (isAhead() ? AHEAD_MS : 0)) }),
  }),
};

/** The first process, the third, and so on. */
function isAhead(): boolean {
  return (cluster.worker?.id ?? 1) % 2 === 1;
}
