import { expect, it } from 'vitest';
import { exampleOf, intentsViolate, intentsWhere } from '../../lib/invariants/by-intent.ts';
import { saleOf } from '../../lib/invariants/sale.ts';
import { shownIn } from './cases.ts';
import { sale } from './notation.ts';

const evidence = sale(
  'A 9; b1 buy A [0,5] ok; b2 buy Z [1,6] ok; b1 pay A [7,8] ok; F: b1×1 A #a, b2×1 A #b, b1×1 A #c',
);

it('asks of each intent, and of no other', () => {
  const asked: number[] = [];
  const odd = (intent: number) => {
    asked.push(intent);
    return intent === 1;
  };
  expect(intentsWhere(saleOf(evidence), odd)).toEqual([1]);
  expect(asked).toEqual([0, 1]);
});

it.each([
  [[0], 'violated 1: b1 purchase, b1 pay, a, c, pool A, figure=3'],
  [[1, 0], 'violated 2: b2 purchase, b, figure=3'],
])('shows all of the first intent, and its pool as far as it is known', (intents, shown) => {
  const found = { intents, summary: 'It is wrong.', figures: { figure: 3 } };
  const finding = intentsViolate('claim', evidence, found);
  expect(finding).toMatchObject({ invariant: 'claim', summary: 'It is wrong.' });
  expect(shownIn(finding)).toBe(shown);
});

it('has an example of an intent, and none of none', () => {
  const { operations, rows } = exampleOf(saleOf(evidence), 0);
  expect([[...operations!], [...rows!]]).toEqual([
    [0, 2],
    [0, 2],
  ]);
  expect(exampleOf(saleOf(evidence), undefined)).toEqual({});
});
