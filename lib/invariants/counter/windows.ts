/** Intervals of time in each of which a number of tickets moves, in columns; `end` may be +∞. */
export interface Windows {
  readonly length: number;
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly tickets: Float64Array;
  /** The operation of the history that each comes from. */
  readonly operation: Int32Array;
  /** The intent whose tickets they are, by number. */
  readonly intent: Int32Array;
}

export interface Window {
  readonly start: number;
  readonly end: number;
  readonly tickets: number;
  readonly operation: number;
  readonly intent: number;
}

/** Takes windows one at a time. */
export class WindowList {
  readonly #windows: Window[] = [];

  add(window: Window): void {
    this.#windows.push(window);
  }

  get length(): number {
    return this.#windows.length;
  }

  build(): Windows {
    const all = this.#windows;
    return {
      length: all.length,
      start: Float64Array.from(all, ({ start }) => start),
      end: Float64Array.from(all, ({ end }) => end),
      tickets: Float64Array.from(all, ({ tickets }) => tickets),
      operation: Int32Array.from(all, ({ operation }) => operation),
      intent: Int32Array.from(all, ({ intent }) => intent),
    };
  }
}

/**
 * Places of the finite values, smallest first; equal ones in the order given. Whole numbers that lie close enough
 * together are sorted with their places packed below them, six times as fast as by a comparison function.
 */
export function ascending(values: Float64Array): Uint32Array {
  let finite = 0;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  let whole = true;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    finite++;
    whole &&= Number.isSafeInteger(value);
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const order = new Uint32Array(finite);
  let next = 0;
  if (!whole || (most - least + 1) * values.length > Number.MAX_SAFE_INTEGER) {
    for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i]!)) order[next++] = i;
    return order.sort((a, b) => values[a]! - values[b]! || a - b);
  }
  const packed = new Float64Array(finite);
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i]!)) packed[next++] = (values[i]! - least) * values.length + i;
  }
  packed.sort();
  for (let i = 0; i < finite; i++) order[i] = packed[i]! % values.length;
  return order;
}

/** Tickets of windows by a moment each, summed up to any time in O(log n). Windows whose moment is infinite never count. */
export class TicketsUntil {
  readonly #moments: Float64Array;
  readonly #sums: Float64Array;

  constructor(moments: Float64Array, tickets: Float64Array) {
    const order = ascending(moments);
    this.#moments = Float64Array.from(order, (i) => moments[i]!);
    this.#sums = new Float64Array(order.length + 1);
    order.forEach((i, k) => {
      this.#sums[k + 1] = this.#sums[k]! + tickets[i]!;
    });
  }

  /** Of moments at or before `time`. */
  upTo(time: number): number {
    return this.#sums[countWhile(this.#moments, (moment) => moment <= time)]!;
  }

  /** Of moments before `time`. */
  before(time: number): number {
    return this.#sums[countWhile(this.#moments, (moment) => moment < time)]!;
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
