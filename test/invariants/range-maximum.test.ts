import { describe, expect, it } from 'vitest';
import { RangeMaximum } from '../../lib/invariants/range-maximum.ts';

describe('the largest of any run of neighbours', () => {
  const all = [3, -1, 4, 1.5, -9, 2, 6, 5, 3, -5, 8, -9];

  it.each(Array.from({ length: all.length + 1 }, (_, count) => count))('of %d', (count) => {
    const values = all.slice(0, count);
    const tree = new RangeMaximum(Float64Array.from(values));
    for (let first = 0; first <= count; first++) {
      for (let after = first; after <= count; after++) {
        expect(tree.over(first, after)).toBe(Math.max(...values.slice(first, after)));
      }
    }
  });
});
