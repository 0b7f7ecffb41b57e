import { expect, it } from 'vitest';
import { oversellFinal } from '../../lib/invariants/oversell-final.ts';
import { decided, describeGaps, describeInvariant, describeShown } from './cases.ts';

const oversold = 'A 1; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok';

const PAID_TWICE =
  'A 1; b1 hold A [0,5] ok; b1 pay A [6,9] ok; b2 hold A [12,15] ok; b2 pay A [16,19] ok';

describeInvariant(oversellFinal, {
  holds: {
    'the last tickets do not fit':
      'A 3; b1 buy(2) A [0,5] ok; b2 buy(2) A [1,6] refused; F: b1×2 A',
    'a retry of one intent is one purchase':
      'A 1; b1 buy(1) A [0,5] ok; b1 buy(1) A [6,9] ok; b2 buy(1) A [1,6] refused; F: b1×1 A',
    'cancelled rows do not count':
      'A 1; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok; F: b1×1 A cancelled, b2×1 A',
    'orders of the baseline do not count':
      'A 1; baseline old; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] refused; F: ?×1 A #old, b1×1 A',
    'only our orders listed, the counter accounts for all':
      'A 1; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] refused; F: b1×1 A, unlisted',
    'one of two pools was sold out':
      'A 1; B 9; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] refused; b3 buy(1) B [1,6] ok; F: b1×1 A, b3×1 B',
  },
  violated: {
    'paid twice': PAID_TWICE,
    'paid twice, in a history that is not complete, and both are there': `${PAID_TWICE}; incomplete; F: b1×1 A, b2×1 A`,
    'one row too many': `${oversold}; F: b1×1 A, b2×1 A`,
    'acknowledged without a final state': oversold,
    'acknowledged in a history that is not complete': `${oversold}; incomplete`,
    'acknowledged, F unsettled': `${oversold}; F: b1×1 A, unsettled`,
    'capacity 0': 'A 0; b1 buy(1) A [0,5] ok',
    'quantity above capacity': 'A 2; b1 buy(3) A [0,5] ok',
    'info that F shows': 'A 1; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] info; F: b1×1 A, b2×1 A',
    'sold to a stranger too': 'A 1; b1 buy(1) A [0,5] ok; F: b1×1 A, ?×1 A',
    'orders from before, but the counter is below zero': `${oversold}; baseline x; F: b1×1 A, b2×1 A, left A -1`,
    'cancelled orders are forgotten, but these are there': `${oversold}; F: b1×1 A, b2×1 A, forgets`,
    'one pool of two': `${oversold}; B 9; b3 buy(1) B [0,5] ok`,
  },
  unknown: {
    'paid twice, but a cancellation between may be missing': `${PAID_TWICE}; incomplete`,
    'paid twice, but a cancellation may be missing, and the reading changed': `${PAID_TWICE}; incomplete; F: b1×1 A, b2×1 A, unsettled`,
    'paid twice, and the one row that is left may be anybody’s': `${PAID_TWICE}; exclusive; F: ?×1 A, forgets`,
    'an order from before may have been cancelled and sold again': `${oversold}; baseline x; F: b1×1 A, b2×1 A, left A 0`,
    'an order of the run may have been cancelled, forgotten and sold again': `${oversold}; F: b2×1 A, forgets`,
    'one sale, and somebody who wanted more than there ever was':
      'A 100; b1 buy(1) A [0,5] ok; b2 buy(1000) A [1,9] refused; F: b1×1 A',
    'a counter below zero that the rows do not bear out':
      'A 1; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] refused; F: b1×1 A, left A -3',
    'too many rows in an unsettled state':
      'A 1; b1 buy(1) A [0,5] ok; F: b1×1 A, b2×1 A, unsettled',
    'never sold out': 'A 9; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok; F: b1×1 A, b2×1 A',
    'sold out, but nobody asked for more':
      'A 2; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok; F: b1×1 A, b2×1 A',
    'a million refusals and one sale':
      'A 5; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] refused; b3 buy(9) A [1,6] refused; F: b1×1 A',
    'only our orders listed, the counter tells of others':
      'A 2; b1 buy(1) A [0,5] ok; b2 buy(2) A [1,6] refused; F: b1×1 A, left A 0, unlisted',
    'info beyond the capacity that left nothing, unsettled':
      'A 1; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] info; F: b1×1 A, unsettled',
  },
});

it('shows the fewest rows that exceed the capacity', () => {
  const rows = 'b1×1 A, b2×1 A, b3×4 A, b4×1 A';
  const finding = decided(oversellFinal, `A 4; b1 buy(1) A [0,5] ok; F: ${rows}`);
  expect(finding.witness?.figures).toEqual({ sold: 7, capacity: 4 });
  expect(finding.witness?.rows.map((row) => row.id)).toEqual(['row-1', 'row-3']);
});

it('shows the pool with the largest excess and counts all', () => {
  const finding = decided(oversellFinal, 'A 0; B 0; b1 buy(1) A [0,5] ok; b2 buy(2) B [0,5] ok');
  expect(finding).toMatchObject({ count: 2, witness: { pools: [{ id: 'B' }] } });
});

describeShown(oversellFinal, {
  'A 5; B 1; b1 buy(7) A [0,5] ok; b2 buy(4) B [0,5] ok':
    'violated 2: b2 purchase, pool B, sold=4, capacity=1',
  'A 5; B 1; b1 buy(9) A [0,5] ok; b2 buy(4) B [0,5] ok':
    'violated 2: b1 purchase, pool A, sold=9, capacity=5',
});

it('shows the reply that acknowledged, not one that was cut off before', () => {
  const finding = decided(oversellFinal, 'A 0; b1 buy A [0,5] info; b1 buy A [6,9] ok');
  expect(finding.witness?.operations).toMatchObject([{ outcome: 'ok', start: 6 }]);
});

it('says where the tickets are that are too many', () => {
  const summaryOf = (notation: string) => decided(oversellFinal, notation).summary;
  expect(summaryOf(oversold)).toBe('2 tickets acknowledged in pool A, which has 1.');
  expect(summaryOf(`${oversold}; F: b1×1 A, b2×1 A`)).toBe(
    '2 tickets live in the final state in pool A, which has 1.',
  );
});

const [growth, promise] = ['More was sold than there was at first', 'More was acknowledged than'];
describeGaps(oversellFinal, {
  [`${oversold}; baseline x; F: b1×1 A, b2×1 A, left A 0`]: [growth],
  [`${oversold}; F: b2×1 A, forgets`]: [promise],
  [`${oversold}; B 9; b3 buy B [0,5] ok; F: b2×1 A, b3×1 B, forgets`]: [promise],
  [`${oversold}; B 3 of 1; b3 buy(2) B [0,5] ok; F: b2×1 A, b3×2 B, left B 1, forgets`]: [
    'capacities are not certain',
    promise,
    growth,
  ],
});
