import { protocol } from 'onsale:target';
import {
  arrivalOptions,
  arrive,
  type Barrier,
  openBarrier,
  type Visit,
} from './support/arrivals.ts';
import { asking, canAsk, type Visitor } from './support/ask.ts';
import { waitUntil } from './support/pace.ts';
import { settings } from './support/settings.ts';
import { summarise } from './support/summary.ts';
import { drawsOf, think } from './support/visit.ts';

/** So long after a hold is over who comes late pays, and who never paid looks again. */
const LATE_MS = 500;

/**
 * A buyer reserves; then it pays in time, pays when the hold is over, gives it back, or leaves it and comes to see
 * whether its tickets are on sale again.
 */
function visitOf(visitor: Visitor): Visit {
  const draw = drawsOf(visitor);
  const reserve = asking(protocol, 'hold', visitor);
  return () => {
    const { outcome, order, expiresAt } = reserve();
    if (outcome !== 'ok' || order === undefined) return;
    const holder = { ...visitor, order };
    const { story } = visitor.intent;
    if (story === 'late' || story === 'never') {
      if (expiresAt === undefined) return;
      waitUntil(expiresAt + LATE_MS + (story === 'never' ? settings.expiryGraceMs : 0));
      ask(story === 'late' ? 'pay' : 'availability', holder);
    } else {
      think(draw);
      ask(story === 'cancel' ? 'cancel' : 'pay', holder);
    }
    ask('status', holder);
  };
}

function ask(kind: 'pay' | 'cancel' | 'availability' | 'status', holder: Visitor): void {
  if (canAsk(protocol, kind)) asking(protocol, kind, holder)();
}

export const options = arrivalOptions;
export const setup = openBarrier;
export default (barrier: Barrier): void => arrive(barrier, visitOf);
export const handleSummary = summarise;
