import type { Finding } from '../model/finding.ts';
import { isRefused } from './asked-tickets.ts';
import { exampleOf, intentsViolate, intentsWhere } from './by-intent.ts';
import { counted, holdsUnless, violated, witnessOf } from './conclude.ts';
import type { Evidence, Invariant } from './invariant.ts';
import { saleOf, unexplainedGaps } from './sale.ts';
import { refusedOf, requestsBehind, type Surpluses } from './too-many-rows.ts';

/*
 * Claims: a buyer all of whose attempts were refused, or certainly failed, owns nothing. Where rows name no intent, they
 * hold no more tickets than intents asked for that bought or may have (too-many-rows.ts): not those of one buyer, of whom
 * nobody else's request could have made them; nor, where the user vouches that nobody else buys, those of a pool. What is
 * more than all requests together asked for is phantom-order's case.
 *
 * Cannot see: where rows name no intent, whether what is too much was made for a refused buyer or is a second order of
 * one who bought; it is told here as long as refused requests asked for as much. Nor a ticket that was taken back before the read-back (a cancelled row is no possession); anything while the
 * history is incomplete, for an attempt that it lacks may have bought; replies that the target's protocol takes for
 * failures though the shop meant otherwise.
 *
 * Witness: the operations of one intent, none of which was or may have been a sale, and its live rows; where rows name no
 * intent, the smallest set of rows that is too large, and the requests that may have made them.
 */
function decide(evidence: Evidence): Finding {
  const sale = saleOf(evidence);
  const { wants } = sale;
  const refused = intentsWhere(
    sale,
    (intent) => wants.outcomes[intent] !== 0 && isRefused(sale, intent),
  );
  const owners = refused.filter((each) => wants.live[each]! + wants.liveElsewhere[each]! > 0);
  const figures = { refused: refused.length, owners: owners.length };
  if (sale.gaps.state.length === 0 && evidence.historyComplete) {
    if (owners.length > 0) {
      const summary = `${owners.length} of ${counted(refused.length, 'refused buyer')} own tickets.`;
      return intentsViolate('refused-but-sold', evidence, { intents: owners, summary, figures });
    }
    const surpluses = refusedOf(evidence);
    if (surpluses !== null) return tooManyRows(evidence, surpluses, refused.length);
  }
  const untried =
    'Nobody was refused, so the claim was not tested: offer more buyers than tickets.';
  return holdsUnless('refused-but-sold', {
    missing: [
      ...sale.gaps.all,
      ...(refused.length === 0 ? [untried] : []),
      ...unexplainedGaps(sale),
    ],
    summary: `${counted(refused.length, 'buyer')} refused, ${owners.length} of them with tickets.`,
    witness: witnessOf(evidence, { ...exampleOf(sale, refused[0]), figures }),
  });
}

function tooManyRows(evidence: Evidence, { count, surplus }: Surpluses, refused: number): Finding {
  const { pool, rows, tickets, asked } = surplus;
  const { id } = saleOf(evidence).pools[pool]!;
  return violated('refused-but-sold', {
    count,
    summary:
      `${counted(count, 'ticket')} that only refused buyers asked for: rows name no intent, but ${tickets} in rows of ` +
      `pool ${id} exceed the ${asked} asked for by all who bought or may have.`,
    witness: witnessOf(evidence, {
      operations: requestsBehind(evidence, surplus),
      rows,
      pools: [pool],
      figures: { refused, tickets, asked },
    }),
  });
}

export const refusedButSold: Invariant = {
  id: 'refused-but-sold',
  statement: 'A refused buyer owns nothing',
  decide,
};
