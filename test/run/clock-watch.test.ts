import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { meterClock, systemClocks, watchClock } from '../../lib/run/clock-watch.ts';

/** Clocks of a machine where it is `now`, the wall clock `ahead` of the steady one; each reading takes `readingMs`. */
function machine({ readingMs = 0 } = {}) {
  const at = { now: 1000.25, ahead: 1_763_719_200_000 };
  const pass = (shown: number) => {
    at.now += readingMs;
    return shown;
  };
  const clocks = {
    wall: () => pass(Math.floor(at.now + at.ahead)),
    steady: () => pass(at.now),
  };
  return { at, clocks };
}

const offs = fc.array(
  fc.record({
    passMs: fc.integer({ min: 1, max: 99_999 }),
    setByMs: fc.integer({ min: -5000, max: 5000 }),
  }),
  { minLength: 1, maxLength: 20 },
);

test('a clock that is set is seen, by no more than it was set and no less but for two milliseconds', () => {
  fc.assert(
    fc.property(offs, fc.integer({ min: 0, max: 3 }), (all, readingMs) => {
      const { at, clocks } = machine({ readingMs });
      const meter = meterClock(clocks);
      const stood = [at.ahead];
      for (const { passMs, setByMs } of all) {
        at.now += passMs / 100;
        at.ahead += setByMs / 100;
        stood.push(at.ahead);
        meter.look();
      }
      const { samples, deviationMsMax } = meter.account();
      const trueMs = Math.max(...stood) - Math.min(...stood);
      expect(samples).toBe(all.length + 1);
      expect(deviationMsMax).toBeLessThanOrEqual(trueMs + 0.001);
      expect(deviationMsMax).toBeGreaterThan(trueMs - 2 - 4 * readingMs - 0.001);
    }),
  );
});

test.each([2000, -2000])(
  'a jump of %i ms while nobody looks is seen by the watch itself',
  async (ms) => {
    let set = 0;
    const watch = watchClock({ ...systemClocks, wall: () => Date.now() + set });
    try {
      expect(watch.account().deviationMsMax).toBeLessThan(1000);
      set = ms;
      await delay(600);
      set = 0;
      const { samples, deviationMsMax } = watch.account();
      expect(samples).toBeGreaterThan(2);
      expect(deviationMsMax).toBeGreaterThan(1900);
      expect(deviationMsMax).toBeLessThan(2100);
    } finally {
      watch.end();
    }
  },
);

test('the clock of this machine keeps its pace', () => {
  const watch = watchClock();
  for (let i = 0; i < 1000; i++) watch.account();
  watch.end();
  expect(watch.account().deviationMsMax).toBeLessThan(10);
});
