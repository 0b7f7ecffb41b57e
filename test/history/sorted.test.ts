import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ascending, countBefore, countUpTo } from '../../lib/history/sorted.ts';

const T0 = 1_763_730_000_000;
const { POSITIVE_INFINITY, NEGATIVE_INFINITY, NaN: NOT_A_NUMBER } = Number;
const few = (numbers: fc.Arbitrary<number>) => fc.array(numbers, { maxLength: 60 });
const many = (numbers: fc.Arbitrary<number>) => fc.array(numbers, { minLength: 60, maxLength: 99 });
const values = fc.oneof(
  few(fc.integer({ min: T0, max: T0 + 5 })),
  many(fc.integer({ min: T0, max: T0 + 5 })),
  many(fc.integer({ min: T0, max: T0 + 9000 })),
  many(fc.integer({ min: 0, max: 9000 }).map((n) => n / 8)),
  many(fc.integer({ min: T0 - 2 ** 31, max: T0 + 2 ** 31 - 1 })),
  many(fc.maxSafeInteger()),
  few(fc.maxSafeInteger()),
  few(fc.double()),
  few(
    fc.oneof(
      fc.integer({ min: -5000, max: 5000 }),
      fc.constantFrom(POSITIVE_INFINITY, NEGATIVE_INFINITY, NOT_A_NUMBER),
    ),
  ),
  many(fc.integer({ min: T0, max: T0 + 9 })).map((numbers) => numbers.map((at, i) => at + i)),
  few(fc.integer({ min: T0, max: T0 + 9000 })).map((numbers) => numbers.sort((a, b) => a - b)),
);

test('orders finite values as a stable sort does, wherever they lie', () => {
  fc.assert(
    fc.property(values, (numbers) => {
      const expected = [...numbers.keys()]
        .filter((place) => Number.isFinite(numbers[place]))
        .sort((a, b) => numbers[a]! - numbers[b]! || a - b);
      expect([...ascending(Float64Array.from(numbers))]).toEqual(expected);
    }),
    { numRuns: 1000 },
  );
});

test('counts what is before a limit, and what is at it too', () => {
  fc.assert(
    fc.property(
      few(fc.integer({ min: 0, max: 20 })),
      fc.integer({ min: -1, max: 21 }),
      (all, limit) => {
        const sorted = Float64Array.from(all).sort();
        expect(countBefore(sorted, limit)).toBe(all.filter((each) => each < limit).length);
        expect(countUpTo(sorted, limit)).toBe(all.filter((each) => each <= limit).length);
      },
    ),
  );
});
