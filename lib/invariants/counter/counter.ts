import { ascending, columnOf, countBefore } from '../../history/sorted.ts';
import { PrefixMaximum } from './prefix-maximum.ts';
import { TicketsUntil, type Windows } from './windows.ts';

/*
 * A pool of tickets is a counter of those that are gone. What is known of it:
 *
 * - `taken`: tickets that certainly left, at one moment of their window; `mayTake`: all that may have left.
 * - `givenBack`, `mayGiveBack`: the same of those that came back.
 * - sightings: at one moment of its interval, the number gone was from `low` to `high`. A read of v left out of C says
 *   C − v for both; a refusal of q says at least C − q + 1, and nothing about the most.
 *
 * Let sighting X come before sighting Y. What certainly left between them, less what may have come back meanwhile, cannot
 * be more than `high` of Y − `low` of X. Nor can what may have left between, less what certainly came back, be less than
 * `low` of Y − `high` of X. The beginning, with nothing gone, is before all. These are all the contradictions there are
 * where tickets move one by one and never come back. For then a sale is one of unit jobs with a window of slots 1, 2, … each: after
 * the sightings that ended before it began, up to those that began after it ended. Windows agree with the order
 * in time, so filling slots by earliest deadline finds an order if there is one (the classic argument of exchange), and by Hall's theorem it
 * fails only if some run of slots has too many jobs that must go there (the first kind) or the first slots too few that may
 * (the second, seen from the beginning). Checking pairs needs no heap, and a pair with what lies between *is* the proof.
 *
 * Example: C = 2; X reads 2 in [0,1], a sale is acknowledged in [2,3], Y reads 2 in [4,5]. low(X) = 0, 1 left between,
 * high(Y) = 0: contradiction. With the sale in [2,4] or without its acknowledgement there is none.
 *
 * With larger quantities or tickets that come back, the pairs are necessary, not sufficient: see search.ts.
 */
export interface Stock {
  readonly taken: Windows;
  readonly mayTake: Windows;
  readonly givenBack: Windows;
  readonly mayGiveBack: Windows;
}

export interface Sightings {
  readonly length: number;
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** −∞ where nothing is said. */
  readonly low: Float64Array;
  /** +∞ where nothing is said. */
  readonly high: Float64Array;
}

/** `more`: more were certainly gone than the sighting can have seen. `fewer`: fewer can have been gone than it saw. */
export type Direction = 'more' | 'fewer';

/** One direction of the counter; the other is its mirror image, in which what comes back is taken. */
interface Side {
  readonly certain: Windows;
  readonly byEnd: Uint32Array;
  /** What may have moved against it, by first and by last moment. */
  readonly against: { readonly first: TicketsUntil; readonly last: TicketsUntil };
}

export interface Bounds {
  /** Certainly gone at each moment, going by earlier sightings; −∞ where there is none. */
  readonly bySighting: Float64Array;
  /** Certainly taken before each moment since the beginning. */
  readonly byStart: Float64Array;
}

interface Looked {
  readonly fromStart?: boolean;
  readonly among?: readonly number[] | Uint32Array;
}

function allOf({ length }: Sightings): Uint32Array {
  const places = new Uint32Array(length);
  for (let place = 0; place < length; place++) places[place] = place;
  return places;
}

export class Counter {
  readonly #stock: Stock;
  /** Each made when it is asked for. */
  readonly #sides: Partial<Record<Direction, Side>> = {};
  /** Orders of ends that were asked for before: delays leave the ends as they are. */
  readonly #orders = new WeakMap<Float64Array, Uint32Array>();
  /** a comes before b where `a.end + slackMs < b.start`: twice the clock error. */
  readonly #slackMs: number;

  constructor(stock: Stock, slackMs: number) {
    this.#stock = stock;
    this.#slackMs = slackMs;
  }

  #side(direction: Direction): Side {
    const { taken, mayTake, givenBack, mayGiveBack } = this.#stock;
    const side =
      this.#sides[direction] ??
      (direction === 'more' ? sideOf(taken, mayGiveBack) : sideOf(givenBack, mayTake));
    this.#sides[direction] = side;
    return side;
  }

  /**
   * Places of the sightings that contradict an earlier sighting or, unless told otherwise, the beginning; by start. Only
   * those `among` are looked at, where it is given. O(n log n).
   */
  contradicted(
    sightings: Sightings,
    direction: Direction,
    { fromStart = true, among = allOf(sightings) }: Looked = {},
  ): number[] {
    const { against } = this.#side(direction);
    const seen = direction === 'more' ? sightings : mirrored(sightings);
    const { bySighting, byStart } = this.bounds(
      sightings,
      direction,
      columnOf(among, (y) => seen.start[y]!),
    );
    const found: number[] = [];
    among.forEach((y, k) => {
      const most = seen.high[y]!;
      if (most === Number.POSITIVE_INFINITY) return;
      const least = Math.max(bySighting[k]!, fromStart ? byStart[k]! : Number.NEGATIVE_INFINITY);
      // What may have come back is asked for only where it matters.
      const excess = least - most;
      if (excess > 0 && excess > against.first.upTo(seen.end[y]! + this.#slackMs)) found.push(y);
    });
    return found.sort((a, b) => seen.start[a]! - seen.start[b]! || a - b);
  }

  /** The least that is gone at each of `moments`, before anything is taken off for what may have moved against it. */
  bounds(sightings: Sightings, direction: Direction, moments: Float64Array): Bounds {
    const { certain, byEnd, against } = this.#side(direction);
    const slackMs = this.#slackMs;
    const { start, end, low } = direction === 'more' ? sightings : mirrored(sightings);
    const known = this.#ascendingEnds(end).filter((x) => low[x]! > Number.NEGATIVE_INFINITY);
    const knownEnds = columnOf(known, (x) => end[x]! + slackMs);
    const rising = new PrefixMaximum(known.length);
    const bySighting = new Float64Array(moments.length);
    const byStart = new Float64Array(moments.length);
    let seen = 0;
    let moved = 0;
    let total = 0;
    for (const y of ascending(moments)) {
      const moment = moments[y]!;
      for (;;) {
        const x = seen < known.length ? knownEnds[seen]! : Number.POSITIVE_INFINITY;
        const m =
          moved < byEnd.length ? certain.end[byEnd[moved]!]! + slackMs : Number.POSITIVE_INFINITY;
        if (Math.min(x, m) >= moment) break;
        if (x <= m) {
          const from = start[known[seen]!]! - slackMs;
          rising.append(low[known[seen]!]! + against.last.before(from));
          seen++;
        } else {
          const window = byEnd[moved++]!;
          const since = certain.start[window]!;
          const earlier = knownEnds.subarray(0, seen);
          rising.addToFirst(countBefore(earlier, since), certain.tickets[window]!);
          total += certain.tickets[window]!;
        }
      }
      bySighting[y] = rising.most;
      byStart[y] = total;
    }
    return { bySighting, byStart };
  }

  #ascendingEnds(end: Float64Array): Uint32Array {
    const order = this.#orders.get(end) ?? ascending(end);
    this.#orders.set(end, order);
    return order;
  }
}

function sideOf(certain: Windows, { start, end, tickets }: Windows): Side {
  const against = {
    first: new TicketsUntil(start, tickets),
    last: new TicketsUntil(end, tickets),
  };
  return { certain, byEnd: ascending(certain.end), against };
}

/** What is not gone any more, of sightings of what is gone. */
function mirrored(sightings: Sightings): Sightings {
  return {
    ...sightings,
    low: sightings.high.map((high) => -high),
    high: sightings.low.map((low) => -low),
  };
}
