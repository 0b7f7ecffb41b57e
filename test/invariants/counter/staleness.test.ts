import { expect, it } from 'vitest';
import { leastDelayMs } from '../../../lib/invariants/counter/staleness.ts';

const found = (needed: number, least: number, most: number) =>
  leastDelayMs((ms) => ms >= needed, { least, most });

it('is the first whole number above the least that is enough, of those up to the most', () => {
  for (const least of [0, 1, 3, 8]) {
    for (let most = 0; most <= 20; most++) {
      for (let needed = least + 0.5; needed <= 2 * most + 4; needed += 0.5) {
        const ms = Math.ceil(needed);
        const isInReach = ms <= Math.max(most, least + 1);
        expect([least, most, needed, found(needed, least, most)]).toEqual([
          least,
          most,
          needed,
          isInReach ? ms : null,
        ]);
      }
    }
  }
});

it('rounds the most up', () => {
  expect(found(6, 0, 5.5)).toBe(6);
  expect(found(7, 0, 5.5)).toBe(null);
});

it('asks no more often than it has to', () => {
  let asked = 0;
  leastDelayMs(
    (ms) => {
      asked++;
      return ms >= 700_000;
    },
    { least: 0, most: 1_000_000 },
  );
  expect(asked).toBeLessThan(45);
});
