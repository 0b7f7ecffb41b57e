import { describe, expect, it } from 'vitest';
import { readYourWrites, worstUnaware } from '../../lib/invariants/read-your-writes.ts';
import { decided, describeGaps, describeShown } from './cases.ts';
import { sale } from './notation.ts';

const others = 'b1 buy(1) A [0,5] ok session=1; b2 buy(1) A [3,8] ok session=2';
const shop = `A 9; exclusive; ${others}; r0 avail A [1,4] ok value=9 session=7`;
const bought = `${shop}; b3 buy(2) A [10,12] ok session=3`;
const held = `${shop}; b3 hold A [10,12] ok expires=50 session=3`;

describe('read-your-writes', () => {
  const cases = {
    holds: {
      'a number that includes it': `${bought}; r avail A [13,14] ok value=5 session=3`,
      'a number from just after it': `${bought}; b4 buy(1) A [13,14] ok; r avail A [15,16] ok value=5 session=3`,
      'another session may see less': `${bought}; r avail A [13,14] ok value=5 session=3; r avail A [13,14] ok value=7 session=4`,
      'a read beside the purchase': `${bought}; r avail A [11,13] ok value=7 session=3; b3 status A [13,14] ok state=paid`,
      'a state that knows the order': `${bought}; b3 status A [13,14] ok state=paid`,
      'a hold that expired and is forgotten': `${held}; b3 status A [51,52] ok state=none`,
      'an order that was given back and is forgotten': `${bought}; b3 cancel A [13,14] ok; b3 status A [15,16] ok state=none`,
      'paid after its payment': `${held}; b3 pay A [13,14] ok; b3 status A [15,16] ok state=paid`,
      'still held beside its payment': `${held}; b3 pay A [13,16] ok; b3 status A [15,16] ok state=held`,
      'bought after it had been cancelled in vain': `${shop}; b3 cancel A [9,9] ok; b3 buy(2) A [10,12] ok; b3 status A [13,14] ok state=paid`,
      'not there, cancelled in vain, and then bought': `${shop}; b3 status A [6,7] ok state=none; b3 cancel A [9,9] ok; b3 buy(2) A [10,12] ok; b3 status A [13,14] ok state=paid`,
      'cut off, and cancelled before it came about': `${shop}; b3 buy A [10,12] info; b3 cancel A [13,14] ok; b3 status A [15,16] ok state=paid`,
      'cancelled beside the purchase': `${bought}; b3 cancel A [12,14] ok; b3 status A [15,16] ok state=paid`,
      'a late payment beside a cancellation': `${held}; clock 1; b3 pay A [60,62] ok; b3 cancel A [63,64] ok; b3 status A [70,72] ok state=paid`,
      'a state that may lag': `${bought}; b3 status A [13,14] ok state=none lags; b3 status A [15,16] ok state=paid`,
      'the state of another order': `${shop}; b3 buy(2) A [10,12] ok order=o1; b3 status A [13,14] ok state=paid order=o1; b3 status A [13,14] ok state=none order=o2`,
    },
    violated: {
      'a number from before it': `${bought}; r avail A [13,14] ok value=7 session=3`,
      'a number that lacks a part of it': `${bought}; r avail A [13,14] ok value=6 session=3`,
      'by the same intent in another session': `${bought}; b3 avail A [13,14] ok value=7 session=4`,
      'more than there would be with it alone': `A 9; ${others}; r0 avail A [1,4] ok value=9; b3 buy(2) A [0,2] ok session=3; r avail A [13,14] ok value=8 session=3`,
      'a state that does not know it': `${bought}; b3 status A [13,14] ok state=none`,
      'a hold that its buyer does not see': `${held}; b3 status A [13,14] ok state=none`,
      'still held after its payment': `${held}; b3 pay A [13,14] ok; b3 status A [15,16] ok state=held`,
      'still there after it was given back': `${bought}; b3 cancel A [13,14] ok; b3 status A [15,16] ok state=paid`,
      'seen, and still there after it was given back': `${shop}; b3 buy A [10,12] info; b3 status A [13,14] ok state=paid; b3 cancel A [15,16] ok; b3 status A [17,18] ok state=paid`,
      'still held after it was given back': `${held}; b3 cancel A [13,14] ok; b3 status A [15,16] ok state=held`,
    },
    unknown: {
      'nobody looked': `${bought}`,
      'nobody looked afterwards': `${bought}; r avail A [9,12] ok value=7 session=3`,
      'only others looked': `${bought}; r avail A [13,14] ok value=7 session=4; b9 status A [13,14] ok state=none`,
      'tickets may have come back': `${bought}; b1 cancel A [12,20] ok; b2 cancel A [12,20] ok; r avail A [13,14] ok value=7 session=3; incomplete`,
      'requests may be missing': `${bought}; b3 status A [13,14] ok state=none; incomplete`,
      'the clock jumped': `${bought}; b3 status A [13,14] ok state=none; b3 view A [20,14] ok`,
      'an empty history': 'A 9',
    },
  };
  for (const [value, notations] of Object.entries(cases)) {
    it.each(Object.entries(notations))(`${value}: %s`, (_, notation) => {
      const finding = decided(readYourWrites, notation);
      expect([finding.value, finding.summary]).toEqual([value, finding.summary]);
    });
  }

  it('says nothing about a sale in which nobody looked', () => {
    expect(readYourWrites.isBeside?.(sale(`A 9; ${others}`))).toContain('Nobody read');
    expect(readYourWrites.isBeside?.(sale(bought))).toBe(null);
  });

  it('shows the purchase, the read, and what the read goes by', () => {
    const finding = decided(readYourWrites, `${bought}; r avail A [13,14] ok value=7 session=3`);
    expect(finding.witness?.operations.map(({ intent }) => intent)).toEqual([
      'onsale-r1-1',
      'onsale-r1-2',
      'onsale-r1-3',
      'r',
    ]);
    expect(finding.witness?.figures).toEqual({ value: 7, certainBefore: 2, mayHaveComeBack: 0 });
  });

  it('shows a state with what it does not know', () => {
    const finding = decided(
      readYourWrites,
      `${held}; b3 pay A [13,14] ok; b3 status A [15,16] ok state=held`,
    );
    expect(finding.witness?.operations.map(({ kind }) => kind)).toEqual(['pay', 'status']);
    expect(finding.summary).toContain('told as held after its payment');
  });
});

