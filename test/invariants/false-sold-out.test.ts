import { expect, it } from 'vitest';
import { falseSoldOut } from '../../lib/invariants/false-sold-out.ts';
import { decided, describeGaps, describeInvariant, describeShown } from './cases.ts';

const sold = 'b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok';

/** Refused with good reason, and once more when tickets were left. */
const AGAIN =
  'F: b1×1 A cancelled; A 1; b1 buy A [0,5] ok; b2 buy A [1,6] refused; b1 cancel A [7,9] ok; b2 buy A [20,25] refused sold-out';

describeInvariant(falseSoldOut, {
  holds: {
    'what is left is too few': `A 3; ${sold}; b3 buy(2) A [2,9] refused; F: b1×1 A, b2×1 A`,
    'the last ticket went as the refusal ended': `A 2; b1 buy(1) A [0,5] ok; b3 buy(1) A [2,9] refused; b2 buy(1) A [9,12] ok; F: b1×1 A, b2×1 A`,
    'the last ticket went within the clock error': `A 2; clock 2; b1 buy(1) A [0,5] ok; b3 buy(1) A [2,9] refused; b2 buy(1) A [13,15] ok; F: b1×1 A, b2×1 A`,
    'sold by an operation without a reply': `A 2; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] info; b3 buy(1) A [9,12] refused; F: b1×1 A, b2×1 A`,
    'more was asked for than there is': `A 2; ${sold}; b3 buy(3) A [2,9] refused; F: b1×1 A, b2×1 A`,
    'a refusal that was kept and told again by all rules': `${AGAIN}; rule idempotency=replay`,
    'a refusal that was kept and told again': `${AGAIN} status=403; rule idempotency=replay-final`,
    'nothing for sale in one pool': `A 2; B 0; ${sold}; b3 buy(1) B [2,9] refused; F: b1×1 A, b2×1 A`,
  },
  violated: {
    'what was held has come back':
      'A 1; b1 hold A [0,5] ok expires=90; b2 buy A [1,6] refused; b1 cancel A [7,9] ok; b3 buy A [20,25] refused; F: b1×1 A cancelled',
    'what was held has expired':
      'A 1; rule expiryGraceMs=5; b1 hold A [0,5] ok expires=30; b3 buy A [40,45] refused; F: b1×1 A cancelled',
    'asked anew where keys mean nothing': `${AGAIN}; rule idempotency=none`,
    'asked anew where such refusals are not kept': `${AGAIN} status=409; rule idempotency=replay-final`,
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
    'a refusal that may have been told again': AGAIN,
    'tickets went twice to one buyer, who had looked elsewhere before': `A 2; B 1; b1 avail B [0,1] ok value=1; b1 buy A [2,5] ok; b2 buy A [6,8] refused; b3 buy A [3,4] refused; F: b1×1 A, b1×1 A`,
    'tickets went twice to one buyer': `A 3; ${sold}; b3 buy(1) A [2,9] refused; F: b1×1 A, b2×1 A, b1×1 A`,
    'the state had not settled': `A 3; ${sold}; b3 buy(1) A [2,9] refused; F: b1×1 A, b2×1 A, unsettled`,
    'the copy that was read may lag behind': `A 3; ${sold}; b3 buy(1) A [2,9] refused; F: b1×1 A, b2×1 A, lags`,
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

const refused = 'b3 buy(1) A [2,9] refused';
const rows = 'F: b1×1 A, b2×1 A';

describeShown(falseSoldOut, {
  [AGAIN]: 'unknown: pool A, refusals=2, certainlyRight=1',
  // Wrong only in the second pool, and there two, the later-asked one first in the line.
  [`A 2; B 2; ${sold}; ${refused}; b5 buy B [8,9] refused; b4 buy B [6,7] refused; ${rows}`]:
    'violated 2: b4 purchase, pool B, asked=1, capacity=2, heldMost=0',
  // The second pool's was asked first.
  [`A 3; B 2; ${sold}; b3 buy A [6,9] refused; b4 buy B [2,3] refused; b5 buy B [8,9] refused; ${rows}`]:
    'violated 3: b4 purchase, pool B, asked=1, capacity=2, heldMost=0',
  [`A 2; B 1; ${sold}; ${refused}; b4 buy A [2,9] refused; ${rows}`]:
    'holds: pool A, pool B, refusals=2, certainlyRight=2',
  // One rightly; one explained by a failure only; one told sold out where strangers bought.
  [`A 2; B 1; C 9; ${sold}; ${refused}; b4 buy B [1,9] fail; b5 buy B [6,8] refused; b6 buy C [7,9] refused; ${rows}, ?×1 C`]:
    'unknown: pool A, pool B, pool C, refusals=3, certainlyRight=1',
  [`A 2; B 1; C 9; ${sold}; ${refused}; b4 buy B [1,9] fail; b5 buy B [6,8] refused; b6 buy C [7,9] refused; b7 buy C [7,9] refused; ${rows}, unsettled`]:
    'unknown: pool A, pool B, pool C, refusals=4, certainlyRight=1',
});

const FEW = 'refusals came while this run’s buyers left enough';

describeGaps(falseSoldOut, {
  [`A 2; ${sold}; ${refused}; ${rows}`]: [],
  [`A 2; ${sold}; ${rows}`]: ['Nobody was told sold out'],
  [`A 2; ${sold}; b3 buy(1) A [2,2] refused; ${rows}`]: [],
  [`A 2; ${sold}; b3 buy(1) A [9,2] refused; ${rows}`]: ['the clock jumped'],
  [`A 3; ${sold}; b3 buy(1) A [9,2] refused; ${rows}`]: ['the clock jumped', '1 refusal came'],
  [`A 3; ${sold}; b4 buy A [7,9] fail; b3 buy A [8,12] refused; ${rows}`]: [
    '1 refusal can only be explained',
  ],
  // Others bought: that they did is named, not what somebody of the run may have held for a moment.
  [`A 3; ${sold}; b4 buy A [7,9] fail; b3 buy A [8,12] refused; ${rows}, ?×1 A`]: [
    '1 refusal came while this run’s buyers left enough',
  ],
  // Nothing was read back, so nobody can say that they left no order.
  [`A 3; ${sold}; b4 buy A [7,9] fail; b3 buy A [8,12] refused`.replace(/; F:.*/, '')]: [
    'read back',
  ],
  // Strangers bought in A, and may have bought in B.
  [`A 9; B 1; ${sold}; ${refused}; b4 buy B [3,4] refused; ${rows}, ?×1 A, lags`]: [`2 ${FEW}`],
});
