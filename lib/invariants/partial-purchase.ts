import type { Finding } from '../model/finding.ts';
import { exampleOf, intentsViolate, intentsWhere } from './by-intent.ts';
import { counted, holdsUnless, witnessOf } from './conclude.ts';
import { orderGaps } from './evidence-gaps.ts';
import type { Evidence, Invariant } from './invariant.ts';
import { namelessGaps, saleOf, unexplainedGaps } from './sale.ts';

/*
 * Claims: a buyer gets all the tickets asked for or none, whatever the reply was. Some shops write one row with a
 * quantity, others one row a ticket, so tickets are summed over an intent's rows: 0 < sum < quantity is partial. A sum
 * above the quantity is duplicate-effect's case; the two never accuse the same intent.
 *
 * Cannot see: which tickets were cancelled by whom. Live and cancelled tickets that together make up the purchase were
 * a whole one once, so such an intent, and at a target that forgets cancelled orders or in a reading that may lag
 * behind every shortfall, is *unknown*.
 *
 * Witness: the operations of one intent and its rows.
 */
function decide(evidence: Evidence): Finding {
  const sale = saleOf(evidence);
  const { wants } = sale;
  const bought = intentsWhere(sale, (each) => wants.pool[each]! >= 0 && wants.live[each]! > 0);
  const short = bought.filter((each) => wants.live[each]! < wants.quantity[each]!);
  const forgets = evidence.state?.keepsCancelled === false;
  const mayCome = evidence.state?.mayLag === true;
  const partial = short.filter(
    (each) =>
      !forgets && !mayCome && wants.live[each]! + wants.cancelled[each]! < wants.quantity[each]!,
  );
  if (partial.length > 0 && sale.gaps.state.length === 0 && sale.nameless.count === 0) {
    const asked = wants.quantity[partial[0]!]!;
    const got = wants.live[partial[0]!]!;
    return intentsViolate('partial-purchase', evidence, {
      intents: partial,
      summary: `${counted(partial.length, 'purchase')} partly filled: one asked for ${asked} and got ${got}.`,
      figures: { bought: bought.length, partial: partial.length, asked, got },
    });
  }
  const unproven = mayCome
    ? 'Tickets of some purchases are missing in a reading that may lag behind: read the shop’s own database.'
    : 'Tickets of some purchases are gone and may have been cancelled: record cancellations, and keep cancelled rows.';
  // Rows that name no intent may be parts of a purchase for which no whole one was found.
  const mayBeElsewhere =
    intentsWhere(sale, (each) => wants.firstBuy[each]! >= 0 && wants.live[each] === 0).length > 0;
  const largest = bought.reduce((most, each) => Math.max(most, wants.quantity[each]!), 0);
  const single =
    largest === 1 ? ' Every one asked for a single ticket, so none could be partial.' : '';
  return holdsUnless('partial-purchase', {
    missing: [
      ...sale.gaps.all,
      ...orderGaps(sale),
      ...(short.length > partial.length ? [unproven] : []),
      ...(partial.length > 0 ? namelessGaps(evidence, sale) : []),
      ...(mayBeElsewhere ? unexplainedGaps(sale) : []),
    ],
    summary: `${counted(bought.length - short.length, 'purchase')} whole, ${short.length} not.${single}`,
    witness: witnessOf(evidence, {
      ...exampleOf(
        sale,
        bought.find((each) => wants.quantity[each] === largest),
      ),
      figures: { bought: bought.length, partial: short.length, largestAsked: largest },
    }),
  });
}

export const partialPurchase: Invariant = {
  id: 'partial-purchase',
  statement: 'All the tickets asked for, or none',
  decide,
};
