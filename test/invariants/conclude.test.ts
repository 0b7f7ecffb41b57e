import { describe, expect, it } from 'vitest';
import {
  counted,
  fewestAbove,
  holdsUnless,
  violated,
  witnessOf,
} from '../../lib/invariants/conclude.ts';
import { sale } from './notation.ts';

describe('witnessOf', () => {
  const evidence = sale(
    'A 9; B 8; b1 buy A [0,5] ok; b2 buy A [1,6] ok; F: b1×1 A #b, b1×2 A #b, b1×3 A #c, b2×4 A #a, b2×5 A #b, left A 3, left B ?',
  );
  const quantities = (rows: number[]) =>
    witnessOf(evidence, { rows, figures: {} }).rows.map(({ quantity }) => quantity);

  it('shows rows by id, and those of one id in the order given', () => {
    expect(quantities([0, 1, 2, 3, 4])).toEqual([4, 1, 2, 5, 3]);
    expect(quantities([4, 3, 2, 1, 0])).toEqual([4, 5, 2, 1, 3]);
    expect(quantities([2, 1])).toEqual([2, 3]);
    expect(quantities([3, 0])).toEqual([4, 1]);
  });

  it('shows operations in the order of the history', () => {
    const { operations } = witnessOf(evidence, { operations: [1, 0], figures: {} });
    expect(operations.map(({ start }) => start)).toEqual([0, 1]);
  });

  it('shows what is left of each pool, as far as the target tells', () => {
    const { pools } = witnessOf(evidence, { pools: [1, 0], figures: {} });
    expect(pools).toEqual([
      { id: 'B', capacity: 8, remaining: null },
      { id: 'A', capacity: 9, remaining: 3 },
    ]);
  });

  it.each([
    ['was never read back', null],
    ['does not list the pool', { ...evidence.state!, pools: [] }],
  ])('tells nothing of what is left where the target %s', (_, state) => {
    const { pools } = witnessOf({ ...evidence, state }, { pools: [0], figures: {} });
    expect(pools).toEqual([{ id: 'A', capacity: 9, remaining: null }]);
  });

  it('shows ten of each at most, the first ones', () => {
    const many = Array.from({ length: 12 }, (_, i) => `p${i}`);
    const crowded = sale(
      [
        ...many.map((pool) => `${pool} 1`),
        ...many.map((pool, i) => `b${i} buy ${pool} [${i},99] ok`),
        `F: ${many.map((pool, i) => `b${i}×${i + 1} ${pool} #${10 + i}`).join(', ')}`,
      ].join('; '),
    );
    const all = Array.from({ length: 12 }, (_, i) => i);
    const shown = witnessOf(crowded, { operations: all, rows: all, pools: all, figures: { a: 1 } });
    expect(shown.operations.map(({ start }) => start)).toEqual(all.slice(0, 10));
    expect(shown.rows.map(({ quantity }) => quantity)).toEqual(all.slice(1, 11));
    expect(shown.pools.map(({ id }) => id)).toEqual(many.slice(0, 10));
    expect(shown.figures).toEqual({ a: 1 });
  });
});

describe('a text that is too long', () => {
  const witness = { operations: [], rows: [], pools: [], figures: {} };
  const summaryOf = (length: number) => 'x'.repeat(length);

  it.each([
    [499, summaryOf(499)],
    [500, summaryOf(500)],
    [501, `${summaryOf(499)}…`],
    [600, `${summaryOf(499)}…`],
  ])('is cut: a summary of %d', (length, shown) => {
    const seen = { summary: summaryOf(length), witness };
    expect(violated('claim', { ...seen, count: 2 })).toEqual({
      ...{ invariant: 'claim', value: 'violated', count: 2, summary: shown, witness },
    });
    expect(holdsUnless('claim', { ...seen, missing: [] })).toEqual({
      ...{ invariant: 'claim', value: 'holds', summary: shown, witness },
    });
    const missing = [summaryOf(300), 'a word', summaryOf(301)];
    expect(holdsUnless('claim', { ...seen, missing })).toEqual({
      ...{ invariant: 'claim', value: 'unknown', summary: shown, witness },
      missing: [summaryOf(300), 'a word', `${summaryOf(299)}…`],
    });
  });
});

it('counts in words', () => {
  expect([0, 1, 2].map((count) => counted(count, 'ticket'))).toEqual([
    '0 tickets',
    '1 ticket',
    '2 tickets',
  ]);
});

describe('fewestAbove', () => {
  const ones = Array.from({ length: 12 }, (_, i) => i);

  it.each<[string, quantities: number[], limit: number, taken: number[]]>([
    ['the largest first', [1, 5, 2, 4], 5, [1, 3]],
    ['none too many where the first is enough', [1, 5, 2], 4, [1]],
    ['one more where the first is just the limit', [1, 5, 2], 5, [1, 2]],
    ['equal ones in the order given', [3, 3, 3], 5, [0, 1]],
    ['one where nothing is allowed', [1, 1], 0, [0]],
    ['all where they do not exceed it', [1, 2], 9, [1, 0]],
    ['none of none', [], 0, []],
    ['ten where more are needed', ones.map(() => 1), 11, ones.slice(0, 10)],
  ])('takes %s', (_, quantities, limit, taken) => {
    const candidates = quantities.map((_each, i) => i);
    expect(fewestAbove(candidates, (each) => quantities[each]!, limit)).toEqual(taken);
    // What was given stays as it was: others go by its order.
    expect(candidates).toEqual(quantities.map((_each, i) => i));
  });
});
