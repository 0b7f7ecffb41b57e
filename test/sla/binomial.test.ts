import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialInterval, orderStatisticRanks } from '../../lib/sla/binomial.ts';

/** P(B ≤ k), B ~ Bin(n, p), by adding one trial after the other: the naive oracle, which cannot underflow. */
function atMost(k: number, n: number, p: number): number {
  let chances = [1];
  for (let i = 0; i < n; i++) {
    chances = [...chances, 0].map((c, hits) => c * (1 - p) + (chances[hits - 1] ?? 0) * p);
  }
  return chances.slice(0, Math.max(0, k + 1)).reduce((sum, chance) => sum + chance, 0);
}

const trials = fc.integer({ min: 1, max: 320 });
const confidences = fc.constantFrom(0.8, 0.95, 0.99);

describe('binomialInterval', () => {
  it('each bound is where the tail beyond it is exactly what the confidence leaves', () => {
    fc.assert(
      fc.property(trials, fc.nat(320), confidences, (n, some, confidence) => {
        const hits = some % (n + 1);
        const { low, high } = binomialInterval(hits, n, confidence);
        if (hits === 0) expect(low).toBe(0);
        else expect(1 - atMost(hits - 1, n, low)).toBeCloseTo(1 - confidence, 6);
        if (hits === n) expect(high).toBe(1);
        else expect(atMost(hits, n, high)).toBeCloseTo(1 - confidence, 6);
      }),
    );
  });

  it('0 errors in 2,995 are the fewest that show less than 0.1 %', () => {
    expect(binomialInterval(0, 2995, 0.95).high).toBeLessThanOrEqual(0.001);
    expect(binomialInterval(0, 2994, 0.95).high).toBeGreaterThan(0.001);
  });

  it('without trials nothing is known', () => {
    expect(binomialInterval(0, 0, 0.95)).toEqual({ low: 0, high: 1 });
  });
});

describe('orderStatisticRanks', () => {
  it('are the narrowest that reach the confidence', () => {
    const quantiles = fc.constantFrom(0.05, 0.5, 0.9, 0.95, 0.99);
    fc.assert(
      fc.property(trials, quantiles, confidences, (n, p, confidence) => {
        const { low, high } = orderStatisticRanks(n, p, confidence);
        const [slack, exact] = [1e-9, confidence];
        // The high rank: P(B < r) reaches the confidence at r and not before.
        if (high <= n) expect(atMost(high - 1, n, p)).toBeGreaterThanOrEqual(exact - slack);
        expect(atMost(high - 2, n, p)).toBeLessThan(exact + slack);
        // The low rank: P(B ≥ r) reaches it at r and not after.
        if (low >= 1) expect(1 - atMost(low - 1, n, p)).toBeGreaterThanOrEqual(exact - slack);
        expect(1 - atMost(low, n, p)).toBeLessThan(exact + slack);
      }),
    );
  });

  it('p99 is bounded from 299 samples on', () => {
    expect(orderStatisticRanks(298, 0.99, 0.95).high).toBe(299);
    expect(orderStatisticRanks(299, 0.99, 0.95).high).toBe(299);
  });

  it('without samples both are unbounded', () => {
    expect(orderStatisticRanks(0, 0.5, 0.95)).toEqual({ low: 0, high: 1 });
  });

  it('stays exact for a million samples', () => {
    // Normal approximation: 990,000 ± 1.645 · 99.5.
    const { low, high } = orderStatisticRanks(1_000_000, 0.99, 0.95);
    expect(Math.abs(low - (990_000 - 163.7))).toBeLessThan(2);
    expect(Math.abs(high - (990_001 + 163.7))).toBeLessThan(2);
  });
});
