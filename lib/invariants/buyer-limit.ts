import { UNSENT } from '../history/attribution.ts';
import { type Grouping, grouped, membersOf } from '../history/grouping.ts';
import type { Finding } from '../model/finding.ts';
import { buyerOfKey, buyersOf } from './buyers.ts';
import { isCertainlyLive } from './certain-rows.ts';
import { counted, fewestAbove, holdsUnless, violated, witnessOf } from './conclude.ts';
import { certainSpans, isTakenUnseen } from './holding-spans.ts';
import type { Evidence, Invariant } from './invariant.ts';
import { ownerlessRows } from './ownerless-rows.ts';
import { heldAt, type Peak, peakOf } from './peak.ts';
import type { Sale } from './sale.ts';
import { saleOf } from './sale.ts';
import { shortHoldGaps } from './short-holds.ts';

/*
 * Claims: no buyer ever holds or owns more tickets than the limit, in all pools together: neither in live rows of the
 * final state, nor at a moment in what replies certainly gave (the capacity sweep of oversell-instant, for each buyer).
 *
 * Cannot see: tickets a buyer had before the run; buyers whose several accounts nobody ties together; what was held and
 * cancelled at a time that nothing tells (*unknown*). A held row whose time is over counts for nothing.
 *
 * Witness: the fewest rows of one buyer that exceed the limit; or the acknowledgements of what was held at that moment.
 */
interface Excess {
  readonly buyer: number;
  readonly held: number;
  readonly seenIn: 'rows' | 'operations';
}

/** By buyer: rows that are certainly live, and certain spans. */
interface Possessions {
  readonly rows: Grouping;
  readonly spans: Grouping;
}

function possessionsOf(evidence: Evidence, sale: Sale): Possessions {
  const { ids, ofIntent } = buyersOf(evidence);
  const ofRow = new Int32Array(sale.rows.length);
  sale.rows.forEach(({ intent }, row) => {
    const known = sale.rowIntent[row]!;
    const buyer =
      known >= 0 ? ofIntent[known]! : intent === null ? -1 : buyerOfKey(evidence, intent);
    ofRow[row] = isCertainlyLive(evidence, sale, row) ? buyer : -1;
  });
  const ofSpan = certainSpans(evidence).intent.map((intent) => ofIntent[intent]!);
  return { rows: grouped(ofRow, ids.length), spans: grouped(ofSpan, ids.length) };
}

function decide(evidence: Evidence): Finding {
  const sale = saleOf(evidence);
  const limit = evidence.fixture.rules?.buyerLimit ?? Number.MAX_SAFE_INTEGER;
  const owned = possessionsOf(evidence, sale);
  const trusted = sale.gaps.state.length === 0;
  const excesses: Excess[] = [];
  let [buyers, held] = [0, 0];
  for (const buyer of buyersOf(evidence).ids.keys()) {
    const own = membersOf(owned.rows, buyer);
    const inRows = own.reduce((sum, row) => sum + sale.rows[row]!.quantity, 0);
    const peak = peakOfBuyer(evidence, sale, { owned, buyer, limit });
    if (own.length > 0 || peak.most > 0) buyers++;
    const rows = trusted ? inRows : 0;
    const most = Math.max(rows, peak.most);
    held = Math.max(held, most);
    if (most > limit)
      excesses.push({ buyer, held: most, seenIn: rows === most ? 'rows' : 'operations' });
  }
  if (excesses.length > 0) return asViolation(evidence, sale, { excesses, buyers, owned, limit });
  return holdsUnless('buyer-limit', {
    missing: [
      ...sale.gaps.all,
      ...limitGaps(evidence, sale, limit),
      ...shortHoldGaps(evidence, sale, {
        groupOf: (intent) => buyersOf(evidence).ofIntent[intent]!,
        limitOf: () => limit,
      }),
    ],
    summary: `${counted(buyers, 'buyer')} with tickets, none with more than ${held}; the limit is ${limit}.`,
    witness: witnessOf(evidence, { figures: { buyers, heldMost: held, limit } }),
  });
}

