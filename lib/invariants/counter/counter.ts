import { ascending, countBefore, entriesAt } from '../../history/sorted.ts';
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
  /** 1, or −1 where what is not gone any more is counted. */
  readonly sign: 1 | -1;
  readonly least: 'low' | 'high';
  readonly most: 'low' | 'high';
}

interface Looked {
  /** Whether the beginning counts as a sighting of nothing gone. */
  readonly fromStart?: boolean;
  /** The sightings that are asked about; absent: the same. */
  readonly of?: Sightings;
}

export class Counter {
  readonly #stock: Stock;
  /** Each made when it is asked for. */
  readonly #sides: Partial<Record<Direction, Side>> = {};
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
      (direction === 'more'
        ? { ...sideOf(taken, mayGiveBack), sign: 1, least: 'low', most: 'high' }
        : { ...sideOf(givenBack, mayTake), sign: -1, least: 'high', most: 'low' });
    this.#sides[direction] = side;
    return side;
  }

  /** Places of those sightings asked about that contradict an earlier one or the beginning; by start. O(n log n). */
  contradicted(
    sightings: Sightings,
    direction: Direction,
    { fromStart = true, of = sightings }: Looked = {},
  ): number[] {
    const { against, sign, most } = this.#side(direction);
    const slackMs = this.#slackMs;
    const leastAt = this.#leastAt(sightings, direction, fromStart);
    const found: number[] = [];
    const { start, [most]: seen } = of;
    const order = ascendingOnce(start);
    for (let k = 0; k < order.length; k++) {
      const y = order[k]!;
      const excess = leastAt(start[y]!) - sign * seen[y]!;
      // What may have come back is asked for only where it matters.
      if (excess > 0 && excess > against.first.upTo(of.end[y]! + slackMs)) found.push(y);
    }
    return found;
  }

  /**
   * The least that is gone at a moment, before anything is taken off for what may have moved against it; −∞ where there is
   * neither an earlier sighting nor a beginning to go by. Asked from moment to later moment.
   */
  #leastAt(
    sightings: Sightings,
    direction: Direction,
    fromStart: boolean,
  ): (moment: number) => number {
    const { certain, byEnd, against, sign, least } = this.#side(direction);
    const slackMs = this.#slackMs;
    const { start, end, [least]: gone } = sightings;
    const order = ascendingOnce(end);
    const ends = entriesAt(end, order, slackMs);
    const moves = entriesAt(certain.end, byEnd, slackMs);
    const rising = new PrefixMaximum(order.length);
    let seen = 0;
    let moved = 0;
    let total = fromStart ? 0 : Number.NEGATIVE_INFINITY;
    return (moment) => {
      for (;;) {
        const x = seen < ends.length ? ends[seen]! : Number.POSITIVE_INFINITY;
        const m = moved < moves.length ? moves[moved]! : Number.POSITIVE_INFINITY;
        if (Math.min(x, m) >= moment) return Math.max(rising.most, total);
        if (x <= m) {
          const place = order[seen++]!;
          // −∞ where the sighting says nothing.
          rising.append(sign * gone[place]! + against.last.before(start[place]! - slackMs));
        } else {
          const window = byEnd[moved++]!;
          const tickets = certain.tickets[window]!;
          rising.addToFirst(countBefore(ends, certain.start[window]!, seen), tickets);
          total += tickets;
        }
      }
    };
  }
}

const orders = new WeakMap<Float64Array, Uint32Array>();

/** Remembered, for the same columns are asked about again and again: delays leave ends as they are. */
function ascendingOnce(values: Float64Array): Uint32Array {
  const order = orders.get(values) ?? ascending(values);
  orders.set(values, order);
  return order;
}

function sideOf(certain: Windows, { start, end, tickets }: Windows) {
  const against = {
    first: new TicketsUntil(start, tickets),
    last: new TicketsUntil(end, tickets),
  };
  return { certain, byEnd: ascending(certain.end), against };
}
