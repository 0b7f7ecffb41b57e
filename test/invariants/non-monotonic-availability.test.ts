import { describe, expect, it } from 'vitest';
import {
  nonMonotonicAvailability,
  worstRise,
} from '../../lib/invariants/non-monotonic-availability.ts';
import { decided, describeGaps, describeShown } from './cases.ts';
import { sale } from './notation.ts';

const sold = 'b1 buy(1) A [0,5] ok; b2 buy(1) A [3,8] ok; r0 avail A [1,4] ok value=9';
const vouched = `A 9; exclusive; ${sold}`;

describe('non-monotonic-availability', () => {
  const cases = {
    holds: {
      'numbers that fall': `A 9; ${sold}; r avail A [6,7] ok value=8; r avail A [9,10] ok value=7`,
      'numbers that stay': `A 9; ${sold}; r avail A [6,7] ok value=8; r avail A [9,10] ok value=8`,
      'a rise between reads that overlap': `A 9; ${sold}; r avail A [6,9] ok value=7; r avail A [9,10] ok value=8`,
      'a rise within the clock error': `A 9; clock 1; ${sold}; r avail A [6,7] ok value=7; r avail A [9,10] ok value=8`,
      'a cancellation': `${vouched}; b1 cancel A [7,9] ok; r avail A [6,7] ok value=7; r avail A [9,10] ok value=8`,
      'a cancellation without a reply': `${vouched}; b1 cancel A [7,8] info; r avail A [9,10] ok value=7; r avail A [20,21] ok value=8`,
      'a hold that may have expired': `${vouched}; h hold A [0,1] ok expires=18; r avail A [9,10] ok value=6; r avail A [20,21] ok value=7`,
      'a first number above all there is, which is no rise': `${vouched}; x avail A [-2,-1] ok value=10`,
      'a cancellation within the clock error': `${vouched}; clock 2; x avail A [13,14] ok value=7; y avail A [19,20] ok value=8; b1 cancel A [24,25] ok`,
      'a cancellation that the clocks put after the lower number': `${vouched}; clock 2; b1 cancel A [9,12] ok; x avail A [15,16] ok value=7; y avail A [21,22] ok value=8`,
      'a rise that is declared to lag': `${vouched}; r avail A [6,7] ok value=8; r avail A [9,10] ok value=9 lags`,
    },
    violated: {
      'a number that rises': `${vouched}; r avail A [6,7] ok value=7; r avail A [9,10] ok value=8`,
      'a rise after the lowest, not the last': `${vouched}; r avail A [5,6] ok value=6; r avail A [7,8] ok value=7; r avail A [10,11] ok value=7`,
      'more than came back': `${vouched}; b1 cancel A [7,9] ok; r avail A [6,7] ok value=7; r avail A [9,10] ok value=9`,
      'a hold that had not yet expired': `${vouched}; h hold A [0,1] ok expires=30; r avail A [9,10] ok value=6; r avail A [20,21] ok value=7`,
      'a cancellation that was over before': `${vouched}; b1 cancel A [6,7] ok; r avail A [9,10] ok value=7; r avail A [12,13] ok value=8`,
      'where all orders were read': `A 9; ${sold}; r avail A [6,7] ok value=7; r avail A [9,10] ok value=8; F: b1×1 A, b2×1 A`,
    },
    unknown: {
      'a rise, and a pool that may sell more than was left': `A 8 of 9; exclusive; ${sold}; r avail A [6,7] ok value=7; r avail A [9,10] ok value=8`,
      'a rise, and orders from before the run': `${vouched}; r avail A [6,7] ok value=7; r avail A [9,10] ok value=8; baseline x`,
      'a rise, and the clocks let what came to nothing be beside the lower one': `${vouched}; clock 2; b3 buy(1) A [10,12] fail; r avail A [16,17] ok value=7; r avail A [22,23] ok value=8`,
      'no read': 'A 9; b1 buy(1) A [0,5] ok; b2 buy(1) A [3,8] ok',
      'one read': `A 9; ${sold}`,
      'others may have cancelled': `A 9; ${sold}; r avail A [6,7] ok value=7; r avail A [9,10] ok value=8`,
      'one that came to nothing may have held a ticket': `${vouched}; b3 buy(1) A [4,7] fail; r avail A [6,7] ok value=7; r avail A [9,10] ok value=8`,
      'one that was cut off may have held a ticket, at a shop whose rows name no intents':
        'A 2; exclusive; buyer u1: b1, b3; b1 buy A [0,5] ok; b2 buy A [1,6] info; r avail A [12,13] ok value=0; r avail A [20,21] ok value=1; F: ?×1 A by=u1',
      'requests may be missing': `${vouched}; r avail A [6,7] ok value=7; r avail A [9,10] ok value=8; incomplete`,
      'a cancelled row that nobody cancelled': `A 9; ${sold}; b3 buy(1) A [0,1] ok; r avail A [6,7] ok value=6; r avail A [9,10] ok value=8; F: b1×1 A, b2×1 A, b3×1 A cancelled; incomplete`,
    },
  };
  for (const [value, notations] of Object.entries(cases)) {
    it.each(Object.entries(notations))(`${value}: %s`, (_, notation) => {
      const finding = decided(nonMonotonicAvailability, notation);
      expect([finding.value, finding.summary]).toEqual([value, finding.summary]);
    });
  }

  it('says nothing about a sale in which all reads may lag', () => {
    const lags = 'A 9; r avail A [1,2] ok value=9 lags';
    expect(nonMonotonicAvailability.isBeside?.(sale(lags))).toContain('Nobody read');
    expect(nonMonotonicAvailability.isBeside?.(sale(vouched))).toBe(null);
  });

  it('shows the two reads and what may have come back', () => {
    const finding = decided(
      nonMonotonicAvailability,
      `${vouched}; b1 cancel A [7,9] ok; r1 avail A [6,7] ok value=7; r2 avail A [9,10] ok value=9`,
    );
    expect(finding.witness?.operations.map(({ intent, kind }) => [intent, kind])).toEqual([
      ['onsale-r1-1', 'purchase'],
      ['r1', 'availability'],
      ['onsale-r1-1', 'cancel'],
      ['r2', 'availability'],
    ]);
    expect(finding.witness?.figures).toEqual({ before: 7, after: 9, mayHaveComeBack: 1 });
  });
});

