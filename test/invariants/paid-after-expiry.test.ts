import { expect, it } from 'vitest';
import { paidAfterExpiry } from '../../lib/invariants/paid-after-expiry.ts';
import { decided, describeGaps, describeInvariant, describeShown } from './cases.ts';
import { sale } from './notation.ts';

const REJECT =
  'A 2; rule latePayment=reject; b1 hold A [0,5] ok expires=30; b2 hold A [1,6] ok expires=40; b1 pay A [35,38] refused expired; b2 pay A [20,22] ok; F: b1×1 A cancelled state=expired, b2×1 A state=paid';
const GRACE = REJECT.replace('=reject', '=reject-after-grace expiryGraceMs=4');
const UNANSWERED = REJECT.replace('refused expired', 'info').replace(
  'A cancelled state=expired',
  'A state=paid',
);
const ACCEPT = REJECT.replace('latePayment=reject', 'latePayment=accept-if-capacity');
const LATE = REJECT.replace('refused expired', 'ok');
const SOLD =
  'A 1; rule latePayment=accept-if-capacity; b1 hold A [0,5] ok expires=30; b2 buy A [1,31] ok; b1 pay A [35,38] ok; F: b1×1 A, b2×1 A';

describeInvariant(
  paidAfterExpiry,
  {
    holds: {
      'within the skew of clocks': `${REJECT}; rule clockSkewMs=3; b3 hold A [0,5] ok expires=30; b3 pay A [33,34] ok`,
      'while the news of the expiry travel': `${GRACE}; b3 hold A [0,5] ok expires=30; b3 pay A [33,34] ok`,
      'one without a reply that was not taken': `${REJECT}; b3 hold A [0,5] ok expires=30; b3 pay A [35,38] info; F: b3×1 A cancelled state=expired`,
      'one without a reply whose order was paid and cancelled': `${REJECT}; b3 hold A [0,5] ok expires=30; b3 pay A [35,38] info; F: b3×1 A cancelled state=paid`,
      'one without a reply whose order is still held': `${REJECT}; b3 hold A [0,5] ok expires=30; b3 pay A [35,38] info; F: b3×1 A state=held`,
      'a reply told again': `${REJECT}; b2 pay A [50,52] ok`,
      'one without a reply in time': `${REJECT}; b3 hold A [0,5] ok expires=30; b3 pay A [20,29] info; b3 pay A [50,52] ok; F: b3×1 A`,
      'a hold that was made longer': `${REJECT}; b3 hold A [0,5] ok expires=30; b3 hold A [6,8] ok expires=60; b3 pay A [50,52] ok`,
      'at the very end': `${REJECT}; b3 hold A [0,5] ok expires=30; b3 pay A [30,31] ok`,
      'a later expiry, told by a read': `${REJECT}; b3 hold A [0,5] ok expires=30; b3 status A [6,7] ok expires=60; b3 pay A [50,52] ok`,
      'a later expiry, told by the row': `${REJECT}; b3 hold A [0,5] ok expires=30; b3 pay A [50,52] ok; F: b3×1 A expires=60`,
      'a purchase besides, which no expiry ends': `${REJECT}; b3 hold A [0,5] ok expires=30; b3 buy A [6,8] ok; b3 pay A [50,52] ok`,
      'a payment for what nobody held in this history': `${REJECT}; b3 pay A [50,52] ok expires=30; F: b3×1 A expires=30`,
      'the tickets were still there': ACCEPT.replace('refused expired', 'ok').concat(
        '; b3 hold A [0,5] ok expires=10; b3 pay A [35,38] refused sold-out',
      ),
    },
    violated: {
      'against the policy': REJECT.replace('refused expired', 'ok'),
      'after the news of the expiry have arrived': GRACE.replace('refused expired', 'ok'),
      'by the rules’ time, where the reply tells none':
        'A 2; rule latePayment=reject holdMs=20; b1 hold A [0,5] ok; b1 pay A [26,30] ok; F:',
      'a longer hold and a purchase had been refused': `${LATE}; rule holdMs=100; b1 buy A [6,8] refused; b1 hold A [9,10] refused`,
      'the grace is for expiries, not for payments': `${LATE}; rule expiryGraceMs=10`,
      'without a reply, but the order is paid': UNANSWERED,
      'another had them': SOLD,
      'another had them, by clocks that differ': `${SOLD.replace('[1,31]', '[1,30]')}; clock 2`,
      'another gave them back, but after the payment': `${SOLD.replace('[1,31]', '[1,30]').replace('b2×1 A', 'b2×1 A cancelled')}; b2 cancel A [43,45] ok; clock 2`,
      'two others had them, at different times': `${SOLD.replace('A 1;', 'A 2;')}; b3 buy A [2,8] ok; F: b3×1 A`,
      'when others had them': ACCEPT.replace('refused expired', 'ok').replace('A 2;', 'A 1;'),
    },
    unknown: {
      'nobody paid late': REJECT.replace('b1 pay A [35,38] refused expired; ', ''),
      'an expiry that nobody told': REJECT.replace(' expires=30', '').replace(
        'refused expired',
        'ok',
      ),
      'an unanswered hold that may have been made anew': `${REJECT.replace('refused expired', 'ok')}; b1 hold A [7,9] info`,
      'an unanswered hold of known length, which may have been made at any time': `A 2; rule latePayment=reject holdMs=20; b1 hold A [0,5] ok; b1 hold A [6,8] info; b1 pay A [35,38] ok; F: b1×1 A`,
      'an intent that asks for different things': `${LATE}; b1 hold(2) A [6,8] ok expires=30`,
      'another may have bought them after the payment began': `${SOLD.replace('[1,31]', '[1,35]')}`,
      'another may have bought them then, by clocks that differ': `${SOLD}; clock 2`,
      'another may have given them back before the payment ended': `${SOLD.replace('[1,31]', '[1,30]').replace('b2×1 A', 'b2×1 A cancelled')}; b2 cancel A [42,45] ok; clock 2`,
      'of two others one bought later': `${SOLD.replace('A 1;', 'A 2;').replace('[1,31]', '[1,40]')}; b3 buy A [2,8] ok; F: b3×1 A`,
      'another has tickets elsewhere': `B 1; ${SOLD.replace('b2 buy A', 'b2 buy B').replace('b2×1 A', 'b2×1 B')}`,
      'its own tickets, paid at once': SOLD.replace('b2 buy A [1,31]', 'b2 buy A [40,41]').replace(
        '[35,38]',
        '[35,35]',
      ),
      'older orders may have been given back': `${SOLD}, left A 0; baseline x`,
      'a pool that the fixture does not know': SOLD.replace('A 1;', 'B 1;'),
      'a payment without a reply': REJECT.replace('refused expired', 'info'),
      'one of them without a reply, and its row does not tell its state': `${REJECT}; b3 hold A [0,5] ok expires=30; b3 pay A [35,38] info; F: b3×1 A`,
      'without a reply, by rows that have not settled': `${UNANSWERED}, unsettled`,
      'without a reply, of a full pool at an unknown time': UNANSWERED.replace(
        '=reject',
        '=accept-if-capacity',
      ),
      'an earlier one may be missing': `${LATE}; incomplete`,
    },
  },
  REJECT,
);

