import { expect, it } from 'vitest';
import { differentReplies } from '../../lib/invariants/replies.ts';
import { saleOf } from '../../lib/invariants/sale.ts';
import { sale } from './notation.ts';

/** When the two purchases began whose replies differ, of the first intent that has such. */
function startsOf(notation: string): readonly number[] | null {
  const evidence = sale(`A 9; rule idempotency=replay; ${notation}`);
  const found = [...evidence.history.intentKeys.keys()]
    .map((intent) => differentReplies(evidence, saleOf(evidence), intent))
    .find((pair) => pair !== null);
  return found?.map((i) => evidence.history.start[i]!) ?? null;
}

const named = (start: number, order: string) =>
  `b1 buy A [${start},${start + 1}] ok order=${order}`;
const accepted = (start: number) => `b1 buy A [${start},${start + 1}] ok`;
const refused = (start: number) => `b1 buy A [${start},${start + 1}] refused`;

it.each([
  ['of none', '', null],
  ['of one each', 'b1 buy A [0,5] ok order=o1; b2 buy A [1,5] ok order=o2', null],
  ['where the first is the second’s', `${named(0, 'o1')}; ${named(2, 'o1')}`, null],
  ['of two orders', `${named(0, 'o1')}; ${named(2, 'o2')}`, [0, 2]],
  ['of two of three', `${named(0, 'o1')}; ${named(2, 'o1')}; ${named(4, 'o2')}`, [2, 4]],
  ['between which one names none', `${named(0, 'o1')}; ${accepted(2)}; ${named(4, 'o2')}`, [0, 4]],
  ['of a refusal and an order', `${refused(0)}; ${accepted(2)}`, [2, 0]],
  ['of an order and a refusal', `${named(0, 'o1')}; ${refused(2)}`, [0, 2]],
  ['of refusals', `${refused(0)}; ${refused(2)}`, null],
  ['of unnamed orders', `${accepted(0)}; ${accepted(2)}`, null],
])('two replies that differ, %s', (_, notation, starts) => {
  expect(startsOf(notation)).toEqual(starts);
});
