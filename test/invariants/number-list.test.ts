import { describe, expect, it } from 'vitest';
import { NumberList } from '../../lib/invariants/number-list.ts';

describe('a column that grows', () => {
  it.each([0, 1, 15, 16, 17, 32, 33, 100])('keeps %d numbers in order', (count) => {
    const numbers = Array.from({ length: count }, (_, i) => i + 0.5);
    const list = new NumberList();
    for (const number of numbers) list.add(number);
    expect(list.length).toBe(count);
    expect([...list.build()]).toEqual(numbers);
  });
});
