import fc from 'fast-check';
import { expect, it } from 'vitest';
import { binomialInterval } from '../../lib/sla/binomial.ts';
import { worstWindow } from '../../lib/sla/error-ratio.ts';

const drawn = fc
  .array(fc.tuple(fc.nat(300), fc.constantFrom(0, 0, 1)), { maxLength: 80 })
  .map((list) => list.sort((a, b) => a[0] - b[0]))
  .map((list) => ({
    starts: Float64Array.from(list, ([start]) => start),
    flags: Uint8Array.from(list, ([, flag]) => flag),
  }));
const asked = { lengthMs: 40, limit: 0.2, confidence: 0.95 };

it('what it finds is there, and certainly above the limit', () => {
  fc.assert(
    fc.property(drawn, ({ starts, flags }) => {
      const worst = worstWindow(starts, flags, asked);
      if (worst === null) return;
      const inside = [...starts].map((start) => start >= worst.from && start < worst.from + 40);
      expect(worst.operations).toBe(inside.filter(Boolean).length);
      expect(worst.errors).toBe([...flags].filter((flag, i) => flag === 1 && inside[i]).length);
      expect(binomialInterval(worst.errors, worst.operations, 0.95).low).toBeGreaterThan(0.2);
    }),
  );
});

it('finds every outage that lasts as long as a window, wherever it begins', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 900 }), (from) => {
      const starts = Float64Array.from({ length: 1000 }, (_, i) => i);
      const flags = Uint8Array.from({ length: 1000 }, (_, i) =>
        i >= from && i < from + 40 ? 1 : 0,
      );
      expect(worstWindow(starts, flags, asked)).not.toBeNull();
    }),
  );
});

it('ends whatever the clock did', () => {
  const starts = Float64Array.of(0, 1, 1e12, 1e300, 1.5e308);
  expect(worstWindow(starts, new Uint8Array(5).fill(1), asked)).toBeNull();
  expect(worstWindow(new Float64Array(), new Uint8Array(), asked)).toBeNull();
});
