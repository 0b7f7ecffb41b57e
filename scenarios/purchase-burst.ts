import { protocol } from 'onsale:target';
import { type Act, arrivalOptions, arrive, type Barrier, openBarrier } from './support/arrivals.ts';
import { purchase } from './support/purchase.ts';
import { summarise } from './support/summary.ts';

/** Every buyer comes once, asks for what the plan says, and goes away with the answer. Nobody tries again. */
export const options = arrivalOptions;

export const setup = openBarrier;

export default function buyer(barrier: Barrier): void {
  arrive(barrier, (order): Act => purchase(protocol, order));
}

export const handleSummary = summarise;
