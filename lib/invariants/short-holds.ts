import { allSpans, certainSpans, shortSpans } from './holding-spans.ts';
import type { Evidence } from './invariant.ts';
import { peakOf } from './peak.ts';
import type { Sale } from './sale.ts';

/*
 * A hold that is given back while it is being acknowledged was held for a moment that nobody can name. It may have been too
 * much then, which no sweep over certain spans shows; so where it would have been at every moment of its request, a claim
 * about what is held at once does not hold, but is unknown.
 */

/** The gap of such holds for groups of intents with a limit each; `groupOf` is −1 for those of none. */
export function shortHoldGaps(
  evidence: Evidence,
  sale: Sale,
  { groupOf, limitOf }: { groupOf: (intent: number) => number; limitOf: (group: number) => number },
): string[] {
  const short = shortSpans(evidence);
  if (short.length === 0) return [];
  const concerned = new Set([...short.intent].map(groupOf).filter((group) => group !== -1));
  const spans = allSpans(certainSpans(evidence), short);
  const byGroup = new Map<number, number[]>();
  spans.intent.forEach((intent, span) => {
    const group = groupOf(intent);
    if (!concerned.has(group)) return;
    const own = byGroup.get(group);
    if (own === undefined) byGroup.set(group, [span]);
    else own.push(span);
  });
  const quantityOf = (intent: number) => sale.wants.quantity[intent]!;
  const isOpen = [...byGroup].some(([group, own]) => {
    const limit = limitOf(group);
    return peakOf(spans, own, { limit, quantityOf }).most > limit;
  });
  if (!isOpen) return [];
  return [
    'Tickets were given back or expired while they were being acknowledged, so nobody can tell when they were held: let ' +
      'buyers wait before they give back, or make holds longer.',
  ];
}
