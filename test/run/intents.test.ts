import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsageFailure } from '../../lib/model/failure.ts';
import { intentsFileSchema, type Plan } from '../../lib/model/plan.ts';
import {
  crowdOf,
  planIntents,
  tailOffsetMs,
  virtualUsersOf,
  zipfWeights,
} from '../../lib/run/intents.ts';

const base: Plan = {
  arrivals: 'burst',
  buyers: 1000,
  capacity: 10,
  pools: 5,
  zipf: 1,
  quantities: [
    { quantity: 1, weight: 3 },
    { quantity: 4, weight: 1 },
  ],
  crowdRatio: 0.3,
  durationMs: 10_000,
  timeoutMs: 1000,
  virtualUsersMax: 5000,
  seed: 7,
};

const plans: fc.Arbitrary<Plan> = fc.record({
  arrivals: fc.constantFrom('burst' as const, 'constant' as const),
  buyers: fc.integer({ min: 1, max: 400 }),
  capacity: fc.nat(100),
  pools: fc.integer({ min: 1, max: 30 }),
  zipf: fc.double({ min: 0, max: 10, noNaN: true }),
  quantities: fc.array(
    fc.record({
      quantity: fc.integer({ min: 1, max: 1000 }),
      weight: fc.double({ min: 0.001, max: 1000, noNaN: true }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  crowdRatio: fc.double({ min: 0, max: 1, noNaN: true }),
  durationMs: fc.integer({ min: 100, max: 3_600_000 }),
  timeoutMs: fc.constant(1000),
  virtualUsersMax: fc.constant(400),
  seed: fc.integer({ min: 0, max: 0xffff_ffff }),
});

/** Pearson's statistic of counts against probabilities. */
function chiSquare(counts: readonly number[], weights: readonly number[]): number {
  const total = counts.reduce((sum, c) => sum + c, 0);
  const whole = weights.reduce((sum, w) => sum + w, 0);
  return counts.reduce((sum, observed, i) => {
    const expected = (total * weights[i]!) / whole;
    return sum + (observed - expected) ** 2 / expected;
  }, 0);
}

function countsOf(values: readonly number[], classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const value of values) counts[value]! += 1;
  return counts;
}

/** Upper 0.1 % point of χ² with 19 degrees of freedom. */
const CHI_19 = 43.82;

describe('any plan', () => {
  test('gives every buyer one intent, in order of arrival, within pools, quantities and duration', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const { intents } = intentsFileSchema.parse(planIntents(plan, 'r'));
        expect(intents.length).toBe(plan.buyers);
        expect(new Set(intents.map((i) => i.key)).size).toBe(plan.buyers);
        intents.forEach((intent, i) => {
          expect(intent.key).toBe(`onsale-r-${i}`);
          expect(intent.offsetMs).toBeGreaterThanOrEqual(intents[i - 1]?.offsetMs ?? 0);
          expect(intent.offsetMs).toBeLessThan(plan.durationMs);
          expect(intent.pool).toBeLessThan(plan.pools);
          expect(plan.quantities.map((q) => q.quantity)).toContain(intent.quantity);
        });
        const atOnce = intents.filter((i) => i.offsetMs === 0).length;
        expect(atOnce).toBeGreaterThanOrEqual(crowdOf(plan));
      }),
    );
  });

  test('is the same again, apart from the run id in the keys', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const again = JSON.stringify(planIntents(plan, 'two')).replaceAll('two', 'one');
        expect(again).toBe(JSON.stringify(planIntents(plan, 'one')));
      }),
    );
  });
});

test('another seed gives another plan', () => {
  const of = (seed: number) =>
    planIntents({ ...base, seed }, 'r').intents.map((i) => [i.pool, i.offsetMs, i.quantity]);
  expect(of(1)).not.toEqual(of(2));
});

test('other quantities leave arrivals and pools as they are', () => {
  const of = (plan: Plan) => planIntents(plan, 'r').intents.map((i) => [i.pool, i.offsetMs]);
  expect(of({ ...base, quantities: [{ quantity: 2, weight: 1 }] })).toEqual(of(base));
});

describe.each([0, 0.7, 1, 2])('pools with exponent %d', (zipf) => {
  const plan = { ...base, pools: 20, zipf, buyers: 100_000, crowdRatio: 0, seed: 12345 };
  const pools = planIntents(plan, 'r').intents.map((i) => i.pool);

  test('are chosen by the law of Zipf', () => {
    expect(chiSquare(countsOf(pools, 20), zipfWeights(20, zipf))).toBeLessThan(CHI_19);
  });

  test('are not chosen by a law that differs a little', () => {
    expect(chiSquare(countsOf(pools, 20), zipfWeights(20, zipf + 0.1))).toBeGreaterThan(CHI_19);
  });
});

test('quantities are chosen by weight', () => {
  const { intents } = planIntents({ ...base, buyers: 100_000, crowdRatio: 0 }, 'r');
  const counts = countsOf(
    intents.map((i) => (i.quantity === 4 ? 1 : 0)),
    2,
  );
  // 10.83 is the upper 0.1 % point with one degree of freedom.
  expect(chiSquare(counts, [3, 1])).toBeLessThan(10.83);
});

describe('the tail of a burst', () => {
  const plan = { ...base, buyers: 100_000, crowdRatio: 0.25, virtualUsersMax: 100_000 };
  const offsets = planIntents(plan, 'r').intents.map((i) => i.offsetMs);

  test('follows the crowd', () => {
    expect(offsets[24_999]).toBe(0);
    expect(offsets.at(-1)).toBeGreaterThan(9900);
  });

  test('is exponential, cut off at the duration', () => {
    const edges = Array.from({ length: 21 }, (_, i) =>
      i === 20 ? 10_000 : tailOffsetMs(i / 20, 10_000),
    );
    const tail = offsets.slice(25_000);
    const counts = edges
      .slice(0, 20)
      .map((from, i) => tail.filter((ms) => ms + 0.5 >= from && ms + 0.5 < edges[i + 1]!).length);
    expect(chiSquare(counts, new Array(20).fill(1))).toBeLessThan(CHI_19);
    const mass = (ms: number) => (1 - Math.exp((-ms / 10_000) * 3)) / (1 - Math.exp(-3));
    edges.forEach((edge, i) => {
      expect(mass(edge)).toBeCloseTo(i / 20, 9);
    });
  });
});

test('constant arrivals are evenly spaced', () => {
  const plan: Plan = { ...base, arrivals: 'constant', buyers: 5, durationMs: 1000 };
  expect(planIntents(plan, 'r').intents.map((i) => i.offsetMs)).toEqual([0, 200, 400, 600, 800]);
});

describe('virtual users', () => {
  test('are one a buyer, up to the limit', () => {
    expect(virtualUsersOf({ ...base, buyers: 10, virtualUsersMax: 100 })).toBe(10);
    expect(virtualUsersOf({ ...base, crowdRatio: 0.1, virtualUsersMax: 100 })).toBe(100);
  });

  test('have to be enough for the crowd', () => {
    const plan = { ...base, crowdRatio: 0.3, virtualUsersMax: 299 };
    expect(() => planIntents(plan, 'r')).toThrow(UsageFailure);
    expect(() => planIntents({ ...plan, virtualUsersMax: 300 }, 'r')).not.toThrow();
    expect(() => planIntents({ ...plan, arrivals: 'constant' }, 'r')).not.toThrow();
  });
});
