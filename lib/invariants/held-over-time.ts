import { RangeMaximum } from './range-maximum.ts';

/** Tickets at moments, in order of time. */
export interface Changes {
  readonly at: Float64Array;
  readonly tickets: Float64Array;
}

/** How many tickets are held as time goes on, and the most within any stretch of it in O(log n) after O(n). */
export class HeldOverTime {
  readonly #times: Float64Array;
  /** After the first n changes; those that take away come last of those at the same time, for they are still held then. */
  readonly #most: RangeMaximum;

  /** `taken` from their moments on, `released` no longer after theirs. */
  constructor(taken: Changes, released: Changes) {
    const length = taken.at.length + released.at.length;
    this.#times = new Float64Array(length);
    const sums = new Float64Array(length + 1);
    let begun = 0;
    let over = 0;
    for (let n = 0; n < length; n++) {
      const isTaken =
        over === released.at.length ||
        (begun < taken.at.length && taken.at[begun]! <= released.at[over]!);
      this.#times[n] = isTaken ? taken.at[begun]! : released.at[over]!;
      sums[n + 1] = sums[n]! + (isTaken ? taken.tickets[begun++]! : -released.tickets[over++]!);
    }
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
