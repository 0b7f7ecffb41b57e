import { isAcquire, OK } from '../history/history.ts';
import { certainSpans, type Spans } from './holding-spans.ts';
import type { Evidence } from './invariant.ts';
import type { Sale } from './sale.ts';

/** No intent told which seat it has, or told several. */
export const NO_SEAT = -1;

/** The seat that the acknowledged purchases and holds of each intent name, as a number of `details.seats`. */
export function seatsOfIntents({ history }: Evidence, { wants }: Sale): Int32Array {
  const seats = new Int32Array(wants.length).fill(NO_SEAT);
  const { details } = history;
  if (details === null) return seats;
  const isTorn = new Uint8Array(wants.length);
  for (let i = 0; i < history.length; i++) {
    if (history.outcome[i] !== OK || !isAcquire(history, i)) continue;
    const intent = history.intent[i]!;
    const seat = details.seat[i]!;
    if (seats[intent] !== NO_SEAT && seats[intent] !== seat) isTorn[intent] = 1;
    seats[intent] = seat;
  }
  return seats.map((seat, intent) => (isTorn[intent] === 1 ? NO_SEAT : seat));
}

/** Two spans of different intents in which both certainly hold the same seat. */
export interface Clash {
  readonly seat: number;
  readonly earlier: number;
  readonly later: number;
}

/** At most one clash a seat of a pool. O(n log n). */
export function clashesOf(evidence: Evidence, sale: Sale): Clash[] {
  const spans = certainSpans(evidence);
  const seats = seatsOfIntents(evidence, sale);
  const bySeat = new Map<string, number[]>();
  for (let span = 0; span < spans.length; span++) {
    const intent = spans.intent[span]!;
    if (seats[intent] === NO_SEAT) continue;
    const key = `${sale.wants.pool[intent]} ${seats[intent]}`;
    const known = bySeat.get(key);
    if (known === undefined) bySeat.set(key, [span]);
    else known.push(span);
  }
  return [...bySeat.values()].flatMap((members) => {
    const pair = firstOverlap(spans, members);
    return pair === null ? [] : [{ ...pair, seat: seats[spans.intent[members[0]!]!]! }];
  });
}

/**
 * Of spans in order of their beginning, one overlaps an earlier one of somebody else only if it begins before the latest
 * end that anybody else has reached; the two latest ends of different intents are enough to know that.
 */
function firstOverlap(spans: Spans, members: readonly number[]) {
  let latest = -1;
  let second = -1;
  const until = (span: number) => (span === -1 ? Number.NEGATIVE_INFINITY : spans.until[span]!);
  for (const span of members.toSorted((a, b) => spans.from[a]! - spans.from[b]! || a - b)) {
    const intent = spans.intent[span]!;
    const other = latest !== -1 && spans.intent[latest] === intent ? second : latest;
    if (spans.from[span]! < until(other)) return { earlier: other, later: span };
    if (latest !== -1 && spans.intent[latest] === intent) {
      if (until(span) > until(latest)) latest = span;
    } else if (until(span) > until(latest)) {
      second = latest;
      latest = span;
    } else if (until(span) > until(second)) second = span;
  }
  return null;
}