it('is beside the point where nothing, or everything, is allowed', () => {
  expect(paidAfterExpiry.isBeside!(sale('A 2; b1 buy A [0,5] ok'))).toMatch(/Nothing is promised/);
  expect(
    paidAfterExpiry.isBeside!(sale('A 2; rule latePayment=accept; b1 hold A [0,5] ok')),
  ).toMatch(/however late/);
  expect(
    paidAfterExpiry.isBeside!(sale('A 2; rule latePayment=reject; b1 buy A [0,5] ok')),
  ).toMatch(/Nobody held/);
  expect(paidAfterExpiry.isBeside!(sale('A 2; rule latePayment=reject'))).toBeNull();
});

describeShown(paidAfterExpiry, {
  [REJECT]: 'holds: late=1, accepted=0, rejected=1',
  [ACCEPT]: 'holds: late=1, accepted=0, rejected=1',
  [LATE]: 'violated 1: b1 hold, b1 pay, late=1, accepted=1, rejected=0, lateMs=5',
  [`${LATE}; rule clockSkewMs=1; clock 1`]:
    'violated 1: b1 hold, b1 pay, late=1, accepted=1, rejected=0, lateMs=3',
  [`${LATE}; b3 hold A [0,5] ok expires=10; b3 pay A [20,22] ok; b4 hold A [0,5] ok expires=10; b4 pay A [20,22] refused`]:
    'violated 2: b1 hold, b1 pay, late=3, accepted=2, rejected=1, lateMs=5',
  [`${SOLD}; b3 hold A [0,5] ok expires=10; b3 pay A [20,22] refused`]:
    'violated 1: b1 hold, b1 pay, late=2, accepted=1, rejected=1, lateMs=5',
  [`${REJECT}; b3 hold A [0,5] ok expires=30; b3 pay A [20,22] refused; b3 pay A [35,38] refused`]:
    'holds: late=2, accepted=0, rejected=2',
  [`${REJECT}; b3 hold A [0,5] ok expires=30; b3 pay A [20,22] refused`]:
    'holds: late=1, accepted=0, rejected=1',
  [`${REJECT}; b3 hold A [0,5] ok expires=30; b3 pay A [30,31] refused`]:
    'holds: late=1, accepted=0, rejected=1',
  // With a reply the row is not needed.
  [LATE.replace('A cancelled state=expired', 'A state=paid')]:
    'violated 1: b1 hold, b1 pay, late=1, accepted=1, rejected=0, lateMs=5',
  [UNANSWERED]: 'violated 1: b1 hold, b1 pay, row-1, late=1, accepted=1, rejected=0, lateMs=5',
  [SOLD.replace('A 1;', 'A 2;')]: 'unknown: late=1, accepted=1, rejected=0',
});

describeGaps(paidAfterExpiry, {
  [SOLD.replace('A 1;', 'A 2;')]: ['No late payment found the tickets gone'],
  [ACCEPT.replace('[35,38]', '[25,28]')]: ['Nobody certainly paid late'],
  [REJECT.replace('[35,38]', '[25,28]')]: ['Nobody certainly paid late'],
  [`${REJECT}; b3 hold A [0,5] ok expires=30; b3 pay A [35,38] info; F: b3×1 A`]: [
    '1 late payment got no reply',
  ],
  [`${LATE}; incomplete`]: ['history is not complete'],
  [`${REJECT}, unsettled`]: ['No two readings agreed'],
});

const twice = (first: number, second: number) =>
  `A 9; rule latePayment=reject; b1 hold A [0,5] ok expires=${first}; b1 hold A [6,7] ok expires=${second}; b1 hold A [8,9] refused; b1 status A [10,11] ok; b1 pay A [35,38] ok`;

it.each([
  ['the first', twice(30, 25), [0, 35]],
  ['the second', twice(25, 30), [6, 35]],
  ['the first of equals', twice(30, 30), [0, 35]],
])('shows the hold that ends last: %s', (_, notation, starts) => {
  const { witness } = decided(paidAfterExpiry, notation);
  expect(witness!.operations.map(({ start }) => start)).toEqual(starts);
});
