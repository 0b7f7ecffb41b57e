import { describe, expect, it } from 'vitest';
import { readYourWrites } from '../../lib/invariants/read-your-writes.ts';
import { decided } from './cases.ts';
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