function peakOfBuyer(
  evidence: Evidence,
  sale: Sale,
  of: { readonly owned: Possessions; readonly buyer: number; readonly limit: number },
): Peak {
  const quantityOf = (intent: number) => sale.wants.quantity[intent]!;
  const own = membersOf(of.owned.spans, of.buyer);
  return peakOf(certainSpans(evidence), own, { limit: of.limit, quantityOf });
}

interface Found {
  readonly excesses: readonly Excess[];
  /** How many have tickets. */
  readonly buyers: number;
  readonly owned: Possessions;
  readonly limit: number;
}

function asViolation(
  evidence: Evidence,
  sale: Sale,
  { excesses, buyers, owned, limit }: Found,
): Finding {
  const worst = excesses.reduce((a, b) => (b.held > a.held ? b : a));
  const { buyer } = worst;
  const own = membersOf(owned.spans, buyer);
  const { at } = peakOfBuyer(evidence, sale, { owned, buyer, limit });
  const spans = certainSpans(evidence);
  const quantityOf = (span: number) => sale.wants.quantity[spans.intent[span]!]!;
  const exhibits =
    worst.seenIn === 'rows'
      ? {
          rows: fewestAbove(
            [...membersOf(owned.rows, buyer)],
            (row) => sale.rows[row]!.quantity,
            limit,
          ),
        }
      : {
          operations: fewestAbove(heldAt(spans, own, at), quantityOf, limit).map(
            (span) => spans.operation[span]!,
          ),
        };
  const how = worst.seenIn === 'rows' ? 'in the end' : 'at one moment';
  return violated('buyer-limit', {
    count: excesses.length,
    summary:
      `${counted(excesses.length, 'buyer')} above the limit of ${limit}: one, ${buyersOf(evidence).ids[buyer]!.slice(0, 100)}, had ` +
      `${counted(worst.held, 'ticket')} ${how}.`,
    witness: witnessOf(evidence, {
      ...exhibits,
      figures: { held: worst.held, limit, buyers },
    }),
  });
}

function limitGaps(evidence: Evidence, sale: Sale, limit: number): string[] {
  const { state } = evidence;
  const { ids, ofIntent, unnamed } = buyersOf(evidence);
  const gaps: string[] = [];
  if (unnamed > 0)
    gaps.push(`The fixture names no buyer for ${counted(unnamed, 'intent')}: name them there.`);
  if (state !== null && !state.keepsCancelled)
    gaps.push(
      'The target does not keep cancelled orders, so some may have been held unseen: keep them.',
    );
  if (ownerlessRows(evidence) > 0)
    gaps.push(
      'Rows that name no intent may give a buyer more than the limit: give each intent a key.',
    );
  const unseen = sale.rows.some(({ status }, row) => {
    const intent = sale.rowIntent[row]!;
    if (status !== 'cancelled' || intent < UNSENT) return false;
    return intent === UNSENT || isTakenUnseen(evidence, sale, intent);
  });
  if (unseen)
    gaps.push('Rows were cancelled at unknown times: record cancellations in the history.');
  const asked = new Float64Array(ids.length);
  ofIntent.forEach((buyer, intent) => {
    if (buyer !== -1) asked[buyer]! += sale.wants.quantity[intent]!;
  });
  if (asked.every((tickets) => tickets <= limit))
    gaps.push(
      'No buyer asked for more than the limit, so it was not tested: let some ask for more.',
    );
  return gaps;
}

export const buyerLimit: Invariant = {
  id: 'buyer-limit',
  statement: 'No buyer above the limit',
  isBeside: ({ fixture }) =>
    fixture.rules?.buyerLimit === undefined
      ? 'No limit of tickets for each buyer is promised.'
      : null,
  decide,
};
