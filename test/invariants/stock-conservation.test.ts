import { expect, it } from 'vitest';
import { stockConservation } from '../../lib/invariants/stock-conservation.ts';
import { decided, describeInvariant } from './cases.ts';

const base = 'A 9; b1 buy(1) A [0,5] ok; b2 buy(2) A [1,6] ok';
const rows = 'b1×1 A, b2×2 A';

describeInvariant(stockConservation, {
  holds: {
    'counters that agree': `${base}; F: ${rows}, left A 6, count A cache 6`,
    'no sell-out is needed': `${base}; F: ${rows}, left A 6`,
    'strangers are accounted for': `${base}; F: ${rows}, ?×4 A, left A 2`,
    'only our orders listed, and the sums fit': `${base}; F: ${rows}, unlisted`,
    'info that came about, and info that did not': `${base}; b3 buy(1) A [0,5] info; b4 buy(1) A [0,5] info; F: ${rows}, b3×1 A`,
    'cancelled and back in stock': `${base}; F: b1×1 A, b2×2 A cancelled, left A 8`,
  },
  violated: {
    'counters that disagree': `${base}; F: ${rows}, left A 6, count A cache 5`,
    'an update of the counter was lost': `${base}; F: ${rows}, left A 7`,
    'stock leaked': `${base}; F: ${rows}, left A 5`,
    'a negative counter that does not fit': `${base}; F: ${rows}, left A -1`,
    'fewer rows than acknowledged': `${base}; F: b1×1 A`,
    'more rows than can have been bought': `${base}; F: ${rows}, b2×2 A`,
    'rows of refused buyers': `${base}; b3 buy(1) A [0,5] refused; F: ${rows}, b3×1 A`,
    'the counter alone, replies all lost': `${base.replaceAll('ok', 'info')}; F: ${rows}, left A 7`,
  },
  unknown: {
    'the shop tells no count': `${base}; F: ${rows}, left A ?`,
    'a difference while strangers buy': `${base}; F: ${rows}, ?×1 A, left A 4`,
    'a difference in a partial listing': `${base}; F: ${rows}, left A 5, unlisted`,
    'more left than should be, with orders from before': `${base}; baseline x; F: ${rows}, left A 7`,
    'cancelled and not back in stock': `${base}; F: b1×1 A, b2×2 A cancelled, left A 6`,
    'errors that cancel out': `${base}; F: b1×1 A, b1×1 A, b2×1 A`,
    'one lost and one phantom': `${base}; F: b2×2 A, b77×1 A`,
    'fewer rows than acknowledged, cancelled ones forgotten': `${base}; F: b1×1 A, forgets`,
    'more rows than purchases in a history that is not complete': `${base}; planned b3; F: ${rows}, b3×1 A; incomplete`,
    'a counter that differs in an unsettled state': `${base}; F: ${rows}, left A 7, unsettled`,
  },
});

it('shows the sums', () => {
  const finding = decided(
    stockConservation,
    `${base}; b3 buy(1) A [0,5] info; F: ${rows}, left A 7`,
  );
  expect(finding.witness?.figures).toEqual({
    capacity: 9,
    remaining: 7,
    sold: 3,
    acknowledged: 3,
    acknowledgedOrInfo: 4,
  });
});
