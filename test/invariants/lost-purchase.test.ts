import { expect, it } from 'vitest';
import { lostPurchase } from '../../lib/invariants/lost-purchase.ts';
import { decided, describeGaps, describeInvariant } from './cases.ts';
import { keylessSale } from './keyless-told.ts';

const two = 'A 9; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok';

/** Two intents of one buyer and one of another. */
const owned = `${two}; buyer u1: b1, b2; buyer u2: b3; b3 buy(2) A [2,9] info`;

const twoBuyers = 'buyer u1: b1; buyer u2: b2';
const sameOrder = 'A 9; b1 buy A [0,5] ok order=o; b2 buy A [1,6] ok order=o; F: b1×1 A, b2×1 A';

describeInvariant(lostPurchase, {
  holds: {
    'a hold that nobody paid is gone':
      'A 9; b1 hold A [0,5] ok expires=30; b2 buy A [1,6] ok; F: b2×1 A',
    'given back': 'A 9; b1 buy A [0,5] ok; b1 cancel A [6,8] ok; b2 buy A [1,6] ok; F: b2×1 A',
    'units as rows': 'A 9; b1 buy(2) A [0,5] ok; b2 buy(1) A [1,6] ok; F: b1×1 A, b1×1 A, b2×1 A',
    'cancelled is not lost': `${two}; F: b1×1 A, b2×1 A cancelled`,
    'info may leave nothing': `${two}; b3 buy(1) A [0,5] info; F: b1×1 A, b2×1 A`,
    'no more than our own orders need be listed': `${two}; F: b1×1 A, b2×1 A, unlisted`,
    'rows without keys, one for each': `${owned}; F: ?×1 A by=u1, ?×1 A by=u1, ?×2 A by=u2`,
    'rows without keys, one of them cancelled': `${owned}; F: ?×1 A by=u1, ?×1 A cancelled by=u1, ?×2 A by=u2`,
    'rows that name nobody, one for each': `${owned}; exclusive; F: ?×1 A, ?×2 A, ?×1 A`,
    'rows that name nobody, one of them cancelled': `${two}; exclusive; F: ?×1 A, ?×1 A cancelled`,
    'rows that name nobody, of buyers nobody knows': `${two}; exclusive; F: ?×1 A, ?×1 A`,
    'rows without keys, in their time': `${owned}; rule clockSkewMs=1; F: ?×1 A by=u1 at=7, ?×1 A by=u1 at=0, ?×2 A by=u2 at=900`,
    'one order for two purchases of one buyer': `buyer u1: b1, b2; ${sameOrder}`,
    'two buyers who were told of no order, beside one who was': `${twoBuyers}; buyer u3: b3; ${two}; b3 buy A [2,4] ok order=o; F: b1×1 A, b2×1 A, b3×1 A`,
    'one order for two purchases of buyers nobody knows': sameOrder,
    'an order that was given back, and another buyer’s by the same name': `${twoBuyers}; b1 cancel A [7,8] ok; ${sameOrder}`,
    'an order by the same name that was refused, or only looked at': `${twoBuyers}; ${sameOrder.replace('[1,6] ok order=o', '[1,6] ok order=p')}; b2 buy A [7,8] refused order=o; b2 status A [8,9] ok order=o`,
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
    'rows without keys, one too few': `${owned}; F: ?×1 A by=u1, ?×2 A by=u2`,
    'rows without keys, the second is another buyer’s': `${owned}; F: ?×1 A by=u1, ?×2 A by=u2, ?×1 A by=u2`,
    'rows without keys, the second is of another pool': `${owned}; B 9; F: ?×1 A by=u1, ?×1 B by=u1`,
    'rows without keys, the second without tickets': `${owned}; F: ?×1 A by=u1, ?×0 A by=u1`,
    'rows without keys, none of them in time': `${owned}; rule clockSkewMs=1; F: ?×1 A by=u1 at=8, ?×1 A by=u1 at=30`,
    'rows that name nobody, one too few': `${two}; F: ?×1 A`,
    'rows without keys, in a listing of the run’s buyers only': `${owned}; F: ?×1 A by=u1, ?×2 A by=u2, unlisted`,
    'rows without keys, one too few, one of them cancelled': `${owned}; F: ?×1 A cancelled by=u1`,
    'acknowledged at the second try':
      'A 9; b1 buy(1) A [0,5] info; b1 buy(1) A [6,9] ok; b2 buy(1) A [1,6] ok; F: b2×1 A',
  },
  unknown: {
    'rows without keys, one too few, but cancelled orders are forgotten': `${owned}; F: ?×1 A by=u1, forgets`,
    'rows without keys, one too few, in a reading that may lag': `${owned}; F: ?×1 A by=u1, lags`,
    'a row without a key may be a part of a purchase': `${owned}; F: ?×1 A by=u1, ?×1 A by=u1, ?×1 A by=u2; b3 buy(2) A [2,9] ok`,
    'rows for single tickets make up for a lost one':
      'A 9; buyer u1: b1, b2; b1 buy(2) A [0,5] ok; b2 buy(2) A [1,6] ok; F: ?×1 A by=u1, ?×1 A by=u1',
    'a row of a pool that nobody knows may be what is missing': `${owned}; F: ?×1 A by=u1, ?×1 Z by=u1`,
    'rows without keys, one too few, one of them cancelled, but cancelled orders are forgotten': `${owned}; F: ?×1 A cancelled by=u1, forgets`,
    'rows that name nobody, one too few, one of them cancelled, in a listing that is not whole': `${two}; exclusive; F: ?×1 A cancelled, unlisted`,
    'cancelled rows that name nobody may all be of others': `${two}; F: ?×1 A cancelled, ?×1 A cancelled`,
    'rows that name nobody may all be of others': `${two}; F: ?×1 A, ?×1 A`,
    'rows that name nobody, one too few, in a listing that is not whole': `${two}; F: ?×1 A, unlisted`,
    'one was cut off after it was acknowledged, so its row may be late': `${owned}; b2 buy(1) A [7,9] info; rule clockSkewMs=1; F: ?×1 A by=u1 at=3, ?×1 A by=u1 at=500, ?×2 A by=u2 at=4`,
    'one order that two buyers were told is theirs': `${twoBuyers}; ${sameOrder}`,
    'absent, but cancelled orders are forgotten': `${two}; F: b1×1 A, forgets`,
    'absent in a partial read-back': `${two}; F: b1×1 A, partial`,
    'absent in a reading before the end': `${two}; F: b1×1 A, read 5`,
    'of a pool whose rows are not read': `${two}; b3 buy(1) Z [0,5] ok; F: b1×1 A, b2×1 A`,
  },
});

