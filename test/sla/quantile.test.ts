import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BATCHES, batchMean, batchStart, studentT } from '../../lib/sla/batch-means.ts';
import { orderStatisticRanks } from '../../lib/sla/binomial.ts';
import { batchQuantile, empiricalQuantile, estimateQuantile } from '../../lib/sla/quantile.ts';

const samplesOf = (min: number, max: number) =>
  fc
    .array(
      fc.oneof(
        { weight: 9, arbitrary: fc.nat(60) },
        { weight: 1, arbitrary: fc.constant(Infinity) },
      ),
      {
        minLength: min,
        maxLength: max,
      },
    )
    .map((list) => Float64Array.from(list));
const quantiles = fc.constantFrom(0.05, 0.5, 0.9, 0.99);

describe('empiricalQuantile', () => {
  it('is the smallest sample that enough samples are not above', () => {
    fc.assert(
      fc.property(samplesOf(1, 80), fc.integer({ min: 1, max: 100 }), (samples, percent) => {
        const smallest = [...samples]
          .sort((a, b) => (a < b ? -1 : 1))
          .find((x) => samples.filter((y) => y <= x).length * 100 >= percent * samples.length);
        expect(empiricalQuantile(samples.slice().sort(), percent / 100)).toBe(smallest);
      }),
    );
  });

  it('of nothing is not a number', () => {
    expect(empiricalQuantile(new Float64Array(), 0.5)).toBeNaN();
  });
});

describe('batches', () => {
  it('cover all samples, differ by one at most and are never empty from BATCHES on', () => {
    fc.assert(
      fc.property(fc.integer({ min: BATCHES, max: 100_000 }), (n) => {
        const sizes = Array.from(
          { length: BATCHES },
          (_, b) => batchStart(b + 1, n) - batchStart(b, n),
        );
        expect(sizes.reduce((a, b) => a + b)).toBe(n);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        expect(Math.min(...sizes)).toBeGreaterThan(0);
      }),
    );
  });

  it('student t with 19 degrees of freedom is the one in the tables', () => {
    expect(studentT(0.95)).toBeCloseTo(2.093, 3);
    expect(studentT(0.99)).toBeCloseTo(2.861, 3);
  });
});

describe('batchQuantile', () => {
  /** The same statement by trying every sample against the definition. */
  function naive(inTime: Float64Array, p: number, empirical: number) {
    const t = studentT(0.95);
    const test = (x: number) => {
      const ratios = Array.from({ length: BATCHES }, (_, b) => {
        const batch = inTime.slice(batchStart(b, inTime.length), batchStart(b + 1, inTime.length));
        return batch.filter((y) => y <= x).length / batch.length;
      });
      return batchMean(ratios, t);
    };
    const width = test(empirical).halfWidth;
    const tried = [...new Set(inTime)]
      .sort((a, b) => (a < b ? -1 : 1))
      .map((x) => {
        const { mean, halfWidth } = test(x);
        return { x, mean, width: Math.max(width, halfWidth) };
      });
    const low = tried.find((c) => c.mean + c.width >= p)!.x;
    const notBelow = tried.findLastIndex((c) => c.mean - c.width < p);
    return { low, high: tried[Math.min(tried.length - 1, notBelow + 1)]!.x };
  }

  it('agrees with trying every sample', () => {
    fc.assert(
      fc.property(samplesOf(BATCHES, 150), quantiles, (samples, p) => {
        const empirical = empiricalQuantile(samples.slice().sort(), p);
        expect(batchQuantile(samples, p, 0.95, empirical)).toEqual(naive(samples, p, empirical));
      }),
    );
  });
});

describe('estimateQuantile', () => {
  it('encloses the empirical quantile, never narrower than order statistics', () => {
    fc.assert(
      fc.property(samplesOf(1, 400), quantiles, (samples, p) => {
        const sorted = samples.slice().sort();
        const ranks = orderStatisticRanks(samples.length, p, 0.95);
        const { low, high, value } = estimateQuantile(samples, p, 0.95);
        expect(low).toBeLessThanOrEqual(Math.min(value, sorted[ranks.low - 1] ?? -Infinity));
        expect(high).toBeGreaterThanOrEqual(Math.max(value, sorted[ranks.high - 1] ?? Infinity));
      }),
    );
  });

  it('never falls when any sample gets slower', () => {
    fc.assert(
      fc.property(samplesOf(20, 60), fc.nat(59), (samples, at) => {
        const slower = samples.slice();
        slower[at % samples.length] = Infinity;
        const [before, after] = [samples, slower].map((s) => estimateQuantile(s, 0.5, 0.95));
        expect(after!.value).toBeGreaterThanOrEqual(before!.value);
      }),
    );
  });

  it('p99 of steady samples is known from 299 on', () => {
    const steady = (n: number) => estimateQuantile(new Float64Array(n).fill(7), 0.99, 0.95);
    expect(steady(298)).toMatchObject({ low: 7, high: Infinity });
    expect(steady(299)).toMatchObject({ low: 7, high: 7, value: 7, samples: 299 });
  });

  it('a slow stretch widens the interval where the same samples, mixed, would not', () => {
    const stretch = Float64Array.from({ length: 4000 }, (_, i) =>
      i < 400 ? 900 + (i % 7) : i % 100,
    );
    const mixed = Float64Array.from({ length: 4000 }, (_, i) => stretch[(i * 1009) % 4000]!);
    const [together, apart] = [stretch, mixed].map((s) => estimateQuantile(s, 0.92, 0.95));
    expect(together!.value).toBe(apart!.value);
    expect(together!.low).toBeLessThan(100);
    expect(apart!.low).toBeGreaterThanOrEqual(900);
  });

  it('of nothing is unbounded', () => {
    const none = estimateQuantile(new Float64Array(), 0.5, 0.95);
    expect(none).toMatchObject({ low: -Infinity, high: Infinity, samples: 0 });
  });

  it('leaves its input as it was', () => {
    const samples = Float64Array.from({ length: 50 }, (_, i) => (i * 7) % 50);
    const copy = samples.slice();
    estimateQuantile(samples, 0.5, 0.95);
    expect(samples).toEqual(copy);
  });
});
