import { expect, it } from 'vitest';
import { lostPurchase } from '../../lib/invariants/lost-purchase.ts';
import { decided, describeInvariant } from './cases.ts';

const two = 'A 9; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok';

describeInvariant(lostPurchase, {
  holds: {
    'a hold that nobody paid is gone':
      'A 9; b1 hold A [0,5] ok expires=30; b2 buy A [1,6] ok; F: b2×1 A',
    'given back': 'A 9; b1 buy A [0,5] ok; b1 cancel A [6,8] ok; b2 buy A [1,6] ok; F: b2×1 A',
    'units as rows': 'A 9; b1 buy(2) A [0,5] ok; b2 buy(1) A [1,6] ok; F: b1×1 A, b1×1 A, b2×1 A',
    'cancelled is not lost': `${two}; F: b1×1 A, b2×1 A cancelled`,
    'info may leave nothing': `${two}; b3 buy(1) A [0,5] info; F: b1×1 A, b2×1 A`,
    'no more than our own orders need be listed': `${two}; F: b1×1 A, b2×1 A, unlisted`,
    'a target that forgets cancelled orders, none lost': `${two}; F: b1×1 A, b2×1 A, forgets`,
  },
  violated: {
    'held and paid':
      'A 9; b1 hold A [0,5] ok expires=30; b1 pay A [6,9] ok; b2 buy A [1,6] ok; F: b2×1 A',
    'acknowledged, no row': `${two}; F: b1×1 A`,
    'no row at all': `${two}; F:`,
    'a row in another pool only': `${two}; B 9; F: b1×1 A, b2×1 B`,
    'a row of another intent': `${two}; F: b1×1 A, b3×1 A`,
    'a row without tickets': `${two}; F: b1×1 A, b2×0 A`,
    'in a history that is not complete': `${two}; F: b1×1 A; incomplete`,
    'acknowledged at the second try':
      'A 9; b1 buy(1) A [0,5] info; b1 buy(1) A [6,9] ok; b2 buy(1) A [1,6] ok; F: b2×1 A',
  },
  unknown: {
    'absent, but cancelled orders are forgotten': `${two}; F: b1×1 A, forgets`,
    'absent in a partial read-back': `${two}; F: b1×1 A, partial`,
    'absent in a reading before the end': `${two}; F: b1×1 A, read 5`,
    'of a pool whose rows are not read': `${two}; b3 buy(1) Z [0,5] ok; F: b1×1 A, b2×1 A`,
  },
});

it('shows the first lost purchase', () => {
  const finding = decided(lostPurchase, `${two}; F:`);
  expect(finding).toMatchObject({ count: 2, witness: { figures: { acknowledged: 2, lost: 2 } } });
  expect(finding.witness?.operations).toMatchObject([{ intent: 'onsale-r1-1' }]);
});
