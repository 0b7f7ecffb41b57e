import { protocol } from 'onsale:target';
import {
  arrivalOptions,
  arrive,
  type Barrier,
  openBarrier,
  type Visit,
} from './support/arrivals.ts';
import { asking, canAsk, type Visitor } from './support/ask.ts';
import { summarise } from './support/summary.ts';
import { drawsOf, pause, think } from './support/visit.ts';

const CLOCK_MS = 5;

/**
 * A visitor looks at the page of the event and at what is left, thinks, and buys or leaves; who bought looks once more.
 * What is seen is recorded, so that it can be compared with what was sold.
 */
function visitOf(visitor: Visitor): Visit {
  const draw = drawsOf(visitor);
  const look = asking(protocol, 'availability', visitor);
  const open = canAsk(protocol, 'view') ? asking(protocol, 'view', visitor) : null;
  return () => {
    open?.();
    look();
    if (visitor.intent.story === 'leave') return;
    think(draw);
    asking(protocol, 'purchase', visitor)();
    // The clock has whole milliseconds: within one of them nobody can say what came first.
    pause(CLOCK_MS);
    look();
  };
}

export const options = arrivalOptions;
export const setup = openBarrier;
export default (barrier: Barrier): void => arrive(barrier, visitOf);
export const handleSummary = summarise;
