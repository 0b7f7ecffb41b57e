import type { ObjectiveResult } from '../model/verdict.ts';

/** A closed interval; ±Infinity where it is unbounded. `low` ≤ `high`. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** What is known of a value without evidence. */
export const UNBOUNDED: Interval = { low: -Infinity, high: Infinity };

/** The smallest interval that holds both. */
export function hull(a: Interval, b: Interval): Interval {
  return { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
}

/** A promise about one number. */
export interface Limit {
  readonly direction: 'lte' | 'gte';
  readonly value: number;
}

/**
 * `lte`: pass if the whole interval is at most the limit, fail if the whole of it is above; else inconclusive. `gte`:
 * the mirror image. A value exactly at the limit keeps the promise.
 */
export function compare({ low, high }: Interval, limit: Limit): ObjectiveResult['result'] {
  if (limit.direction === 'lte') {
    if (high <= limit.value) return 'pass';
    return low > limit.value ? 'fail' : 'inconclusive';
  }
  if (low >= limit.value) return 'pass';
  return high < limit.value ? 'fail' : 'inconclusive';
}
