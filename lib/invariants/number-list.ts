import { lastingFloats } from '../history/lasting.ts';

/** A growing column of doubles; as an array, V8 would make an object of each that is no small whole number. */
export class NumberList {
  #values = lastingFloats(16);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(value: number): void {
    if (this.#length === this.#values.length) {
      const grown = lastingFloats(2 * this.#length);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#length++] = value;
  }

  /** All of them; the list must not be added to afterwards. */
  build(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}
