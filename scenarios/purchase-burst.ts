import { protocol } from 'onsale:target';
import { arrivalOptions, arrive, type Barrier, openBarrier } from './support/arrivals.ts';
import { asking } from './support/ask.ts';
import { summarise } from './support/summary.ts';

/** Every buyer comes once, asks for what the plan says, and goes away with the answer. Nobody tries again. */
export const options = arrivalOptions;

export const setup = openBarrier;

export default function buyer(barrier: Barrier): void {
  arrive(barrier, (visitor) => asking(protocol, 'purchase', visitor));
}

export const handleSummary = summarise;
