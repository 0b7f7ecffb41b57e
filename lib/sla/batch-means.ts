import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import type { Interval } from './interval.ts';

/** Fewer widen the interval, more make neighbouring batches depend on each other again (Schmeiser 1982). */
export const BATCHES = 20;

/**
 * Where batch `b` of `BATCHES` contiguous, almost equal batches of `n` samples begins; batch b ends where b + 1
 * begins. From n = BATCHES on none is empty.
 */
export function batchStart(b: number, n: number): number {
  return Math.floor((b * n) / BATCHES);
}

/** Mean of the batches' values, and half the width of its interval. */
export interface BatchMean {
  readonly mean: number;
  readonly halfWidth: number;
}

/**
 * Two-sided interval of a mean by non-overlapping batch means (Law, *Simulation Modeling and Analysis*, 9.5.3): the
 * batches' values are nearly independent where single samples are not, so Student's t with BATCHES − 1 degrees of
 * freedom holds for them. Two-sided although a verdict uses one bound: the method is approximate and needs the margin.
 */
export function batchMean(values: ArrayLike<number>, t: number): BatchMean {
  let sum = 0;
  for (let b = 0; b < BATCHES; b++) sum += values[b]!;
  const mean = sum / BATCHES;
  let squares = 0;
  for (let b = 0; b < BATCHES; b++) squares += (values[b]! - mean) ** 2;
  return { mean, halfWidth: t * Math.sqrt(squares / (BATCHES - 1) / BATCHES) };
}

/** Student's t for {@link batchMean} at a two-sided confidence in (0, 1). */
export function studentT(confidence: number): number {
  return tQuantile((1 + confidence) / 2, BATCHES - 1);
}

/** The interval of the mean of BATCHES values. */
export function batchInterval(values: ArrayLike<number>, confidence: number): Interval {
  const { mean, halfWidth } = batchMean(values, studentT(confidence));
  return { low: mean - halfWidth, high: mean + halfWidth };
}
