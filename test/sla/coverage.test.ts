import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';
import { describe, expect, it } from 'vitest';
import { orderStatisticRanks } from '../../lib/sla/binomial.ts';
import { estimateQuantile } from '../../lib/sla/quantile.ts';

const QUANTILE = 0.99;
const RUNS = 150;
const REQUESTS = 12_000;

/**
 * Times in an M/M/1 queue with service rate 1 and arrival rate ρ, from its steady state on, by Lindley's recursion.
 * They are exponential with rate 1 − ρ, so the true quantile is known.
 */
function timesInQueue(load: number, seed: number): Float64Array {
  const generator = mersenne(seed);
  const exponential = (rate: number) => -Math.log1p(-uniformFloat64(generator)) / rate;
  let wait = uniformFloat64(generator) < load ? exponential(1 - load) : 0;
  return Float64Array.from({ length: REQUESTS }, () => {
    const service = exponential(1);
    const time = wait + service;
    wait = Math.max(0, wait + service - exponential(load));
    return time;
  });
}

/** In which share of runs the true p99 lies in the interval: ours, and that of order statistics alone. */
function coverage(load: number) {
  const truth = -Math.log(1 - QUANTILE) / (1 - load);
  // Two-sided 95 %: each rank bounds one side.
  const ranks = orderStatisticRanks(REQUESTS, QUANTILE, 0.975);
  let [ours, orderStatistics, falseFail] = [0, 0, 0];
  for (let seed = 1; seed <= RUNS; seed++) {
    const times = timesInQueue(load, seed);
    const { low, high } = estimateQuantile(times, QUANTILE, 0.95);
    if (low <= truth && truth <= high) ours++;
    if (low > truth) falseFail++;
    const sorted = times.sort();
    if (sorted[ranks.low - 1]! <= truth && truth <= sorted[ranks.high - 1]!) orderStatistics++;
  }
  return {
    ours: ours / RUNS,
    orderStatistics: orderStatistics / RUNS,
    falseFail: falseFail / RUNS,
  };
}

describe('the interval of p99 on a queue, where the truth is known', () => {
  // Seeded, so these are facts and no estimates: nominal is 0.95.
  it.each([
    { load: 0.5, orderStatisticsAtMost: 0.6 },
    { load: 0.7, orderStatisticsAtMost: 0.4 },
  ])(
    'holds the truth nearly as often as it says at load $load',
    ({ load, orderStatisticsAtMost }) => {
      const measured = coverage(load);
      expect(measured.ours).toBeGreaterThanOrEqual(0.91);
      expect(measured.falseFail).toBeLessThanOrEqual(0.02);
      expect(measured.orderStatistics).toBeLessThanOrEqual(orderStatisticsAtMost);
    },
  );
});
