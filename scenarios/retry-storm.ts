import { protocol } from 'onsale:target';
import {
  arrivalOptions,
  arrive,
  type Barrier,
  openBarrier,
  type Visit,
} from './support/arrivals.ts';
import { asking, askingTwice, type Visitor } from './support/ask.ts';
import { settings } from './support/settings.ts';
import { summarise } from './support/summary.ts';

/**
 * An impatient client sends the same purchase again, with the same key: when no answer came in time, or twice at the
 * same moment, as a double click does. It is one intent whatever comes of it, and nobody may get two orders.
 */
function visitOf(visitor: Visitor): Visit {
  const { story } = visitor.intent;
  if (story === 'twice') return askingTwice(protocol, 'purchase', visitor);
  const tries = story === 'retry' ? settings.attemptsMax : 1;
  return () => {
    for (let tried = 1; tried <= tries; tried++)
      if (asking(protocol, 'purchase', visitor)().outcome !== 'info') return;
  };
}

export const options = arrivalOptions;
export const setup = openBarrier;
export default (barrier: Barrier): void => arrive(barrier, visitOf);
export const handleSummary = summarise;
