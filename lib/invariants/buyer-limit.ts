import { UNSENT } from '../history/attribution.ts';
import type { Finding } from '../model/finding.ts';
import { buyerOfKey, buyersOf } from './buyers.ts';
import { isCertainlyLive } from './certain-rows.ts';
import { counted, fewestAbove, holdsUnless, violated, witnessOf } from './conclude.ts';
import { certainSpans, isTakenUnseen } from './holding-spans.ts';
import type { Evidence, Invariant } from './invariant.ts';
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
export interface Excess {
  readonly buyer: string;
  readonly held: number;
  readonly seenIn: 'rows' | 'operations';
}

export interface Possession {
  readonly rows: readonly number[];
  readonly spans: readonly number[];
  readonly inRows: number;
  readonly peak: Peak;
}

/** What each buyer owns in the end, by rows, and held at most, by replies. */
export function possessions(
  evidence: Evidence,
  sale: Sale,
  limit: number,
): Map<string, Possession> {
  const { ids, ofIntent } = buyersOf(evidence);
  const found = new Map<number, { rows: number[]; spans: number[] }>();
  const at = (buyer: number) => {
    const own = found.get(buyer) ?? { rows: [], spans: [] };
    found.set(buyer, own);
    return own;
  };
  sale.rows.forEach(({ intent }, row) => {
    const known = sale.rowIntent[row]!;
    const buyer =
      known >= 0 ? ofIntent[known]! : intent === null ? -1 : buyerOfKey(evidence, intent);
    if (buyer !== -1 && isCertainlyLive(evidence, sale, row)) at(buyer).rows.push(row);
  });
  const spans = certainSpans(evidence);
  spans.intent.forEach((intent, span) => {
    const buyer = ofIntent[intent]!;
    if (buyer !== -1) at(buyer).spans.push(span);
  });
  const quantityOf = (intent: number) => sale.wants.quantity[intent]!;
  return new Map(
    [...found].map(([buyer, own]) => [
      ids[buyer]!,
      {
        ...own,
        inRows: own.rows.reduce((sum, row) => sum + sale.rows[row]!.quantity, 0),
        peak: peakOf(spans, own.spans, { limit, quantityOf }),
      },
    ]),
  );
}

function decide(evidence: Evidence): Finding {
  const sale = saleOf(evidence);
  const limit = evidence.fixture.rules?.buyerLimit ?? Number.MAX_SAFE_INTEGER;
  const owned = possessions(evidence, sale, limit);
  const trusted = sale.gaps.state.length === 0;
  const excesses: Excess[] = [];
  let held = 0;
  for (const [buyer, { inRows, peak }] of owned) {
    const rows = trusted ? inRows : 0;
    const most = Math.max(rows, peak.most);
    held = Math.max(held, most);
    if (most > limit)
      excesses.push({ buyer, held: most, seenIn: rows === most ? 'rows' : 'operations' });
  }
  if (excesses.length > 0) return asViolation(evidence, sale, { excesses, owned, limit });
  return holdsUnless('buyer-limit', {
    missing: [
      ...sale.gaps.all,
      ...limitGaps(evidence, sale, limit),
      ...shortHoldGaps(evidence, sale, {
        groupOf: (intent) => buyersOf(evidence).ofIntent[intent]!,
        limitOf: () => limit,
      }),
    ],
    summary: `${counted(owned.size, 'buyer')} with tickets, none with more than ${held}; the limit is ${limit}.`,
    witness: witnessOf(evidence, { figures: { buyers: owned.size, heldMost: held, limit } }),
  });
}

interface Found {
  readonly excesses: readonly Excess[];
  readonly owned: ReadonlyMap<string, Possession>;
  readonly limit: number;
}

function asViolation(evidence: Evidence, sale: Sale, { excesses, owned, limit }: Found): Finding {
  const worst = excesses.reduce((a, b) => (b.held > a.held ? b : a));
  const { rows, spans: own, peak } = owned.get(worst.buyer)!;
  const spans = certainSpans(evidence);
  const quantityOf = (span: number) => sale.wants.quantity[spans.intent[span]!]!;
  const exhibits =
    worst.seenIn === 'rows'
      ? { rows: fewestAbove(rows, (row) => sale.rows[row]!.quantity, limit) }
      : {
          operations: fewestAbove(heldAt(spans, own, peak.at), quantityOf, limit).map(
            (span) => spans.operation[span]!,
          ),
        };
  const how = worst.seenIn === 'rows' ? 'in the end' : 'at one moment';
  return violated('buyer-limit', {
    count: excesses.length,
    summary:
      `${counted(excesses.length, 'buyer')} above the limit of ${limit}: one, ${worst.buyer.slice(0, 100)}, had ` +
      `${counted(worst.held, 'ticket')} ${how}.`,
    witness: witnessOf(evidence, {
      ...exhibits,
      figures: { held: worst.held, limit, buyers: owned.size },
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
