import type { Finding } from '../model/finding.ts';
import { exampleOf, intentsViolate, intentsWhere } from './by-intent.ts';
import { counted, holdsUnless, witnessOf } from './conclude.ts';
import type { Evidence, Invariant } from './invariant.ts';
import { saleOf } from './sale.ts';

/*
 * Claims: one intent has one effect, however often it was tried: its live tickets, in whichever pool, are never more
 * than it asked for. Rows may be orders or single tickets, so tickets are summed, and any excess is a duplicate, whole
 * or not; a shortfall is partial-purchase's case.
 *
 * Cannot see: a second effect that was cancelled again; a second charge without a second ticket; intents whose
 * operations ask for different things.
 *
 * Witness: the operations of one intent and its rows.
 */
function decide(evidence: Evidence): Finding {
  const sale = saleOf(evidence);
  const { wants } = sale;
  const owned = (intent: number) => wants.live[intent]! + wants.liveElsewhere[intent]!;
  const bought = intentsWhere(sale, (each) => wants.pool[each]! >= 0 && owned(each) > 0);
  const doubled = bought.filter((each) => owned(each) > wants.quantity[each]!);
  const figures = { bought: bought.length, duplicated: doubled.length };
  if (doubled.length > 0 && sale.gaps.state.length === 0) {
    const asked = wants.quantity[doubled[0]!]!;
    const got = owned(doubled[0]!);
    return intentsViolate('duplicate-effect', evidence, {
      intents: doubled,
      summary: `${counted(doubled.length, 'intent')} fulfilled more than once: one asked for ${asked} and got ${got}.`,
      figures: { ...figures, asked, got },
    });
  }
  return holdsUnless('duplicate-effect', {
    missing: sale.gaps.all,
    summary: `${counted(bought.length, 'intent')} with tickets, ${doubled.length} with more than asked for.`,
    witness: witnessOf(evidence, { ...exampleOf(sale, bought[0]), figures }),
  });
}

export const duplicateEffect: Invariant = {
  id: 'duplicate-effect',
  statement: 'One intent, one effect',
  decide,
};
