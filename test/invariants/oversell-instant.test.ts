import { expect, it } from 'vitest';
import { oversellInstant } from '../../lib/invariants/oversell-instant.ts';
import { decided, describeInvariant } from './cases.ts';

describeInvariant(oversellInstant, {
  holds: {
    'a hold that was given back before the next':
      'A 1; b1 hold A [0,5] ok expires=90; b2 buy A [1,6] refused; b1 cancel A [10,12] ok; b3 buy A [13,15] ok; F: b1×1 A cancelled, b3×1 A',
    'sold to the last': 'A 3; b1 buy(3) A [0,5] ok; b2 buy(1) A [1,6] refused; F: b1×3 A',
    'a cancelled row that fits beside the live ones':
      'A 3; b1 buy(1) A [0,5] ok; b2 buy(3) A [1,6] refused; b3 buy(2) A [1,6] ok; F: b1×1 A, b3×2 A cancelled',
  },
  violated: {
    'two holds at once, both expired by now':
      'A 1; b1 hold A [0,5] ok expires=30; b2 hold A [8,12] ok expires=40; F:',
    'paid too late for it to be there':
      'A 1; b1 hold A [0,5] ok expires=30; b2 buy A [32,34] ok; b1 pay A [40,45] ok; F: b1×1 A',
    'acknowledged one after the other': 'A 1; b1 buy(1) A [0,5] ok; b2 buy(1) A [10,15] ok',
    'live rows of info': 'A 1; b1 buy(1) A [0,5] info; b2 buy(1) A [1,6] info; F: b1×1 A, b2×1 A',
    'capacity 0': 'A 0; b1 buy(1) A [0,5] ok',
  },
  unknown: {
    'an order from before may have been cancelled and sold again':
      'A 1; baseline x; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok; F: b1×1 A, b2×1 A, left A 0',
    'an order of the run may have been cancelled, forgotten and sold again':
      'A 1; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok; F: b2×1 A, forgets',
    'a counter below zero that the rows do not bear out':
      'A 1; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] refused; F: b1×1 A, left A -3',
    'cancelled at an unknown time':
      'A 1; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok; F: b1×1 A cancelled, b2×1 A',
    'a target that forgets cancelled orders':
      'A 1; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] refused; F: b1×1 A, forgets',
    'never sold out': 'A 9; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok; F: b1×1 A, b2×1 A',
  },
});

it('names the moment of the first excess, and the fewest purchases it needs', () => {
  const finding = decided(
    oversellInstant,
    'A 3; b1 buy(1) A [5,7] ok; b2 buy(3) A [6,9] ok; b3 buy(2) A [0,20] ok; b4 buy(1) A [6,8] ok',
  );
  expect(finding.witness?.figures).toEqual({ held: 7, capacity: 3, exceededAfterMs: 9 });
  expect(finding.witness?.operations.map((each) => each.intent)).toEqual([
    'onsale-r1-1',
    'onsale-r1-2',
  ]);
});
