import { passingFloats, passingInt32s } from '../../history/lasting.ts';

/**
 * The largest of a growing row of numbers, where numbers are added to whole beginnings of the row.
 *
 * A number that is not above an earlier one never will be again: whatever is added to it is added to the earlier one,
 * too. So only those that are above all before them stay, each by how much; an addition to a beginning eats from the
 * steps right behind it. Each number goes away once: all together take O(n α(n)) (union-find with path halving).
 */
export class PrefixMaximum {
  readonly #step: Float64Array;
  /** Of a number that went away, the next place; of others, itself. */
  readonly #next: Int32Array;
  #length = 0;
  #most = Number.NEGATIVE_INFINITY;

  /** `size`: as many numbers as will be appended at most. */
  constructor(size: number) {
    this.#step = passingFloats(size);
    this.#next = passingInt32s(size + 1);
    for (let i = 0; i <= size; i++) this.#next[i] = i;
  }

  /** −∞ while there is none. */
  get most(): number {
    return this.#most;
  }

  append(value: number): void {
    const i = this.#length++;
    if (value > this.#most) {
      this.#step[i] = value - this.#most;
      this.#most = value;
    } else this.#next[i] = i + 1;
  }

  /** Adds `value` > 0 to each of the first `count` numbers. The step to the first finite one is ∞: nobody else catches up with it. */
  addToFirst(count: number, value: number): void {
    let rest = value;
    for (let i = this.#find(count); rest > 0 && i < this.#length; i = this.#find(i)) {
      if (this.#step[i]! > rest) {
        this.#step[i]! -= rest;
        rest = 0;
      } else {
        rest -= this.#step[i]!;
        this.#next[i] = i + 1;
      }
    }
    this.#most += rest;
  }

  #find(from: number): number {
    let i = from;
    while (this.#next[i] !== i) {
      this.#next[i] = this.#next[this.#next[i]!]!;
      i = this.#next[i]!;
    }
    return i;
  }
}
