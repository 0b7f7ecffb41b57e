import fc from 'fast-check';
import { expect, test } from 'vitest';
import { historyOf } from '../../lib/history/columns.ts';
import { contradictionsIn } from '../../lib/history/contradictions.ts';
import { operation } from '../invariants/notation.ts';

type Times = readonly [session: number, start: number, end: number, intent?: string];

const said = (...all: Times[]) =>
  contradictionsIn(
    historyOf(
      all.map(([session, start, end, intent], i) => ({
        ...operation({
          intent: intent ?? `i${i}`,
          pool: 'A',
          quantity: 1,
          start,
          end,
          outcome: 'ok',
        }),
        session,
      })),
    ),
  ).join();

test('one session after the other contradicts nothing, and sessions may overlap', () => {
  expect(said()).toBe('');
  expect(said([1, 0, 5], [1, 5, 5], [1, 5, 5], [1, 5, 9], [2, 3, 8])).toBe('');
});

test.each<[string, Times[], string]>([
  ['an end before the start', [[1, 9, 8]], '1 operations end before'],
  [
    'an operation within another',
    [
      [1, 0, 9],
      [1, 2, 3],
    ],
    '1 operations began while',
  ],
  [
    'one after a short one within a long one',
    [
      [1, 0, 9],
      [1, 1, 2],
      [1, 5, 8],
    ],
    '2 operations',
  ],
  [
    'a line twice',
    [
      [1, 0, 9, 'a'],
      [1, 0, 9, 'a'],
    ],
    '1 operations began while',
  ],
  [
    'a line twice that took no time',
    [
      [1, 4, 4, 'a'],
      [1, 4, 4, 'a'],
    ],
    '1 operations began while',
  ],
])('%s cannot have been recorded', (_, all, words) => {
  expect(said(...all)).toContain(words);
});

test('agrees with looking at every pair (property)', () => {
  const time = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.nat(12), fc.nat(4));
  fc.assert(
    fc.property(fc.array(time, { maxLength: 8 }), (drawn) => {
      const all = drawn.map(([session, start, length]): Times => [session, start, start + length]);
      const clash = all.some(([session, start, end], i) =>
        all.some(([other, from, to], j) => {
          if (i === j || session !== other) return false;
          return start === from ? i < j && start < end && from < to : from < start && start < to;
        }),
      );
      expect(said(...all) !== '').toBe(clash);
    }),
  );
});
