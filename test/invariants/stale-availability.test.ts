import { describe, expect, it } from 'vitest';
import { staleAvailability, worstContradiction } from '../../lib/invariants/stale-availability.ts';
import { decided, describeGaps, describeShown } from './cases.ts';
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
      'a hold that was cancelled before it was there': `A 9; ${sold}; h1 hold A [0,2] refused taken; h1 cancel A [3,4] ok; h1 hold A [5,7] ok; r avail A [9,10] ok value=6`,
      'a sale that was cut off, and cancelled before it came about': `A 9; ${sold}; b3 buy A [0,2] info; b3 cancel A [3,4] ok; r avail A [5,7] ok value=7; r avail A [9,10] ok value=6; F: b1×1 A, b2×1 A, b3×1 A`,
      'the last tickets are sold': `A 9; b1 buy(4) A [0,5] ok; b2 buy(5) A [3,8] ok; ${look}; r avail A [9,10] ok value=0`,
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
      'what was given back right after it was bought is not there': `${vouched}; b1 cancel A [6,15] ok; r avail A [16,17] ok value=7`,
      'a hold is not counted': `A 9; ${sold}; h1 hold A [2,4] ok expires=20; r avail A [9,10] ok value=7`,
      'a hold that was paid is not counted': `A 9; ${sold}; h1 hold A [2,4] ok expires=20; h1 pay A [5,6] ok; r avail A [30,31] ok value=7`,
      'one without a reply left nothing': `A 9; ${sold}; b3 buy(1) A [20,22] info; r avail A [9,12] ok value=6; F: b1×1 A, b2×1 A`,
      'less than nothing': `A 1; exclusive; b1 buy(1) A [0,5] ok; b2 buy(1) A [0,5] refused; r avail A [2,7] ok value=-1`,
    },
    unknown: {
      'what was given back within the clock error is not there': `${vouched}; clock 1; b1 cancel A [7,15] ok; r avail A [18,19] ok value=7`,
      'less than nothing, where one without a reply may have sold too much':
        'A 1; exclusive; b1 buy(1) A [0,5] ok; b2 buy(1) A [0,5] info; r avail A [2,7] ok value=-1',
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

const most = `A 9; ${sold}; ${look}`;
const vouchedMost = `${vouched}; ${look}`;
const low = 'r avail A [14,16] ok value=6';

describe('stale-availability, of what else may have moved', () => {
  const cases = {
    holds: {
      'a ticket that came back within the clock error': `${most}; clock 2; r avail A [13,14] ok value=8; b1 cancel A [17,18] ok`,
      'a sale that ended within the clock error': `${most}; clock 2; r avail A [12,13] ok value=8`,
      'two reads of which, by the clocks, either may be first': `${most}; clock 2; x avail A [9,10] ok value=7; y avail A [12,13] ok value=8`,
      'a rise, and the clocks let the lower number be before what came back': `${most}; clock 2; b1 cancel A [10,13] ok; x avail A [16,17] ok value=7; y avail A [22,23] ok value=8`,
      'several tickets at a time, in an order that only the clocks allow': `A 9; clock 2; b1 buy(2) A [0,5] ok; b2 buy(3) A [3,8] ok; ${look}; r avail A [11,12] ok value=7`,
      'several tickets at a time, in an order that only the lag allows': `A 9; b1 buy(2) A [0,5] ok; b2 buy(3) A [3,8] ok; ${look}; r avail A [11,12] ok value=7 lags`,
      'a view, which is no read of what is left': `${most}; r view A [9,10] ok value=3`,
      'a read that was not answered': `${most}; r avail A [9,10] info value=3; r avail A [9,10] refused value=3`,
      'a cancellation nobody knows, in a pool that nobody reads': `${most}; B 5; x cancel B [0,2] ok`,
      'sales of a pool that nobody reads, in no order that was found': `${most}; B 4; b3 buy(2) B [0,5] ok; b4 buy(2) B [0,9] info; b5 buy(1) B [6,7] refused`,
    },
    violated: {
      'too few, after what came to nothing was over': `${vouched}; b3 buy(1) A [0,2] fail; ${low}`,
      'too few, before what came to nothing began': `${vouched}; b3 buy(1) A [17,18] fail; ${low}`,
      'too few, and what was refused as sold out held one ticket less': `${vouched}; b3 buy(1) A [9,20] refused; ${low}`,
      'too few, though a purchase elsewhere was refused': `${vouched}; b9 buy(1) Z [0,5] refused; b8 buy(1) Z [0,5] fail; x avail Z [0,1] ok value=3; ${low}`,
      'too few, and a purchase of another pool': `${vouched}; B 2; b9 buy(1) B [0,5] ok; ${low}`,
      'too few, and what was cut off is seen beside it': `${vouched}; b3 buy(1) A [20,25] info; ${low}; F: b1×1 A, b2×1 A`,
      'too many, of a pool beside one of which nothing is certain': `${most}; B 8 of 9; x avail B [0,1] ok value=9; r avail A [9,10] ok value=8`,
    },
    unknown: {
      'a purchase before, and the one row of its buyer may be of another':
        'A 9; exclusive; buyer u1: b1, b2; b1 buy A [0,5] ok; r avail A [10,12] ok value=9; b2 buy A [20,26] ok; F: ?×1 A by=u1',
      'too few, and the clocks let what came to nothing be beside it': `${vouched}; clock 2; b3 buy(1) A [9,11] fail; ${low}`,
      'too few, and the clocks let what came to nothing begin before': `${vouched}; clock 2; b3 buy(1) A [19,21] fail; ${low}`,
      'too few, and what was refused held a ticket': `${vouched}; b3 buy(1) A [9,20] refused too-many; ${low}`,
      'too few, and several that were refused as sold out held all but one': `${vouched}; b3 buy(2) A [9,20] refused; ${low}`,
      'too few, and a purchase of a pool nobody knows': `${vouched}; b9 buy(1) Z [0,5] ok; ${low}`,
      'too few, and one of a pool nobody knows without a reply': `${vouched}; b9 buy(1) Z [0,5] info; ${low}`,
      'too few, and only our orders were read': `${most}; ${low}; F: b1×1 A, b2×1 A, unlisted`,
      'too few, and cancelled orders are forgotten': `${most}; ${low}; F: b1×1 A, b2×1 A, forgets`,
      'too few, and the orders were read from a copy': `${most}; ${low}; F: b1×1 A, b2×1 A, lags`,
      'too few, and a page of orders is lost': `${most}; ${low}; F: b1×1 A, b2×1 A, partial`,
      'too few, and strangers bought, though less': `${most}; r avail A [14,16] ok value=5; F: b1×1 A, b2×1 A, ?×1 A`,
      'too few, of a pool that may sell more than was left': `A 8 of 9; exclusive; ${sold}; ${low}`,
      'too many, of a pool that may sell more than was left': `A 8 of 9; exclusive; ${sold}; r avail A [9,10] ok value=8`,
      'of a pool that has two sizes': `A 9; A 9; exclusive; ${sold}; r avail A [9,10] ok value=8`,
      'too many, and orders from before the run': `${vouched}; r avail A [9,10] ok value=8; baseline x`,
      'a read that ends before it starts, after all others': `${most}; r avail A [20,14] ok value=8`,
      'too many, and a cancellation nobody knows': `${vouched}; x cancel A [0,2] ok; r avail A [9,10] ok value=8`,
    },
  };
  for (const [value, notations] of Object.entries(cases)) {
    it.each(Object.entries(notations))(`${value}: %s`, (_, notation) => {
      const finding = decided(staleAvailability, notation);
      expect([finding.value, finding.summary]).toEqual([value, finding.summary]);
    });
  }

  it('accuses a pool of which nobody counted what was left', () => {
    const evidence = sale(`${vouched}; r avail A [9,10] ok value=8`);
    const pools = evidence.fixture.pools.map((pool) => ({ ...pool, remaining: null }));
    const fixture = { ...evidence.fixture, pools };
    expect(staleAvailability.decide({ ...evidence, fixture }).value).toBe('violated');
  });

  it('reads nothing from replies without a number', () => {
    const bare = sale('A 9; b1 buy(1) A [0,5] ok; r avail A [1,2] ok');
    expect(bare.history.details).toBe(null);
    expect(staleAvailability.isBeside?.(bare)).toContain('Nobody read');
    expect(staleAvailability.decide(bare).value).toBe('unknown');
  });
});

const NOBODY = 'Nobody read how many';
const ALONE = 'No read ran while a ticket of its pool was sold';
const OTHERS = 'others may have bought: read all orders';
const EXCUSED = 'held for a moment by purchases that came to nothing';
const NEVER = 'numbers that were never right';
const NO_ORDER = 'none was found that fits all reads';
const FOREIGN = 'Tickets came back of which nobody knows whose';

describeGaps(staleAvailability, {
  [`A 9; ${sold}`]: [NOBODY],
  [most]: [],
  [`${most}; r avail A [20,21] ok value=8 lags`]: [],
  [`A 9; ${sold}; r avail A [20,21] ok value=8 lags`]: [ALONE],
  [`A 9; ${sold}; r avail A [20,21] ok value=7; r avail A [20,21] ok value=7 lags`]: [ALONE],
  // A read that begins as the sale ends does not run beside it; nor does what runs beside a refusal, or beside another pool's sale.
  [`A 9; ${sold}; r avail A [8,10] ok value=7`]: [ALONE],
  [`A 9; ${sold}; b3 buy(1) A [9,12] refused too-many; r avail A [10,11] ok value=7`]: [ALONE],
  [`A 9; ${sold}; b3 cancel A [1,9] refused; r avail A [10,11] ok value=7`]: [ALONE],
  [`A 9; B 5; ${sold}; b3 buy(1) B [9,12] ok; r avail A [10,11] ok value=7`]: [ALONE],
  [`A 9; ${sold}; b3 buy(1) A [10,12] ok; r avail A [9,11] ok value=7`]: [],
  // A long read is beside a sale that follows a short one.
  [`A 9; ${sold}; r avail A [9,20] ok value=7; x avail A [10,11] ok value=7; b3 buy(1) A [15,16] ok`]:
    [],
  [`A 9; ${sold}; b3 buy(1) A [9,20] ok; b4 buy(1) A [10,11] ok; r avail A [15,16] ok value=6`]: [],
  [`${most}; ${low}`]: [OTHERS],
  [`${vouchedMost}; b3 buy(1) A [13,17] fail; ${low}`]: [EXCUSED],
  // What an acknowledged purchase lost is another claim's to find.
  [`${most}; r avail A [9,10] ok value=8; F: b1×1 A`]: [EXCUSED],
  [`${vouchedMost}; r avail A [9,10] ok value=8; F: b1×1 A`]: [EXCUSED],
  [`${most}; r avail A [20,21] ok value=6 lags`]: [NEVER],
  [`${most}; r avail A [20,21] ok value=10 lags`]: [NEVER],
  // One that any lag explains beside one that none does.
  'A 9; b1 buy(1) A [0,5] ok; b1 buy(1) A [1,11] ok; x avail A [12,20] ok value=8; y avail A [30,31] ok value=7 lags; z avail A [30,31] ok value=10 lags':
    [ALONE, NEVER],
  'A 9; b1 buy(2) A [0,5] ok; b2 buy(2) A [3,8] ok; r avail A [4,7] ok value=6': [NO_ORDER],
  [`A 9; b1 buy(2) A [0,5] ok; b2 buy(2) A [3,8] ok; ${look}; r avail A [11,12] ok value=6 lags`]: [
    NO_ORDER,
  ],
  // Three were gone by none of the purchases that had begun.
  'A 9; b1 buy(2) A [0,20] ok; b3 buy(2) A [0,20] ok; b2 buy(3) A [10,20] ok; r avail A [5,6] ok value=6':
    [NO_ORDER],
  [`${most}; x cancel A [0,2] ok`]: [FOREIGN],
  [`${most}; x cancel A [0,2] ok; r avail A [9,10] ok value=7 lags`]: [FOREIGN],
  [`${most}; r avail A [9,10] ok value=8; incomplete`]: [
    'The history is not complete',
    'tickets may have gone',
  ],
  [`${most}; incomplete`]: ['The history is not complete'],
  [`${most}; x view A [20,14] ok`]: ['the clock jumped'],
});

const pair = 'b3 buy(1) A [0,2] ok; b4 buy(1) A [0,2] ok';
const stale = 'r4 avail A [9,10] ok value=8';

describeShown(staleAvailability, {
  [most]: 'holds: br0 availability, pool A, reads=1, lagging=0',
  [`${most}; r4 avail A [20,21] ok value=8 lags; r5 avail A [5,7] ok value=8; r6 avail A [8,9] ok value=7`]:
    'holds: br0 availability, br5 availability, pool A, reads=3, lagging=1, stalenessMsMin=12',
  // One sale is enough of two, and the second read was only as late as the first sale was over.
  [`A 9; ${sold}; ${stale}`]:
    'violated 1: b1 purchase, b2 purchase, br4 availability, pool A, capacity=9, certain=2, against=0, stalenessMsMin=1',
  [`A 9; ${sold}; ${stale}; r5 avail A [20,21] ok value=9; r6 avail A [30,31] ok value=7`]:
    'violated 2: b1 purchase, b2 purchase, br4 availability, pool A, capacity=9, certain=2, against=0, stalenessMsMin=15',
  // What lags does not count among them, however late it is.
  [`A 9; ${sold}; ${stale}; r5 avail A [50,51] ok value=9 lags`]:
    'violated 1: b1 purchase, b2 purchase, br4 availability, pool A, capacity=9, certain=2, against=0, stalenessMsMin=1',
  // The number that needs fewest operations to be shown as wrong: not the first.
  [`A 9; exclusive; ${pair}; r1 avail A [3,4] ok value=6; r2 avail A [20,21] ok value=10`]:
    'violated 2: br1 availability, br2 availability, pool A, capacity=9, certain=0, against=0',
  [`A 9; exclusive; ${pair}; b5 buy(1) A [3,4] ok; r1 avail A [5,6] ok value=8; b6 buy(1) A [7,8] ok; r2 avail A [9,10] ok value=8`]:
    'violated 2: br1 availability, b6 purchase, br2 availability, pool A, capacity=9, certain=1, against=0, stalenessMsMin=7',
  // Nobody bought it, of what was left after an earlier read.
  [`A 9; exclusive; ${pair}; r1 avail A [3,4] ok value=7; r2 avail A [9,10] ok value=6`]:
    'violated 1: br1 availability, br2 availability, pool A, capacity=9, certain=0, against=0',
  // A refusal tells that all were gone.
  'A 2; exclusive; b1 buy(1) A [0,5] ok; b2 buy(1) A [0,9] info; b3 buy(1) A [2,4] refused; r4 avail A [6,7] ok value=1':
    'violated 1: b1 purchase, b2 purchase, b3 purchase, br4 availability, pool A, capacity=2, certain=0, against=0, stalenessMsMin=2',
  // One pool more, before and after: that with the smaller proof is shown, and the later of two delays told.
  [`A 9; B 9; ${pair}; ${stale}; b8 buy(1) B [0,7] ok; r5 avail B [9,10] ok value=9`]:
    'violated 2: b8 purchase, br5 availability, pool B, capacity=9, certain=1, against=0, stalenessMsMin=7',
  [`B 9; A 9; ${pair}; ${stale}; b8 buy(1) B [0,7] ok; r5 avail B [9,10] ok value=9`]:
    'violated 2: b8 purchase, br5 availability, pool B, capacity=9, certain=1, against=0, stalenessMsMin=7',
  [`A 9; B 9; ${sold}; r4 avail A [20,21] ok value=9 lags; b8 buy(1) B [0,7] ok; r5 avail B [20,21] ok value=9 lags`]:
    'unknown: pool A, pool B, reads=0, lagging=2, stalenessMsMin=15',
  // Of equal proofs the first pool's.
  'A 9; B 9; b1 buy(1) A [0,5] ok; r1 avail A [9,10] ok value=9; b2 buy(1) B [0,5] ok; r2 avail B [9,10] ok value=9':
    'violated 2: b1 purchase, br1 availability, pool A, capacity=9, certain=1, against=0, stalenessMsMin=4',
  // Only what lags is made earlier: the exact read beside it stays after the second try.
  'A 9; b1 buy(1) A [0,5] ok; b1 buy(1) A [1,11] ok; r1 avail A [12,20] ok value=8; r2 avail A [30,31] ok value=7 lags':
    'unknown: br1 availability, pool A, reads=1, lagging=1, stalenessMsMin=10',
  // Nobody is accused, so nothing of the reads is told but how late they would have to be.
  [`${most}; ${low}`]: 'unknown: br0 availability, br availability, pool A, reads=2, lagging=0',
});

describe('stale-availability, in words', () => {
  it.each([
    [most, '1 read of what is left, none of them certainly wrong.'],
    [
      `${most}; r avail A [20,21] ok value=8 lags`,
      '1 read of what is left, none of them certainly wrong. 1 read declared to lag: at least 12 ms behind at the worst.',
    ],
    [
      `${most}; r avail A [9,10] ok value=8; F: b1×1 A`,
      '2 reads of what is left, none of them certainly wrong.',
    ],
    [
      `${most}; r avail A [20,21] ok value=6 lags`,
      '1 read of what is left, none of them certainly wrong.',
    ],
    [
      `A 9; ${sold}; ${stale}`,
      '1 answer fit no order: in pool A a read said 8 when 2 tickets had certainly gone since all 9 were left, and at most 0 ' +
        'come back. Reads are at least 1 ms late.',
    ],
    [
      `${vouched}; r avail A [9,10] ok value=7; r avail A [11,12] ok value=6`,
      '1 answer fit no order: in pool A a read said 6 when at most 0 tickets can have gone since a read said 7, and 0 ' +
        'certainly came back.',
    ],
    [
      'A 2; exclusive; b1 buy(1) A [0,5] ok; b2 buy(1) A [0,9] info; b3 buy(1) A [2,4] refused; r avail A [6,7] ok value=1',
      '1 answer fit no order: in pool A a read said 1 when 0 tickets had certainly gone since 1 ticket were refused, and at ' +
        'most 0 come back. Reads are at least 2 ms late.',
    ],
  ])('%s', (notation, summary) => {
    expect(decided(staleAvailability, notation).summary).toBe(summary);
  });
});

it('tells a certificate which contradiction is the worst', () => {
  expect(worstContradiction(sale(most))).toBe(null);
  expect(worstContradiction(sale(`B 3; A 9; ${sold}; ${stale}`))).toMatchObject({
    pool: 1,
    contradiction: { direction: 'more', earlier: null, later: 2, certain: 2, against: 0 },
  });
});
