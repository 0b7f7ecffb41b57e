import { RangeMaximum } from './range-maximum.ts';

/** Tickets that are held from a moment on (or, if negative, no longer after it), in any order. */
export interface Change {
  readonly at: number;
  readonly tickets: number;
}

/** How many tickets are held as time goes on, and the most within any stretch of it in O(log n) after O(n log n). */
export class HeldOverTime {
  readonly #times: Float64Array;
  /** After the first n changes; those that take away come last of those at the same time, for they are still held then. */
  readonly #most: RangeMaximum;

  constructor(changes: readonly Change[]) {
    const sorted = changes.slice().sort((a, b) => a.at - b.at || b.tickets - a.tickets);
    this.#times = Float64Array.from(sorted, ({ at }) => at);
    const sums = new Float64Array(sorted.length + 1);
    sorted.forEach(({ tickets }, n) => {
      sums[n + 1] = sums[n]! + tickets;
    });
    this.#most = new RangeMaximum(sums);
  }

  /** The most at any moment of [from, to]. */
  most(from: number, to: number): number {
    const before = countWhile(this.#times, (time) => time < from);
    return this.#most.over(before, countWhile(this.#times, (time) => time <= to) + 1);
  }
}

/** How many values at the beginning pass a test that, once failed, all later ones fail. */
export function countWhile(values: Float64Array, passes: (value: number) => boolean): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (passes(values[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
