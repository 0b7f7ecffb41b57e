import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageFailure } from '../../lib/model/failure.ts';
import { checkPlanLimits, peakArrivalsPerSecond, planLimits } from '../../lib/run/plan-limits.ts';
import { scenarios } from '../../lib/run/scenarios.ts';

const plan = scenarios[0]!.planDefaults;
const at = (offsets: readonly number[]) =>
  offsets.map((offsetMs, i) => ({ key: `k${i}`, pool: 0, quantity: 1, offsetMs }));

describe('peakArrivalsPerSecond', () => {
  it('is 0 for no arrivals', () => {
    expect(peakArrivalsPerSecond([])).toBe(0);
  });

  it('agrees with counting in every window', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 60 }), (offsets) => {
        const sorted = offsets.toSorted((a, b) => a - b);
        const naive = Math.max(
          0,
          ...sorted.map((from) => sorted.filter((x) => x >= from && x < from + 1000).length),
        );
        expect(peakArrivalsPerSecond(at(sorted))).toBe(naive);
      }),
    );
  });
});

describe('checkPlanLimits', () => {
  it('lets the default plan pass', () => {
    expect(() => checkPlanLimits(plan, { intents: at([0, 1]), lifted: false })).not.toThrow();
  });

  it.each([
    ['length', { ...plan, durationMs: planLimits.durationMs + 1 }, at([0])],
    ['buyers', { ...plan, buyers: planLimits.buyers + 1 }, at([0])],
    ['rate', plan, at(Array.from({ length: planLimits.arrivalsPerSecond + 1 }, () => 0))],
  ])('refuses too much %s unless the limits are lifted', (_, asked, intents) => {
    expect(() => checkPlanLimits(asked, { intents, lifted: false })).toThrow(UsageFailure);
    expect(() => checkPlanLimits(asked, { intents, lifted: true })).not.toThrow();
  });
});
