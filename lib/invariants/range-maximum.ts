import { passingFloats } from '../history/lasting.ts';

/**
 * The largest of any run of neighbours in O(log n) after O(n): a bottom-up segment tree over whole numbers or doubles.
 * Leaves are at [n, 2n); the parent of i is i >> 1.
 */
export class RangeMaximum {
  readonly #tree: Float64Array;
  readonly #leaves: number;

  constructor(values: Float64Array) {
    this.#leaves = values.length;
    this.#tree = passingFloats(2 * values.length);
    this.#tree.set(values, values.length);
    for (let i = values.length - 1; i > 0; i--) {
      this.#tree[i] = Math.max(this.#tree[2 * i]!, this.#tree[2 * i + 1]!);
    }
  }

  /** Over the values from `first` up to, not including, `after`; −∞ where there are none. */
  over(first: number, after: number): number {
    let most = Number.NEGATIVE_INFINITY;
    let low = first + this.#leaves;
    let high = after + this.#leaves;
    for (; low < high; low >>= 1, high >>= 1) {
      if (low & 1) most = Math.max(most, this.#tree[low++]!);
      if (high & 1) most = Math.max(most, this.#tree[--high]!);
    }
    return most;
  }
}
