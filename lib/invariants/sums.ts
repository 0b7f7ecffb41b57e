/**
 * A set of amounts of money as closed intervals [low, high], in order and apart from each other; never empty. A superset of
 * what is possible is still right, only less sharp.
 */
export type Sums = readonly (readonly [low: number, high: number])[];

/** Beyond so many intervals a set is told by its two ends alone. */
const INTERVALS_MAX = 256;

export const NOTHING: Sums = [[0, 0]];

export function exactly(amount: number): Sums {
  return [[amount, amount]];
}

/** Every amount from `low` to `high`, both included. */
export function between(low: number, high: number): Sums {
  return [[low, high]];
}

/** `from`, `from + 1`, … up to `to` times the amount. Both ≥ 0, `from` ≤ `to`. */
export function times(amount: number, from: number, to: number): Sums {
  if (from === to || amount === 0) return exactly(from * amount);
  if (to - from >= INTERVALS_MAX) return between(from * amount, to * amount);
  return Array.from({ length: to - from + 1 }, (_, more) => {
    const sum = (from + more) * amount;
    return [sum, sum];
  });
}

export function has(sums: Sums, amount: number): boolean {
  return sums.some(([low, high]) => low <= amount && amount <= high);
}

export const lowest = (sums: Sums): number => sums[0]![0];
export const highest = (sums: Sums): number => sums.at(-1)![1];

/** What one amount of each can come to. At most 256 × 256 steps; the result is joined to at most 256 intervals. */
export function plus(a: Sums, b: Sums): Sums {
  // Most buyers moved money once, or not at all.
  if (a === NOTHING) return b;
  if (b === NOTHING) return a;
  return joined(a.flatMap(([low, high]) => b.map(([l, h]) => [low + l, high + h] as const)));
}

function joined(intervals: (readonly [number, number])[]): Sums {
  intervals.sort((a, b) => a[0] - b[0]);
  const apart: [number, number][] = [];
  for (const [low, high] of intervals) {
    const last = apart.at(-1);
    if (last !== undefined && low <= last[1]) last[1] = Math.max(last[1], high);
    else apart.push([low, high]);
  }
  return apart.length <= INTERVALS_MAX ? apart : between(lowest(apart), highest(apart));
}
