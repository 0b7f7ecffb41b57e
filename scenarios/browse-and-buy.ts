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
import { drawsOf, think, tick } from './support/visit.ts';

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
    tick();
    look();
  };
}

export const options = arrivalOptions;
export const setup = openBarrier;
export default (barrier: Barrier): void => arrive(barrier, visitOf);
export const handleSummary = summarise;