const after = 'r avail A [13,14] ok value=7 session=3';
const none = 'b3 status A [15,16] ok state=none';
const given = 'b3 cancel A [13,14] ok';

/** Whether anybody is accused is all that is asked here; what else is missing is asked below. */
describe('read-your-writes accuses', () => {
  const cases: Record<string, string> = {
    'of two purchases, by the one that began last': `${bought}; b4 buy(1) A [13,15] ok session=3; r avail A [16,17] ok value=5 session=3`,
    'by it though another ended later': `${shop}; b3 buy(1) A [10,20] ok session=3; b5 buy(1) A [10,12] ok session=9; b4 buy(1) A [13,15] ok session=3; r avail A [21,22] ok value=6 session=3`,
    'of two that began together, by the one that ended last': `${shop}; b3 buy(1) A [10,12] ok session=3; b4 buy(2) A [10,13] ok session=3; r avail A [14,15] ok value=6 session=3`,
    'by the second purchase there is':
      'A 9; exclusive; b1 buy(1) A [0,5] ok session=1; b2 buy(1) A [6,8] ok session=2; r avail A [9,10] ok value=8 session=2',
    'a read that the clocks put after the purchase': `${bought}; clock 2; r avail A [17,18] ok value=7 session=3`,
    'a number, though another pool is in doubt': `${bought}; B 8 of 9; ${after}`,
    'a state that the clocks put after the purchase': `${bought}; clock 1; ${none}`,
    'a state that tells no order, of a purchase that does': `${shop}; b3 buy(2) A [10,12] ok order=o1; ${none}`,
    'a state that tells an order, of a purchase that does not': `${bought}; ${none} order=o1`,
    'a state of the same order': `${shop}; b3 buy(2) A [10,12] ok order=o1; ${none} order=o1`,
    'though a cancellation was refused': `${bought}; b3 cancel A [13,14] refused; ${none}`,
    'though a cancellation came after the read': `${bought}; ${none}; b3 cancel A [17,18] ok`,
    'though a hold was refused before': `${shop}; b3 hold A [8,9] refused expires=10; b3 buy(1) A [10,12] ok; ${none}`,
    'a hold that lasts by what the sale promises': `${shop}; rule holdMs=30; b3 hold A [10,12] ok; ${none}`,
    'a hold that lasts whatever the clock of the shop': `${held}; rule clockSkewMs=5; ${none}`,
    'still paid after it was given back, though a purchase was refused before': `${shop}; b3 buy(2) A [8,9] refused; b3 buy(2) A [10,12] ok; ${given}; b3 status A [15,16] ok state=paid`,
    'still held after it was given back, though a payment was refused': `${held}; ${given}; b3 pay A [14,15] refused; b3 status A [16,17] ok state=held`,
    'still paid after it was paid and given back': `${held}; b3 pay A [13,14] ok; b3 cancel A [15,16] ok; b3 status A [17,18] ok state=paid`,
  };
  it.each(Object.entries(cases))('%s', (_, notation) => {
    expect(decided(readYourWrites, notation).value).toBe('violated');
  });
});

