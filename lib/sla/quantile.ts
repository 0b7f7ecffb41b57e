import { BATCHES, batchMean, batchStart, studentT } from './batch-means.ts';
import { orderStatisticRanks } from './binomial.ts';
import { hull, type Interval } from './interval.ts';

export interface QuantileEstimate extends Interval {
  /** The empirical quantile; NaN without samples, Infinity where it falls on a sample that never ended. */
  readonly value: number;
  readonly samples: number;
  /** The largest finite sample; -Infinity where there is none. */
  readonly largest: number;
  readonly method: string;
}

/**
 * The smallest sample that at least the ratio `p` (0 < p ≤ 1) of all are not above: definition 1 of Hyndman and Fan,
 * *Sample Quantiles in Statistical Packages*, 1996. `sorted` ascends. NaN without samples.
 */
export function empiricalQuantile(sorted: Float64Array, p: number): number {
  if (sorted.length === 0) return Number.NaN;
  // 0.07 × 100 is a little more than 7 in binary; that little must not cost a rank.
  const rank = Math.ceil(sorted.length * p - 1e-9);
  return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1]!;
}

/**
 * The quantile `p` (0 < p < 1) of samples **in order of time**, with its interval. Samples may be Infinity.
 *
 * Latencies of a loaded system depend on each other: on an M/M/1 queue intervals from order statistics alone, which
 * take them as independent, cover the truth in half of the runs or fewer. Batch means do not take them so. The result
 * is never narrower than the one from order statistics, which are exact where batches have too few samples to differ:
 * p99 is unbounded below 299 samples at 0.95. Below BATCHES samples it is the one from order statistics alone.
 */
export function estimateQuantile(
  inTime: Float64Array,
  p: number,
  confidence: number,
): QuantileEstimate {
  const sorted = inTime.slice().sort();
  const samples = sorted.length;
  const ranks = orderStatisticRanks(samples, p, confidence);
  const exact: Interval = {
    low: sorted[ranks.low - 1] ?? -Infinity,
    high: sorted[ranks.high - 1] ?? Infinity,
  };
  const batched = samples >= BATCHES;
  const value = empiricalQuantile(sorted, p);
  const { low, high } = batched ? hull(exact, batchQuantile(inTime, p, confidence, value)) : exact;
  const method = batched
    ? `batch means, ${BATCHES} batches, order statistics as floor`
    : 'order statistics';
  return { low, high, value, samples, largest: largestFinite(sorted), method };
}

function largestFinite(sorted: Float64Array): number {
  let i = sorted.length - 1;
  while (i >= 0 && sorted[i] === Infinity) i--;
  return sorted[i] ?? -Infinity;
}

/**
 * The interval by inverting a test, as Woodruff did for samples from surveys (*Confidence Intervals for Medians and
 * Other Position Measures*, 1952): x is ruled out as the quantile if p is outside the batch means' interval of the
 * ratio of samples ≤ x. The interval's width is the larger of the one at x and the one at the empirical quantile:
 * towards the largest sample, where exceedances run out, the batches come to agree although nothing more is known.
 * The ratio rises with x but its width does not, so the ruled-out values need not be contiguous; the result runs from
 * the first x not ruled out from below to the last not ruled out from above, which is the wider reading, and ends at
 * the largest sample. One merge of the sorted batches, O(n + 20 · distinct samples). Needs ≥ BATCHES samples.
 */
export function batchQuantile(
  inTime: Float64Array,
  p: number,
  confidence: number,
  empirical: number,
): Interval {
  const t = studentT(confidence);
  const widthAtQuantile = batchMean(ratiosUpTo(inTime, empirical), t).halfWidth;
  let low = Number.NaN;
  let high = Number.NaN;
  let largest = Number.NaN;
  mergeBatches(inTime, (x, ratios) => {
    const { mean, halfWidth } = batchMean(ratios, t);
    const width = Math.max(halfWidth, widthAtQuantile);
    if (Number.isNaN(low) && mean + width >= p) low = x;
    if (mean - width < p) high = Number.NaN;
    else if (Number.isNaN(high)) high = x;
    largest = x;
  });
  return { low, high: Number.isNaN(high) ? largest : high };
}

/** Which ratio of each batch is ≤ x. */
function ratiosUpTo(inTime: Float64Array, x: number): Float64Array {
  const ratios = new Float64Array(BATCHES);
  for (let b = 0; b < BATCHES; b++) {
    const [from, to] = [batchStart(b, inTime.length), batchStart(b + 1, inTime.length)];
    let hits = 0;
    for (let i = from; i < to; i++) if (inTime[i]! <= x) hits++;
    ratios[b] = hits / (to - from);
  }
  return ratios;
}

/** Calls `visit` for each distinct sample, ascending, with the ratio of each batch that is not above it. */
function mergeBatches(
  inTime: Float64Array,
  visit: (x: number, ratios: Float64Array) => void,
): void {
  const batches = sortedBatches(inTime);
  const ratios = new Float64Array(BATCHES);
  const next = new Int32Array(BATCHES);
  for (let x = smallestNext(batches, next); x !== null; x = smallestNext(batches, next)) {
    for (let b = 0; b < BATCHES; b++) {
      const batch = batches[b]!;
      while (next[b]! < batch.length && batch[next[b]!] === x) next[b]!++;
      ratios[b] = next[b]! / batch.length;
    }
    visit(x, ratios);
  }
}

function sortedBatches(inTime: Float64Array): Float64Array[] {
  return Array.from({ length: BATCHES }, (_, b) =>
    inTime.slice(batchStart(b, inTime.length), batchStart(b + 1, inTime.length)).sort(),
  );
}

function smallestNext(batches: readonly Float64Array[], next: Int32Array): number | null {
  let smallest: number | null = null;
  for (let b = 0; b < BATCHES; b++) {
    const value = batches[b]![next[b]!];
    if (value !== undefined && (smallest === null || value < smallest)) smallest = value;
  }
  return smallest;
}
