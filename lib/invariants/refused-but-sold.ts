import { FAIL, INFO, OK, REFUSED } from '../history/history.ts';
import type { Finding } from '../model/finding.ts';
import { exampleOf, intentsViolate, intentsWhere } from './by-intent.ts';
import { counted, holdsUnless, witnessOf } from './conclude.ts';
import type { Evidence, Invariant } from './invariant.ts';
import { endedSo, saleOf } from './sale.ts';

/*
 * Claims: a buyer all of whose attempts were refused, or certainly failed, owns nothing.
 *
 * Cannot see: a ticket that was taken back before the read-back (a cancelled row is no possession); anything while the
 * history is incomplete, for an attempt that it lacks may have bought; replies that the target's protocol takes for
 * failures though the shop meant otherwise.
 *
 * Witness: the operations of one intent, none of which was or may have been a sale, and its live rows.
 */
function decide(evidence: Evidence): Finding {
  const sale = saleOf(evidence);
  const { wants } = sale;
  const refused = intentsWhere(
    sale,
    (intent) =>
      (endedSo(sale, intent, REFUSED) || endedSo(sale, intent, FAIL)) &&
      !endedSo(sale, intent, OK) &&
      !endedSo(sale, intent, INFO) &&
      (wants.pays[intent]! & ((1 << OK) | (1 << INFO))) === 0,
  );
  const owners = refused.filter((each) => wants.live[each]! + wants.liveElsewhere[each]! > 0);
  const figures = { refused: refused.length, owners: owners.length };
  if (owners.length > 0 && sale.gaps.state.length === 0 && evidence.historyComplete) {
    const summary = `${owners.length} of ${counted(refused.length, 'refused buyer')} own tickets.`;
    return intentsViolate('refused-but-sold', evidence, { intents: owners, summary, figures });
  }
  const untried =
    'Nobody was refused, so the claim was not tested: offer more buyers than tickets.';
  return holdsUnless('refused-but-sold', {
    missing: refused.length === 0 ? [...sale.gaps.all, untried] : sale.gaps.all,
    summary: `${counted(refused.length, 'buyer')} refused, ${owners.length} of them with tickets.`,
    witness: witnessOf(evidence, { ...exampleOf(sale, refused[0]), figures }),
  });
}

export const refusedButSold: Invariant = {
  id: 'refused-but-sold',
  statement: 'A refused buyer owns nothing',
  decide,
};
