import { certainSpans, type Spans } from './holding-spans.ts';
import type { Evidence } from './invariant.ts';
import type { Sale } from './sale.ts';

/** The most that is held at one moment, and when a limit is first exceeded. */
export interface Peak {
  readonly most: number;
  /** A moment at which `most` is held; −∞ where nothing ever is. */
  readonly at: number;
  /** The span whose beginning first brings it above the limit; −1 where it never is. */
  readonly crossing: number;
}

/**
 * The sweep over `members`, numbers of spans. Each intent counts `quantityOf` once, however many of its spans overlap.
 * O(n log n).
 */
export function peakOf(
  spans: Spans,
  members: readonly number[],
  { limit, quantityOf }: { limit: number; quantityOf: (intent: number) => number },
): Peak {
  const begins = members.slice().sort((a, b) => spans.from[a]! - spans.from[b]! || a - b);
  const ends = members
    .filter((span) => spans.until[span]! < Number.POSITIVE_INFINITY)
    .sort((a, b) => spans.until[a]! - spans.until[b]!);
  const open = new Map<number, number>();
  let peak: Peak = { most: 0, at: Number.NEGATIVE_INFINITY, crossing: -1 };
  let held = 0;
  let ended = 0;
  for (const span of begins) {
    const at = spans.from[span]!;
    for (; ended < ends.length && spans.until[ends[ended]!]! <= at; ended++) {
      const intent = spans.intent[ends[ended]!]!;
      const left = open.get(intent)! - 1;
      open.set(intent, left);
      if (left === 0) held -= quantityOf(intent);
    }
    const intent = spans.intent[span]!;
    const before = open.get(intent) ?? 0;
    open.set(intent, before + 1);
    if (before === 0) held += quantityOf(intent);
    if (held <= peak.most) continue;
    const crossing = peak.crossing === -1 && held > limit ? span : peak.crossing;
    peak = { most: held, at, crossing };
  }
  return peak;
}

/** Of `members` one span of each intent that is held at the moment, the one that began first. */
export function heldAt(spans: Spans, members: readonly number[], at: number): number[] {
  const byIntent = new Map<number, number>();
  for (const span of members) {
    if (spans.from[span]! > at || spans.until[span]! <= at) continue;
    const known = byIntent.get(spans.intent[span]!);
    if (known === undefined || spans.from[span]! < spans.from[known]!) {
      byIntent.set(spans.intent[span]!, span);
    }
  }
  return [...byIntent.values()].sort((a, b) => spans.from[a]! - spans.from[b]! || a - b);
}

const known = new WeakMap<
  Evidence,
  { readonly spans: number[][]; readonly peaks: readonly Peak[] }
>();

function byPool(evidence: Evidence, sale: Sale) {
  const before = known.get(evidence);
  if (before !== undefined) return before;
  const spans = certainSpans(evidence);
  const members: number[][] = sale.pools.map(() => []);
  spans.intent.forEach((intent, span) => {
    members[sale.wants.pool[intent]!]!.push(span);
  });
  const quantityOf = (intent: number) => sale.wants.quantity[intent]!;
  const peaks = sale.pools.map(({ capacity: limit }, pool) =>
    peakOf(spans, members[pool]!, { limit, quantityOf }),
  );
  const found = { spans: members, peaks };
  known.set(evidence, found);
  return found;
}

/** Numbers of the certain spans of each pool. */
export function spansByPool(evidence: Evidence, sale: Sale): readonly (readonly number[])[] {
  return byPool(evidence, sale).spans;
}

/** The most that is certainly held of each pool at one moment, against its capacity. */
export function peaksByPool(evidence: Evidence, sale: Sale): readonly Peak[] {
  return byPool(evidence, sale).peaks;
}
