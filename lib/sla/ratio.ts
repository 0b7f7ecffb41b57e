import { BATCHES, batchInterval, batchStart } from './batch-means.ts';
import { binomialInterval } from './binomial.ts';
import { hull, type Interval } from './interval.ts';

export interface RatioEstimate extends Interval {
  /** hits / samples; NaN without samples. */
  readonly value: number;
  readonly samples: number;
  readonly method: string;
}

/**
 * The ratio of ones among `flags` (0 or 1, in order of time) with its interval: batch means, because faults come
 * together, and never narrower than the exact binomial one, because batches without a single fault look certain.
 * Below BATCHES samples it is the binomial one alone; without any it is [0, 1].
 */
export function estimateRatio(flags: Uint8Array, confidence: number): RatioEstimate {
  const samples = flags.length;
  const hits = count(flags, 0, samples);
  const exact = binomialInterval(hits, samples, confidence);
  const value = hits / samples;
  if (samples < BATCHES) return { ...exact, value, samples, method: 'exact binomial' };
  const ratios = Array.from({ length: BATCHES }, (_, b) => {
    const [from, to] = [batchStart(b, samples), batchStart(b + 1, samples)];
    return count(flags, from, to) / (to - from);
  });
  const { low, high } = hull(exact, batchInterval(ratios, confidence));
  const method = `batch means, ${BATCHES} batches, exact binomial as floor`;
  return { low: Math.max(0, low), high: Math.min(1, high), value, samples, method };
}

function count(flags: Uint8Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += flags[i]!;
  return sum;
}
