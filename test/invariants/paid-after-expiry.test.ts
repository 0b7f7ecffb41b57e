import { expect, it } from 'vitest';
import { paidAfterExpiry } from '../../lib/invariants/paid-after-expiry.ts';
import { describeInvariant } from './cases.ts';
import { sale } from './notation.ts';

const REJECT =
  'A 2; rule latePayment=reject; b1 hold A [0,5] ok expires=30; b2 hold A [1,6] ok expires=40; b1 pay A [35,38] refused expired; b2 pay A [20,22] ok; F: b1×1 A cancelled state=expired, b2×1 A state=paid';
const GRACE = REJECT.replace('=reject', '=reject-after-grace expiryGraceMs=4');
const ACCEPT = REJECT.replace('latePayment=reject', 'latePayment=accept-if-capacity');

describeInvariant(
  paidAfterExpiry,
  {
    holds: {
      'within the skew of clocks': `${REJECT}; rule clockSkewMs=3; b3 hold A [0,5] ok expires=30; b3 pay A [33,34] ok`,
      'while the news of the expiry travel': `${GRACE}; b3 hold A [0,5] ok expires=30; b3 pay A [33,34] ok`,
      'a reply told again': `${REJECT}; b2 pay A [50,52] ok`,
      'one without a reply in time': `${REJECT}; b3 hold A [0,5] ok expires=30; b3 pay A [20,29] info; b3 pay A [50,52] ok; F: b3×1 A`,
      'a hold that was made longer': `${REJECT}; b3 hold A [0,5] ok expires=30; b3 hold A [6,8] ok expires=60; b3 pay A [50,52] ok`,
      'the tickets were still there': ACCEPT.replace('refused expired', 'ok').concat(
        '; b3 hold A [0,5] ok expires=10; b3 pay A [35,38] refused sold-out',
      ),
    },
    violated: {
      'against the policy': REJECT.replace('refused expired', 'ok'),
      'after the news of the expiry have arrived': GRACE.replace('refused expired', 'ok'),
      'by the rules’ time, where the reply tells none':
        'A 2; rule latePayment=reject holdMs=20; b1 hold A [0,5] ok; b1 pay A [26,30] ok; F:',
      'when others had them': ACCEPT.replace('refused expired', 'ok').replace('A 2;', 'A 1;'),
    },
    unknown: {
      'nobody paid late': REJECT.replace('b1 pay A [35,38] refused expired; ', ''),
      'an expiry that nobody told': REJECT.replace(' expires=30', '').replace(
        'refused expired',
        'ok',
      ),
      'an unanswered hold that may have been made anew': `${REJECT.replace('refused expired', 'ok')}; b1 hold A [7,9] info`,
      'a payment without a reply': REJECT.replace('refused expired', 'info'),
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
