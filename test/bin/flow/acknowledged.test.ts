import { expect, test } from 'vitest';
import { acknowledgedTickets } from '../../../bin/flow/acknowledged.ts';
import { sale } from '../../invariants/notation.ts';

test('counts one effect an intent, and only what was acknowledged', () => {
  const { history } = sale(
    'A 9; x buy(2) A [0,5] ok; x buy(2) A [6,9] ok; y buy(1) A [0,5] info; z buy(1) A [0,5] refused; w buy(3) A [1,2] ok',
  );
  expect([...acknowledgedTickets(history)].sort()).toEqual([
    ['w', 3],
    ['x', 2],
  ]);
  expect(acknowledgedTickets(sale('A 1').history).size).toBe(0);
});