const later = 'r2 avail A [12,13] ok value=8';
const rise = `r1 avail A [6,7] ok value=7; ${later}`;
const inB = 'r3 avail B [6,7] ok value=7; r4 avail B [12,13] ok value=8';

describeGaps(nonMonotonicAvailability, {
  'A 9; b1 buy(1) A [0,5] ok; b2 buy(1) A [3,8] ok': ['Nobody read'],
  [`A 9; ${sold}`]: ['read only once'],
  'A 9; b1 buy(1) A [0,5] ok; b2 buy(1) A [3,8] ok; r avail A [9,10] ok value=7; r avail A [9,10] ok value=7':
    ['No read ran while'],
  'A 9; b1 buy(1) A [0,5] ok; b2 buy(1) A [3,8] ok; r avail A [9,10] ok value=7': [
    'No read ran while',
    'read only once',
  ],
  [`A 9; ${sold}; r1 avail A [6,7] ok value=8`]: [],
  [`A 9; ${sold}; r1 avail A [6,7] ok value=8; incomplete`]: ['The history is not complete'],
  [`A 9; ${sold}; ${rise}`]: ['1 read said more than an earlier one'],
});

describeShown(nonMonotonicAvailability, {
  [`A 9; ${sold}; r1 avail A [6,7] ok value=8; ${later}`]:
    'holds: br0 availability, br1 availability, pool A, reads=3, unexplained=0',
  [`A 9; ${sold}; ${rise}`]:
    'unknown: br0 availability, br1 availability, pool A, reads=3, unexplained=1',
  [`${vouched}; r1 avail A [12,13] ok value=10`]:
    'violated 1: br0 availability, br1 availability, pool A, before=9, after=10, mayHaveComeBack=0',
  // A pool in which nothing rises, beside one in which something does.
  [`B 9; ${vouched}; r3 avail B [6,7] ok value=9; ${rise}`]:
    'violated 1: br1 availability, br2 availability, pool A, before=7, after=8, mayHaveComeBack=0',
  // The smaller proof, whichever pool it is in; of equal ones the first.
  [`${vouched}; B 9; b1 cancel A [9,10] ok; r1 avail A [6,7] ok value=7; r2 avail A [12,13] ok value=9; ${inB}`]:
    'violated 2: br3 availability, br4 availability, pool B, before=7, after=8, mayHaveComeBack=0',
  [`B 9; ${vouched}; b1 cancel A [9,10] ok; r1 avail A [6,7] ok value=7; r2 avail A [12,13] ok value=9; ${inB}`]:
    'violated 2: br3 availability, br4 availability, pool B, before=7, after=8, mayHaveComeBack=0',
  [`${vouched}; B 9; ${rise}; ${inB}`]:
    'violated 2: br1 availability, br2 availability, pool A, before=7, after=8, mayHaveComeBack=0',
});

it('tells a certificate which rise is the worst', () => {
  expect(worstRise(sale(vouched))).toBe(null);
  expect(worstRise(sale(`B 3; ${vouched}; ${rise}`))).toMatchObject({
    pool: 1,
    contradiction: { direction: 'more', earlier: 3, later: 4, certain: 0, against: 0 },
  });
});
