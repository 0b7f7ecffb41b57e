import { expect, it } from 'vitest';
import { oversellInstant } from '../../lib/invariants/oversell-instant.ts';
import { decided, describeGaps, describeInvariant, describeShown } from './cases.ts';

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
    'a cancelled row of a buyer, and nobody knows who acts for whom':
      'A 1; unplanned; buyer u1: b1; b1 buy A [0,5] ok; b2 buy A [1,6] ok; F: ?×1 A cancelled by=u1, ?×1 A by=u1',
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

/** One of two buyers gets the last ticket. */
const LAST = 'A 1; b1 buy A [0,5] ok; b2 buy A [1,6] refused';

describeShown(oversellInstant, {
  // Of A two were held at once, later one was sold; of B a row shows one.
  'B 2; A 3; b1 hold(2) A [0,5] ok expires=90; b2 buy(2) A [1,6] refused; b1 cancel A [10,12] ok; b3 buy A [20,25] ok; b4 buy B [0,9] info; F: b1×2 A cancelled, b3×1 A, b4×1 B':
    'holds: pool B, pool A, held=3, capacity=5',
  // One above five, two above one, one above one.
  'A 5; B 1; C 1; b1 buy(6) A [0,5] ok; b2 buy(3) B [1,6] ok; b3 buy(2) C [1,7] ok':
    'violated 3: b2 purchase, pool B, held=3, capacity=1, exceededAfterMs=6',
  'A 1; B 1; b1 buy(2) A [0,5] ok; b2 buy(2) B [1,6] ok':
    'violated 2: b1 purchase, pool A, held=2, capacity=1, exceededAfterMs=5',
  'A 1; b1 buy A [0,5] info; b2 buy A [1,6] info; F: b1×1 A #a, b2×1 A #b':
    'violated 1: a, b, pool A, held=2, capacity=1',
  // What was held and paid counts once, shown by what began it.
  'A 1; b1 hold A [3,5] ok expires=90; b1 pay A [6,9] ok; b2 buy A [7,12] ok; b3 hold A [2,4] ok expires=11':
    'violated 1: b3 hold, b1 hold, pool A, held=2, capacity=1, exceededAfterMs=3',
  'A 1; b1 hold A [3,5] ok expires=90; b1 pay A [6,9] ok; b2 buy A [7,12] ok':
    'violated 1: b1 hold, b2 purchase, pool A, held=2, capacity=1, exceededAfterMs=9',
});

describeGaps(oversellInstant, {
  [`${LAST}; F: b1×1 A`]: [],
  [LAST]: ['never read back', 'No pool was sold out'],
  [`${LAST}; F: b1×1 A, forgets`]: ['does not keep cancelled orders'],
  [`${LAST}; F: b1×1 A, unlisted, left A ?`]: ['Only the orders of this run’s buyers'],
  [`${LAST}; F: b1×1 A, left A -1`]: ['counter is below zero'],
  'A 1; baseline x; b1 buy A [0,5] ok; b2 buy A [1,6] ok; F: b1×1 A, b2×1 A, left A 0': [
    // No row was cancelled.
    'may not have been all',
  ],
  [`${LAST}; F: b1×1 A, ?×1 A cancelled`]: ['cancelled at unknown times'],
  [`${LAST}; F: b1×1 A cancelled, ?×1 A`]: ['cancelled at unknown times'],
  [`B 9; ${LAST}; F: b1×1 A, ?×1 A cancelled`]: ['cancelled at unknown times'],
  // All of it was held when it may have been held, though nothing is in the end.
  [`${LAST.replace('buy A [0,5] ok', 'hold A [0,5] ok expires=90')}; b1 cancel A [7,9] ok; F: b1×1 A cancelled, ?×1 A cancelled`]:
    ['cancelled at unknown times'],
  // Two of two: what was cancelled at an unknown time fits beside what was sold.
  'A 2; b1 buy A [0,5] ok; b2 buy(2) A [1,6] refused; F: b1×1 A, ?×1 A cancelled': [],
  // A stranger's order was not cancelled.
  'A 2; b1 buy A [0,5] ok; b2 buy(2) A [1,6] refused; F: b1×1 A, ?×1 A': [],
  // The history tells when.
  [`${LAST}; b1 cancel A [7,9] ok; b3 buy A [10,12] ok; F: b1×1 A cancelled, b3×1 A`]: [],
  [`${LAST}; F: b1×1 A, ?×1 Z cancelled`]: ['rows of pools that the fixture does not know'],
  'A 1; b1 hold A [0,5] ok expires=5; b2 buy A [0,2] ok; F: b1×1 A cancelled, b2×1 A': [
    'while they were being acknowledged',
  ],
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