describe('read-your-writes accuses nobody of', () => {
  const cases: Record<string, string> = {
    'a read that began as the purchase ended': `${bought}; r avail A [12,14] ok value=7 session=3`,
    'a read that the clocks put beside the purchase': `${bought}; clock 2; r avail A [16,17] ok value=7 session=3`,
    'tickets that came back meanwhile': `${bought}; b1 cancel A [12,20] ok; b2 cancel A [12,20] ok; ${after}`,
    'a purchase that was lost': `${bought}; ${after}; F: b1×1 A, b2×1 A`,
    'a purchase that was lost, whatever another session should have seen': `${bought}; r avail A [13,14] ok value=9 session=3; F: b1×1 A, b2×1 A`,
    'a number, where requests may be missing': `${bought}; ${after}; incomplete`,
    'a number, where nobody knows how many there were': `A 8 of 9; exclusive; ${others}; b3 buy(2) A [10,12] ok session=3; ${after}`,
    'a number, with orders from before the run': `${bought}; ${after}; baseline x`,
    'a view, which is no read of a state': `${bought}; b3 view A [15,16] ok state=none`,
    'a payment that tells a state': `${bought}; b3 pay A [15,16] ok state=none`,
    'a state without a reply': `${bought}; b3 status A [15,16] info state=none; b3 status A [15,16] refused state=none`,
    'a reply without a state': `${bought}; b3 status A [15,16] ok`,
    'a state other than those': `${bought}; ${given}; b3 status A [15,16] ok state=cancelled`,
    'a purchase without a reply': `${shop}; b3 buy(2) A [10,12] info; ${none}`,
    'a hold without a reply that was paid': `${shop}; b3 hold A [8,9] info expires=50; b3 pay A [10,12] ok; ${none}`,
    'a state that began as the purchase ended': `${bought}; b3 status A [12,13] ok state=none`,
    'a state that the clocks put beside the purchase': `${bought}; clock 2; ${none}`,
    'the state of another order': `${shop}; b3 buy(2) A [10,12] ok order=o1; ${none} order=o2`,
    'an order that its row shows as given back': `${bought}; ${none}; F: b1×1 A, b2×1 A, b3×2 A cancelled`,
    'an order that may have been given back': `${bought}; b3 cancel A [13,14] info; ${none}`,
    'an order that is given back as the read ends': `${bought}; ${none}; b3 cancel A [16,18] ok`,
    'an order that the clocks let be given back': `${bought}; clock 1; ${none}; b3 cancel A [18,19] ok`,
    'a hold that expired by the clock of the shop': `${shop}; rule clockSkewMs=4; b3 hold A [10,12] ok expires=20; ${none}`,
    'a hold that expired by the clock of the run': `${shop}; clock 1; b3 hold A [10,12] ok expires=18; ${none}`,
    'a hold that expired as the read ended': `${shop}; b3 hold A [10,12] ok expires=16; ${none}`,
    'a hold that expired by what the sale promises': `${shop}; rule holdMs=3; b3 hold A [10,12] ok; ${none}`,
    'a hold that nobody knows how long it lasts': `${shop}; b3 hold A [10,12] ok; ${none}`,
    'one of two purchases that was given back': `${bought}; b3 buy(2) A [11,13] ok; b3 cancel A [14,15] ok; b3 status A [16,17] ok state=paid`,
    'one of two purchases of which one has no reply': `${bought}; b3 buy(2) A [11,13] info; b3 cancel A [14,15] ok; b3 status A [16,17] ok state=paid`,
    'one that may have been paid after it was given back': `${held}; ${given}; b3 pay A [13,16] info; b3 status A [15,16] ok state=paid`,
    'one that may yet have been paid, though nobody waited for it': `${held}; b3 pay A [12,13] info; b3 cancel A [14,15] ok; b3 status A [16,17] ok state=paid`,
    'one that was paid as it was given back': `${held}; b3 pay A [13,15] ok; b3 cancel A [15,16] ok; b3 status A [17,18] ok state=paid`,
    'paid, where only the payment has no reply': `${held}; b3 pay A [13,14] info; b3 status A [15,16] ok state=held`,
    'paid after its payment, and held by nobody': `${held}; b3 pay A [13,14] ok; b3 status A [15,16] ok state=expired`,
  };
  it.each(Object.entries(cases))('%s', (_, notation) => {
    const finding = decided(readYourWrites, notation);
    expect([finding.value, finding.summary]).not.toEqual(['violated', finding.summary]);
  });
});

