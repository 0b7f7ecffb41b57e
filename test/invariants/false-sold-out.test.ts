import { expect, it } from 'vitest';
import { falseSoldOut } from '../../lib/invariants/false-sold-out.ts';
import { decided, describeInvariant } from './cases.ts';

const sold = 'b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok';

describeInvariant(falseSoldOut, {
  holds: {
    'what is left is too few': `A 3; ${sold}; b3 buy(2) A [2,9] refused; F: b1×1 A, b2×1 A`,
    'the last ticket went as the refusal ended': `A 2; b1 buy(1) A [0,5] ok; b3 buy(1) A [2,9] refused; b2 buy(1) A [9,12] ok; F: b1×1 A, b2×1 A`,
    'the last ticket went within the clock error': `A 2; clock 2; b1 buy(1) A [0,5] ok; b3 buy(1) A [2,9] refused; b2 buy(1) A [13,15] ok; F: b1×1 A, b2×1 A`,
    'sold by an operation without a reply': `A 2; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] info; b3 buy(1) A [9,12] refused; F: b1×1 A, b2×1 A`,
    'more was asked for than there is': `A 2; ${sold}; b3 buy(3) A [2,9] refused; F: b1×1 A, b2×1 A`,
    'nothing for sale in one pool': `A 2; B 0; ${sold}; b3 buy(1) B [2,9] refused; F: b1×1 A, b2×1 A`,
  },
  violated: {
    'what was held has come back':
      'A 1; b1 hold A [0,5] ok expires=90; b2 buy A [1,6] refused; b1 cancel A [7,9] ok; b3 buy A [20,25] refused; F: b1×1 A cancelled',
    'what was held has expired':
      'A 1; rule expiryGraceMs=5; b1 hold A [0,5] ok expires=30; b3 buy A [40,45] refused; F: b1×1 A cancelled',
    'tickets were left': `A 3; ${sold}; b3 buy(1) A [2,9] refused; F: b1×1 A, b2×1 A`,
    'the last went only after the refusal': `A 2; b1 buy(1) A [0,5] ok; b3 buy(1) A [2,9] refused; b2 buy(1) A [10,12] ok; F: b1×1 A, b2×1 A`,
    'refusals of one ticket excuse nobody': `A 3; b1 buy(1) A [0,9] ok; b2 buy(1) A [0,9] refused; b3 buy(1) A [0,9] refused; b4 buy(1) A [0,9] refused; F: b1×1 A`,
    'larger ones that were over before excuse nobody': `A 3; ${sold}; b4 buy(3) A [0,7] refused; b3 buy(1) A [8,9] refused; F: b1×1 A, b2×1 A`,
    'a buyer who was refused first and sold later holds only once':
      'A 3; b1 buy(1) A [0,1] refused; b1 buy(1) A [5,6] ok; b2 buy(1) A [5,7] ok; F: b1×1 A, b2×1 A',
    'nothing was sold at all': 'A 3; b3 buy(1) A [2,9] refused; F:',
  },
  unknown: {
    'a larger purchase may have held tickets for a moment': `A 3; ${sold}; b4 buy(2) A [7,9] refused; b3 buy(1) A [8,12] refused; F: b1×1 A, b2×1 A`,
    'a larger purchase may have held tickets, within the clock error': `A 3; clock 2; ${sold}; b4 buy(2) A [3,5] refused; b3 buy(1) A [8,12] refused; F: b1×1 A, b2×1 A`,
    'a failed purchase may have held a ticket for a moment': `A 3; ${sold}; b4 buy(1) A [7,9] fail; b3 buy(1) A [8,12] refused; F: b1×1 A, b2×1 A`,
    'one without a reply may have held a ticket': `A 3; ${sold}; b4 buy(1) A [7,9] info; b3 buy(1) A [20,22] refused; F: b1×1 A, b2×1 A`,
    'strangers bought': `A 9; ${sold}; b3 buy(1) A [2,9] refused; F: b1×1 A, b2×1 A, ?×1 A`,
    'strangers may have bought unseen': `A 3; ${sold}; b3 buy(1) A [2,9] refused; F: b1×1 A, b2×1 A, unlisted`,
    'strangers may have bought, cancelled and be forgotten': `A 3; ${sold}; b3 buy(1) A [2,9] refused; F: b1×1 A, b2×1 A, forgets`,
    'purchases may be missing': `A 3; ${sold}; b3 buy(1) A [2,9] refused; F: b1×1 A, b2×1 A; incomplete`,
    'tickets went twice to one buyer': `A 3; ${sold}; b3 buy(1) A [2,9] refused; F: b1×1 A, b2×1 A, b1×1 A`,
    'a cancelled order may have held the ticket': `A 3; ${sold}; b4 buy(1) A [0,3] ok; b3 buy(1) A [2,9] refused; F: b1×1 A, b2×1 A, b77×1 A cancelled, b78×1 A cancelled`,
    'nobody was told sold out': `A 3; ${sold}; b3 buy(1) A [2,9] refused buyer-limit; F: b1×1 A, b2×1 A`,
    'the clock jumped': `A 3; ${sold}; b3 buy(1) A [9,2] refused; F: b1×1 A, b2×1 A`,
  },
});

it('shows the first wrong refusal and what can have been held', () => {
  const finding = decided(
    falseSoldOut,
    `A 5; ${sold}; b4 buy(2) A [7,9] refused; b3 buy(1) A [8,12] refused; F: b1×1 A, b2×1 A`,
  );
  expect(finding).toMatchObject({ value: 'violated', count: 2 });
  expect(finding.witness?.operations).toMatchObject([{ intent: 'onsale-r1-4' }]);
  expect(finding.witness?.figures).toEqual({ asked: 2, capacity: 5, heldMost: 2 });
});
