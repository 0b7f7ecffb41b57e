import betaQuantile from '@stdlib/stats-base-dists-beta-quantile';
import type { Interval } from './interval.ts';

/**
 * Exact bounds of a probability after `hits` in `trials` independent trials: Clopper and Pearson, *The use of
 * confidence or fiducial limits illustrated in the case of the binomial*, Biometrika 26 (1934), by quantiles of the
 * beta distribution.
 *
 * Each bound is one-sided at `confidence`, because a verdict rests on one of them only: 0 hits in 2,995 trials are the
 * fewest that show less than 0.1 % at 0.95. Without trials the interval is [0, 1].
 */
export function binomialInterval(hits: number, trials: number, confidence: number): Interval {
  return {
    low: hits === 0 ? 0 : betaQuantile(1 - confidence, hits, trials - hits + 1),
    high: hits === trials ? 1 : betaQuantile(confidence, hits + 1, trials - hits),
  };
}

/** Ranks from 1; `low` 0 and `high` n + 1 are unbounded. */
export interface RankInterval {
  readonly low: number;
  readonly high: number;
}

/**
 * Which two order statistics of `n` independent samples enclose the quantile `p` (0 < p < 1), each with at least
 * `confidence`, whatever the distribution (David and Nagaraja, *Order Statistics*, 3rd ed., 7.1): the low one is the
 * largest rank r with P(B ≥ r) ≥ confidence, the high one the smallest with P(B < r) ≥ confidence, B ~ Bin(n, p).
 * Whole ranks, so always on the side of too wide: p99 has a high rank from 299 samples on, at 0.95.
 */
export function orderStatisticRanks(n: number, p: number, confidence: number): RankInterval {
  // "P(B < r) ≥ confidence" is "r hits would show a probability ≥ p", and the mirror image for the low rank.
  const reaches = (rank: number) => rank > n || binomialInterval(rank, n, confidence).low >= p;
  const exceeds = (rank: number) => rank > n || binomialInterval(rank - 1, n, confidence).high > p;
  return { low: firstTrue(1, n + 1, exceeds) - 1, high: firstTrue(1, n + 1, reaches) };
}

/** The smallest whole number in [low, high] for which a monotone test is true; it must be true for `high`. */
function firstTrue(low: number, high: number, test: (value: number) => boolean): number {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (test(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}