const UNSEEN = 'did not show what the buyer had done';
const NOBODY = 'Nobody looked after having bought';

describeGaps(readYourWrites, {
  [bought]: [NOBODY],
  [`${bought}; r avail A [13,14] ok value=5 session=3`]: [],
  [`${bought}; b3 status A [15,16] ok state=paid`]: [],
  [`${bought}; b3 status A [15,16] ok`]: [NOBODY],
  'A 9; exclusive; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,5] ok; b1 status A [6,7] ok': [NOBODY],
  [`${bought}; b1 cancel A [12,20] ok; b2 cancel A [12,20] ok; ${after}`]: [],
  [`${bought}; r avail A [13,14] ok value=5 session=3; b3 status A [15,16] ok state=paid`]: [],
  [`${bought}; ${after}; F: b1×1 A, b2×1 A`]: [`1 read ${UNSEEN}`],
  [`${bought}; ${after}; incomplete`]: ['The history is not complete', `1 read ${UNSEEN}`],
  [`${bought}; ${after}; r avail A [13,14] ok value=7 session=3; ${none}; incomplete`]: [
    'The history is not complete',
    `3 reads ${UNSEEN}`,
  ],
});

describeShown(readYourWrites, {
  [`${bought}; r avail A [13,14] ok value=5 session=3; b3 status A [15,16] ok state=paid`]:
    'holds: b3 purchase, br availability, pool A, reads=1, statuses=1',
  [`${shop}; b4 status A [0,1] ok state=paid lags; b3 buy(2) A [10,12] ok session=3; b3 status A [15,16] ok state=paid`]:
    'holds: b3 status, pool A, reads=0, statuses=1',
  [bought]: 'unknown: pool A, reads=0, statuses=0',
  // Of two reads the second lacks the purchase.
  [`${bought}; r1 avail A [13,14] ok value=5 session=3; r2 avail A [15,16] ok value=7 session=3`]:
    'violated 1: b1 purchase, b2 purchase, b3 purchase, br2 availability, pool A, value=7, certainBefore=2, mayHaveComeBack=0',
  // The purchase that the final state does not have is not the one that was not seen.
  [`${bought}; b4 buy(1) A [10,12] ok session=4; r1 avail A [13,14] ok value=7 session=3; r2 avail A [13,14] ok value=8 session=4; F: b1×1 A, b2×1 A, b4×1 A`]:
    'violated 1: b1 purchase, b2 purchase, b4 purchase, br2 availability, pool A, value=8, certainBefore=2, mayHaveComeBack=0',
  // A pool of which all is seen, beside one of which it is not.
  [`B 3; ${bought}; b5 buy(1) B [0,5] ok session=5; r5 avail B [6,7] ok value=2 session=5; ${after}`]:
    'violated 1: b1 purchase, b2 purchase, b3 purchase, br availability, pool A, value=7, certainBefore=2, mayHaveComeBack=0',
  // A state before a number.
  [`${bought}; ${after}; ${none}`]: 'violated 2: b3 purchase, b3 status',
});

describe('read-your-writes, in words', () => {
  const shows = '1 read did not show what the buyer had done before: an order’s state was told as';
  it.each([
    [`${bought}; ${none}`, `${shows} none after its purchase was acknowledged.`],
    [`${held}; ${none}`, `${shows} none after its hold was acknowledged.`],
    [
      `${held}; ${given}; b3 status A [15,16] ok state=held`,
      `${shows} held after its cancellation was acknowledged.`,
    ],
    [
      `${held}; b3 pay A [13,14] ok; b3 status A [15,16] ok state=held`,
      `${shows} held after its payment was acknowledged.`,
    ],
    [
      `${bought}; ${after}`,
      '1 read did not show what the buyer had done before: 7 left in pool A, though fewer were left once the purchase was made.',
    ],
    [
      `${bought}; r avail A [13,14] ok value=5 session=3; b3 status A [15,16] ok state=paid`,
      '2 reads after the buyer’s own purchase, none certainly without it.',
    ],
  ])('%s', (notation, summary) => {
    expect(decided(readYourWrites, notation).summary).toBe(summary);
  });
});

it('tells a certificate which read is the worst', () => {
  expect(worstUnaware(sale(bought))).toBe(null);
  expect(worstUnaware(sale(`B 3; ${bought}; ${after}`))).toMatchObject({
    read: 4,
    write: 3,
    pool: 1,
    contradiction: { certain: 2, against: 0 },
  });
  expect(worstUnaware(sale(`${bought}; ${after}; ${none}`))).toEqual({
    read: 5,
    write: 3,
    pool: null,
    contradiction: null,
  });
});
