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
import { drawsOf, think } from './support/visit.ts';

/** A buyer buys, and pays where that is a step of its own; who plays `return` thinks and gives the tickets back. */
function visitOf(visitor: Visitor): Visit {
  const draw = drawsOf(visitor);
  const buy = asking(protocol, 'purchase', visitor);
  return () => {
    const { outcome, order, amount } = buy();
    if (outcome !== 'ok' || order === undefined) return;
    const owner = { ...visitor, order };
    if (amount === undefined && canAsk(protocol, 'pay')) {
      // Nobody types a card's number in no time, and the news of an order may have to reach who takes the money.
      think(draw);
      if (asking(protocol, 'pay', owner)().outcome !== 'ok') return;
    }
    if (visitor.intent.story !== 'return') return;
    think(draw);
    asking(protocol, 'cancel', owner)();
  };
}

export const options = arrivalOptions;
export const setup = openBarrier;
export default (barrier: Barrier): void => arrive(barrier, visitOf);
export const handleSummary = summarise;
