import { passingFloats } from '../history/lasting.ts';
import { countBefore, countUpTo } from '../history/sorted.ts';
import { RangeMaximum } from './range-maximum.ts';

/** Tickets at finite moments, in order of time. */
export interface Changes {
  readonly at: Float64Array;
  readonly tickets: Float64Array;
}

/** How many tickets are held as time goes on, and the most within any stretch of it in O(log n) after O(n). */
export class HeldOverTime {
  readonly #times: Float64Array;
  /** After the first n changes; those that take away come last of those at the same time, for they are still held then. */
  readonly #sums: Float64Array;
  /** Null where nothing is released: then the most is at the end. */
  readonly #most: RangeMaximum | null;

  /** `taken` ≥ 0 from their moments on, `released` ≥ 0 no longer after theirs. */
  constructor(taken: Changes, released: Changes) {
    const length = taken.at.length + released.at.length;
    this.#times = passingFloats(length);
    this.#sums = passingFloats(length + 1);
    let sum = 0;
    let begun = 0;
    let over = 0;
    for (let n = 1; n <= length; n++) {
      const takenAt = taken.at[begun] ?? Number.POSITIVE_INFINITY;
      const releasedAt = released.at[over] ?? Number.POSITIVE_INFINITY;
      const isTaken = takenAt <= releasedAt;
      this.#times[n - 1] = isTaken ? takenAt : releasedAt;
      sum += isTaken ? taken.tickets[begun++]! : -released.tickets[over++]!;
      this.#sums[n] = sum;
    }
    this.#most = released.at.length === 0 ? null : new RangeMaximum(this.#sums);
  }

  /** The most at any moment of [from, to]. */
  most(from: number, to: number): number {
    const after = countUpTo(this.#times, to);
    if (this.#most === null) return this.#sums[after]!;
    return this.#most.over(countBefore(this.#times, from), after + 1);
  }
}
