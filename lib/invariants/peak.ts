import { ascending, entriesAt } from '../history/sorted.ts';
import { certainSpans, type Spans } from './holding-spans.ts';
import type { Evidence } from './invariant.ts';
import type { Sale } from './sale.ts';

/** The most that is held at one moment, and when a limit is first exceeded. */
export interface Peak {
  readonly most: number;
  /** The first moment at which `most` is held; −∞ where nothing ever is. */
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
  members: Int32Array | readonly number[],
  { limit, quantityOf }: { limit: number; quantityOf: (intent: number) => number },
): Peak {
  // A buyer mostly has one.
  if (members.length === 1) return peakOfOne(spans, members[0]!, { limit, quantityOf });
  const begins = ascending(entriesAt(spans.from, members));
  const until = entriesAt(spans.until, members);
  const ends = ascending(until);
  const open = new OpenSpans(spans, members);
  let most = 0;
  let at = Number.NEGATIVE_INFINITY;
  let crossing = -1;
  let held = 0;
  let ended = 0;
  for (const begun of begins) {
    const span = members[begun]!;
    const intent = spans.intent[span]!;
    for (; ended !== ends.length && until[ends[ended]!]! <= spans.from[span]!; ended++) {
      const over = spans.intent[members[ends[ended]!]!]!;
      if (open.end(over)) held -= quantityOf(over);
    }
    if (open.begin(intent)) held += quantityOf(intent);
    if (held <= most) continue;
    if (crossing === -1 && held > limit) crossing = span;
    most = held;
    at = spans.from[span]!;
  }
  return { most, at, crossing };
}

function peakOfOne(
  { from, intent }: Spans,
  span: number,
  { limit, quantityOf }: { limit: number; quantityOf: (intent: number) => number },
): Peak {
  const most = quantityOf(intent[span]!);
  return { most, at: from[span]!, crossing: most > limit ? span : -1 };
}

/** How many spans of each intent are open; nothing to keep where each intent has but one, as in most sales. */
class OpenSpans {
  readonly #count: Map<number, number> | null;

  constructor(spans: Spans, members: Int32Array | readonly number[]) {
    this.#count = isOneEach(spans, members) ? null : new Map();
  }

  /** Whether the intent held nothing before. */
  begin(intent: number): boolean {
    if (this.#count === null) return true;
    const before = this.#count.get(intent) ?? 0;
    this.#count.set(intent, before + 1);
    return before === 0;
  }

  /** Whether it holds nothing now. */
  end(intent: number): boolean {
    if (this.#count === null) return true;
    const left = this.#count.get(intent)! - 1;
    this.#count.set(intent, left);
    return left === 0;
  }
}

/** Whether each is of an intent that comes after the one before. */
function isOneEach({ intent }: Spans, members: Int32Array | readonly number[]): boolean {
  for (let k = 1; k < members.length; k++) {
    if (intent[members[k - 1]!]! >= intent[members[k]!]!) return false;
  }
  return true;
}

/** Of `members` one span of each intent that is held at the moment, the one that began first. */
export function heldAt(
  spans: Spans,
  members: Int32Array | readonly number[],
  at: number,
): number[] {
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
  for (let span = 0; span < spans.length; span++) {
    members[sale.wants.pool[spans.intent[span]!]!]!.push(span);
  }
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
