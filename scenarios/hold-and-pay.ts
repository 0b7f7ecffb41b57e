import { protocol } from 'onsale:target';
import type { OperationKind } from '../lib/model/operation.ts';
import type { Reading } from '../lib/targets/protocol.ts';
import {
  arrivalOptions,
  arrive,
  type Barrier,
  openBarrier,
  type Visit,
} from './support/arrivals.ts';
import { asking, askingTwice, canAsk, type Visitor } from './support/ask.ts';
import { waitUntil } from './support/pace.ts';
import { settings } from './support/settings.ts';
import { summarise } from './support/summary.ts';
import { drawsOf, think, tick } from './support/visit.ts';

/** So long after a hold is over for good who comes late pays, and who never paid looks again. */
const LATE_MS = 500;

/**
 * A buyer reserves; then it pays in time, pays when the hold is over, gives it back, or leaves it and comes to see
 * whether its tickets are on sale again.
 */
function visitOf(visitor: Visitor): Visit {
  const draw = drawsOf(visitor);
  return () => {
    // Said only now: some shops let the client say until when it holds.
    const { outcome, order, expiresAt } = asking(protocol, 'hold', visitor)();
    if (outcome !== 'ok' || order === undefined) return;
    const holder = { ...visitor, order };
    const { story } = visitor.intent;
    if (story === 'late' || story === 'never') {
      if (expiresAt === undefined) return;
      const { expiryGraceMs, paymentGraceMs } = settings;
      waitUntil(expiresAt + LATE_MS + (story === 'never' ? expiryGraceMs : paymentGraceMs));
      if (story === 'never') ask('availability', holder);
    } else think(draw);
    if (story === 'cancel') ask('cancel', holder);
    if (story === 'twice') return askingTwice(protocol, 'pay', holder)();
    // Where a hold becomes an order by being paid, it goes on under the order's name.
    const paid = story === 'cancel' || story === 'never' ? null : ask('pay', holder);
    const owner = { ...holder, order: paid?.order ?? order };
    tick();
    ask('status', owner);
    if (story !== 'in-time') return;
    think(draw);
    ask('status', owner);
  };
}

function ask(kind: OperationKind, holder: Visitor): Reading | null {
  return canAsk(protocol, kind) ? asking(protocol, kind, holder)() : null;
}

export const options = arrivalOptions;
export const setup = openBarrier;
export default (barrier: Barrier): void => arrive(barrier, visitOf);
export const handleSummary = summarise;
