import { describe, expect, it } from 'vitest';
import { staleAvailability } from '../../lib/invariants/stale-availability.ts';
import { decided } from './cases.ts';
import { sale } from './notation.ts';

const sold = 'b1 buy(1) A [0,5] ok; b2 buy(1) A [3,8] ok';
/** A read beside the sales, without which nothing is put to the test. */
const look = 'r0 avail A [1,4] ok value=9';
const vouched = `A 9; exclusive; ${sold}`;

describe('stale-availability', () => {
  const cases = {
    holds: {
      'reads between the sales': `A 9; ${sold}; r avail A [1,4] ok value=9; r avail A [5,7] ok value=8; r avail A [9,10] ok value=7`,
      'a read within the clock error of a sale': `A 9; clock 2; ${sold}; r avail A [11,12] ok value=8`,
      'one without a reply explains a number': `A 9; ${sold}; b3 buy(1) A [1,2] info; r avail A [4,12] ok value=6`,
      'one without a reply explains a number later': `A 9; ${sold}; b3 buy(1) A [1,2] info; r avail A [9,12] ok value=7; r avail A [14,15] ok value=6`,
      'a retry is one sale or two': `A 9; ${sold}; b1 buy(1) A [6,9] ok; r avail A [10,12] ok value=7; r avail A [13,15] ok value=7`,
      'a refusal that others would have to explain': `A 9; ${sold}; b3 buy(1) A [1,9] refused; r avail A [10,12] ok value=7`,
      'several tickets at a time': `A 9; b1 buy(2) A [0,5] ok; b2 buy(3) A [3,8] ok; r avail A [4,7] ok value=7; r avail A [9,9] ok value=4`,
      'tickets that came back': `A 9; ${sold}; r avail A [9,10] ok value=7; b1 cancel A [11,15] ok; r avail A [16,17] ok value=8; r avail A [12,13] ok value=7`,
      'a hold that expired': `A 9; ${sold}; h1 hold A [2,4] ok expires=20; r avail A [9,10] ok value=6; r avail A [30,31] ok value=7`,
      'a read declared to lag': `A 9; ${sold}; r avail A [1,6] ok value=8; r avail A [15,16] ok value=8 lags`,
      'only reads declared to lag': `A 9; ${sold}; r avail A [1,6] ok value=8 lags; r avail A [15,16] ok value=8 lags`,
    },
    violated: {
      'a number from before a sale': `A 9; ${sold}; r avail A [9,10] ok value=8`,
      'an older number after a newer': `A 9; b1 buy(1) A [0,9] ok; r avail A [1,2] ok value=8; r avail A [3,4] ok value=9; exclusive`,
      'a number that nobody bought down to': `${vouched}; r avail A [9,10] ok value=6`,
      'the same where all orders were read': `A 9; ${sold}; r avail A [9,10] ok value=6; F: b1×1 A, b2×1 A`,
      'a sale between two equal numbers': `A 9; b1 buy(1) A [0,5] ok; b2 buy(1) A [3,20] info; r avail A [1,3] ok value=8; b3 buy(1) A [4,6] ok; r avail A [7,8] ok value=8; exclusive`,
      'tickets left after the last was refused': `A 2; exclusive; b1 buy(1) A [0,5] ok; b2 buy(1) A [0,9] info; b3 buy(1) A [2,4] refused; r avail A [6,7] ok value=1`,
      'several tickets at a time': `A 9; b1 buy(2) A [0,5] ok; b2 buy(3) A [3,8] ok; r avail A [9,9] ok value=5`,
      'more came back than was given': `A 9; ${sold}; b1 cancel A [11,15] ok; r avail A [16,17] ok value=9`,
      'what was given back is not there': `${vouched}; b1 cancel A [11,15] ok; r avail A [16,17] ok value=7`,
      'a hold is not counted': `A 9; ${sold}; h1 hold A [2,4] ok expires=20; r avail A [9,10] ok value=7`,
      'a hold that was paid is not counted': `A 9; ${sold}; h1 hold A [2,4] ok expires=20; h1 pay A [5,6] ok; r avail A [30,31] ok value=7`,
      'one without a reply left nothing': `A 9; ${sold}; b3 buy(1) A [20,22] info; r avail A [9,12] ok value=6; F: b1×1 A, b2×1 A`,
      'less than nothing': `A 1; exclusive; b1 buy(1) A [0,5] ok; b2 buy(1) A [0,5] refused; r avail A [2,7] ok value=-1`,
    },
    unknown: {
      'no reads': `A 9; ${sold}`,
      'no reads at all, not even sales': 'A 9',
      'reads that were not answered': `A 9; ${sold}; r avail A [9,10] info; r avail A [9,10] fail`,
      'others may have bought': `A 9; ${sold}; r avail A [9,10] ok value=6`,
      'a stranger bought': `A 9; ${sold}; r avail A [9,10] ok value=6; F: b1×1 A, b2×1 A, ?×1 A`,
      'one that came to nothing may have held a ticket': `${vouched}; b3 buy(1) A [7,12] fail; r avail A [9,10] ok value=6`,
      'one without a reply may have held a ticket': `A 9; ${sold}; b3 buy(1) A [7,9] info; r avail A [9,12] ok value=6; r avail A [14,15] ok value=7; F: b1×1 A, b2×1 A`,
      'an acknowledged sale is lost': `A 9; ${sold}; r avail A [9,10] ok value=8; F: b1×1 A`,
      'somebody has more than was bought': `A 9; ${sold}; r avail A [9,10] ok value=6; F: b1×1 A, b2×1 A, b2×1 A`,
      'requests may be missing': `A 9; ${sold}; r avail A [9,10] ok value=8; incomplete`,
      'the clock jumped': `A 9; ${sold}; r avail A [9,10] ok value=8; r avail A [9,7] ok value=8`,
      'orders from before the run': `A 9; ${sold}; r avail A [9,10] ok value=8; baseline x`,
      'a capacity that is not what was left': `A 8 of 9; ${sold}; r avail A [9,10] ok value=7`,
      'reads long after the sales': `A 9; ${sold}; r avail A [9,10] ok value=7`,
      'nothing was sold':
        'A 9; b1 buy(1) A [0,5] info; b2 buy(1) A [0,5] refused; r avail A [1,10] ok value=9',
      'a number that no set of sales makes': `A 9; b1 buy(2) A [0,5] ok; b2 buy(2) A [3,8] ok; r avail A [4,7] ok value=6`,
      'somebody gave back what nobody knows': `${vouched}; x cancel A [0,2] ok; r avail A [9,10] ok value=8`,
    },
  };
  for (const [value, notations] of Object.entries(cases)) {
    it.each(Object.entries(notations))(`${value}: %s`, (_, notation) => {
      const looked = value === 'holds' ? `${notation}; ${look}` : notation;
      const finding = decided(staleAvailability, looked);
      expect([finding.value, finding.summary]).toEqual([value, finding.summary]);
    });
  }

  it('says nothing about a sale in which nobody looked', () => {
    expect(staleAvailability.isBeside?.(sale(vouched))).toContain('Nobody read');
    expect(staleAvailability.isBeside?.(sale(`${vouched}; r avail A [1,2] ok value=9 lags`))).toBe(
      null,
    );
  });

  it('shows the read, the earlier one, and the sale between', () => {
    const before = 'b3 buy(1) A [0,2] ok; b4 buy(1) A [0,2] ok';
    const finding = decided(
      staleAvailability,
      `A 9; exclusive; ${before}; r1 avail A [3,4] ok value=7; b1 buy(1) A [5,6] ok; r2 avail A [9,10] ok value=7`,
    );
    expect(finding.witness?.operations.map(({ intent }) => intent)).toEqual([
      'r1',
      'onsale-r1-1',
      'r2',
    ]);
    expect(finding.witness?.figures).toEqual({
      capacity: 9,
      certain: 1,
      against: 0,
      stalenessMsMin: 3,
    });
    expect(finding.summary).toContain('a read said 7');
  });

  it.each([
    ['one sale behind', 'r avail A [20,21] ok value=8 lags', 12],
    [
      'the older one decides',
      'r avail A [20,21] ok value=8 lags; r avail A [25,26] ok value=9 lags',
      20,
    ],
    ['up to date', 'r avail A [20,21] ok value=7 lags', 0],
  ])('tells how far reads lag at least: %s', (_, reads, ms) => {
    const finding = decided(staleAvailability, `A 9; ${sold}; ${reads}`);
    expect(finding.witness?.figures.stalenessMsMin).toBe(ms);
  });
});
