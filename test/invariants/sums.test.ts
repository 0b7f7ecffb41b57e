import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  between,
  exactly,
  has,
  highest,
  lowest,
  NOTHING,
  plus,
  type Sums,
  times,
} from '../../lib/invariants/sums.ts';
import { oracleRuns, SEED } from './oracle-runs.ts';

/** 0, 3, 6, … : so many that no two touch. */
const apart = (count: number): Sums => Array.from({ length: count }, (_, i) => [3 * i, 3 * i]);

describe('times', () => {
  it.each<[amount: number, from: number, to: number, Sums]>([
    [7, 2, 2, [[14, 14]]],
    [7, 0, 0, [[0, 0]]],
    [0, 0, 3, [[0, 0]]],
    [
      7,
      1,
      3,
      [
        [7, 7],
        [14, 14],
        [21, 21],
      ],
    ],
    [7, 0, 300, [[0, 2100]]],
    [7, 10, 266, [[70, 1862]]],
  ])('%d from %d to %d times', (amount, from, to, sums) => {
    expect(times(amount, from, to)).toEqual(sums);
  });

  it('is told one by one up to 256 of them', () => {
    const sums = times(7, 10, 265);
    expect(sums).toHaveLength(256);
    expect([sums[0], sums.at(-1)]).toEqual([
      [70, 70],
      [1855, 1855],
    ]);
  });
});

describe('plus', () => {
  it.each<[string, Sums, Sums, Sums]>([
    ['two amounts', exactly(3), exactly(4), [[7, 7]]],
    ['an amount and nothing', exactly(3), NOTHING, [[3, 3]]],
    ['nothing and an amount', NOTHING, exactly(3), [[3, 3]]],
    ['two spans', between(1, 2), between(10, 20), [[11, 22]]],
    ['an amount that is zero, told otherwise', between(1, 2), exactly(0), [[1, 2]]],
    ['a span from zero', exactly(5), between(0, 9), [[5, 14]]],
    [
      'sums apart, the larger first',
      times(10, 0, 1),
      times(3, 0, 1),
      [
        [0, 0],
        [3, 3],
        [10, 10],
        [13, 13],
      ],
    ],
    [
      'ends that touch',
      [[0, 2]],
      [
        [0, 0],
        [2, 3],
      ],
      [[0, 5]],
    ],
    [
      'one within the other',
      [[0, 9]],
      [
        [0, 0],
        [1, 1],
      ],
      [[0, 10]],
    ],
    [
      'a short one after a long one',
      [
        [0, 0],
        [1, 1],
      ],
      [
        [0, 9],
        [20, 21],
      ],
      [
        [0, 10],
        [20, 22],
      ],
    ],
    [
      'the long one first',
      [[0, 20]],
      [
        [0, 0],
        [1, 1],
        [30, 30],
      ],
      [
        [0, 21],
        [30, 50],
      ],
    ],
    [
      'one that ends within another',
      [
        [0, 0],
        [2, 3],
      ],
      [
        [0, 9],
        [11, 11],
      ],
      [
        [0, 12],
        [13, 14],
      ],
    ],
  ])('%s', (_, a, b, sums) => {
    expect(plus(a, b)).toEqual(sums);
    expect(plus(b, a)).toEqual(sums);
  });

  it('tells 256 apart and no more', () => {
    expect(
      plus(apart(128), [
        [0, 0],
        [1000, 1000],
      ]),
    ).toHaveLength(256);
    expect(
      plus(apart(129), [
        [0, 0],
        [1000, 1000],
      ]),
    ).toEqual([[0, 1384]]);
  });
});

it('has what is in one of its intervals, both ends included', () => {
  const sums = plus(exactly(10), [
    [0, 2],
    [5, 6],
  ]);
  expect([9, 10, 11, 12, 13, 14, 15, 16, 17].filter((amount) => has(sums, amount))).toEqual([
    10, 11, 12, 15, 16,
  ]);
  expect([lowest(sums), highest(sums)]).toEqual([10, 16]);
});

/** Naively, one amount at a time. */
const listed = (sums: Sums) =>
  new Set(sums.flatMap(([low, high]) => Array.from({ length: high - low + 1 }, (_, i) => low + i)));

const someSums = fc
  .array(fc.tuple(fc.nat(30), fc.nat(3)), { minLength: 1, maxLength: 5 })
  // In no order and over each other; adding nothing puts them in order and apart.
  .map((all) =>
    plus(
      all.map(([low, more]) => [low, low + more] as const),
      exactly(0),
    ),
  );

it(`sums are those of every two amounts, in order and apart, seed ${SEED}`, () => {
  fc.assert(
    fc.property(someSums, someSums, (a, b) => {
      const sums = plus(a, b);
      const all = new Set([...listed(a)].flatMap((x) => [...listed(b)].map((y) => x + y)));
      expect([...listed(sums)].sort((x, y) => x - y)).toEqual([...all].sort((x, y) => x - y));
      for (let i = 1; i < sums.length; i++) expect(sums[i]![0]).toBeGreaterThan(sums[i - 1]![1]);
    }),
    { numRuns: oracleRuns(300), seed: SEED },
  );
});
