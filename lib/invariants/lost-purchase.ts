import { isForGood } from '../history/attribution.ts';
import type { Finding } from '../model/finding.ts';
import { exampleOf, intentsViolate, intentsWhere } from './by-intent.ts';
import { counted, holdsUnless, witnessOf } from './conclude.ts';
import type { Evidence, Invariant } from './invariant.ts';
import { namelessGaps, saleOf } from './sale.ts';

/*
 * Claims: a purchase that was acknowledged for good (an `ok` purchase, or an `ok` payment for a hold, with no cancellation
 * that succeeded or may have) exists: its intent has a ticket in the pool it asked for, or an order that was cancelled. A
 * row in another pool is not what was bought.
 *
 * Cannot see: whose a row is that names a buyer and no intent: a loss beside such rows that none of them makes up for is
 * *unknown*; a hold that was lost before it was paid; a purchase that was lost and repaired before the read-back; a loss at a target that forgets cancelled
 * orders, for an absent row may then be a cancellation (*unknown*);
 * or in a reading that may lag behind, for the row may yet come (*unknown*).
 *
 * Witness: the operations of one intent that was acknowledged, and its rows elsewhere, if any.
 */
function decide(evidence: Evidence): Finding {
  const sale = saleOf(evidence);
  const { wants } = sale;
  const acknowledged = intentsWhere(
    sale,
    (intent) => wants.pool[intent]! >= 0 && isForGood(sale, intent),
  );
  const lost = acknowledged.filter(
    (intent) => wants.live[intent] === 0 && wants.cancelledRows[intent] === 0,
  );
  const figures = { acknowledged: acknowledged.length, lost: lost.length };
  const mayBeCancelled = lost.length > 0 && evidence.state?.keepsCancelled === false;
  const mayCome = evidence.state?.mayLag === true;
  if (
    lost.length > 0 &&
    sale.gaps.state.length === 0 &&
    !mayBeCancelled &&
    !mayCome &&
    sale.nameless.count === 0
  ) {
    const summary = `${lost.length} of ${counted(acknowledged.length, 'acknowledged purchase')} left no order.`;
    return intentsViolate('lost-purchase', evidence, { intents: lost, summary, figures });
  }
  const forgotten =
    'Acknowledged purchases have no row, but the target does not keep cancelled orders: keep them, to tell lost ' +
    'from cancelled.';
  return holdsUnless('lost-purchase', {
    missing: [
      ...sale.gaps.all,
      ...(mayBeCancelled ? [forgotten] : []),
      ...(lost.length > 0 ? namelessGaps(sale) : []),
    ],
    summary: `${counted(acknowledged.length, 'purchase')} acknowledged, ${lost.length} without an order.`,
    witness: witnessOf(evidence, { ...exampleOf(sale, acknowledged[0]), figures }),
  });
}

export const lostPurchase: Invariant = {
  id: 'lost-purchase',
  statement: 'An acknowledged purchase exists',
  decide,
};