describeGaps(lostPurchase, {
  [`${twoBuyers}; ${sameOrder}`]: [
    'Several buyers were told that the same order is theirs, of 1 order:',
  ],
});

it('shows the first lost purchase', () => {
  const finding = decided(lostPurchase, `${two}; F:`);
  expect(finding).toMatchObject({ count: 2 });
  expect(finding.witness?.figures).toEqual({ acknowledged: 2, lost: 2 });
  expect(finding.witness?.operations).toMatchObject([{ intent: 'onsale-r1-1' }]);
});

it('shows the fewest purchases that are more than the rows that can be theirs', () => {
  const finding = decided(lostPurchase, `${owned}; F: ?×1 A by=u1, ?×2 A by=u2`);
  expect(finding).toMatchObject({
    count: 1,
    witness: { figures: { acknowledged: 2, lost: 1, purchases: 2, rows: 1 } },
  });
  const alone = decided(
    lostPurchase,
    `${owned}; rule clockSkewMs=0; F: ?×1 A by=u1 at=0, ?×1 A by=u1 at=99`,
  );
  expect(alone.witness?.operations).toMatchObject([{ intent: 'onsale-r1-2' }]);
  expect(alone.summary).toContain('for 1 purchase of pool A there are only 0 rows');
});

it('does not hold by a row that a buyer’s purchase and one of nobody known may both need', () => {
  const told = (rows: string) =>
    lostPurchase.decide(
      keylessSale(
        `A 9; rule clockSkewMs=0; buyer u1: b1; buyer u2: b2; planned b2; b1 buy A [0,2] ok; stranger1 buy A [1,1] ok; F: ${rows}`,
      ),
    ).value;
  expect(told('?×1 A cancelled by=u1, ?×1 A cancelled by=u2 at=0')).toBe('unknown');
  expect(told('?×1 A by=u1, ?×1 A by=u2 at=1')).toBe('unknown');
  expect(told('?×1 A by=u1, stranger1×1 A')).toBe('holds');
});

it('holds where one order was told to a buyer and to somebody nobody knows, who may be the same', () => {
  const told = sameOrder.replaceAll('b2', 'stranger1');
  expect(lostPurchase.decide(keylessSale(`buyer u1: b1; ${told}`)).value).toBe('holds');
});
