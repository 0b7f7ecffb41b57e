import { describe, expect, it } from 'vitest';
import { stockConservation } from '../../lib/invariants/stock-conservation.ts';
import type { Pool } from '../../lib/model/fixture.ts';
import type { State } from '../../lib/model/state.ts';
import { decided, describeGaps, describeInvariant, describeShown } from './cases.ts';
import { sale } from './notation.ts';

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
    'in rows that name nobody, where nobody else buys': `${base}; exclusive; F: ?×1 A, ?×2 A, left A 7`,
    'fewer rows than acknowledged': `${base}; F: b1×1 A`,
    'more rows than can have been bought': `${base}; F: ${rows}, b2×2 A`,
    'rows of refused buyers': `${base}; b3 buy(1) A [0,5] refused; F: ${rows}, b3×1 A`,
    'the counter alone, replies all lost': `${base.replaceAll('ok', 'info')}; F: ${rows}, left A 7`,
  },
  unknown: {
    'the shop tells no count': `${base}; F: ${rows}, left A ?`,
    'in rows that name nobody': `${base}; F: ?×1 A, ?×2 A, left A 7`,
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

/** With another pool before it, whose tickets nobody asks for unless a case says so. */
const beside = base.replace('A 9', 'B 9; A 9');
const balanced = `${base}; b3 buy(1) A [0,5] info`;
const steps = `${base}; b3 hold(2) A [0,5] ok`;

describeShown(stockConservation, {
  [`${base}; F: ${rows}`]: 'holds: pool A, sold=3, acknowledged=3',
  [`${beside}; F: ${rows}, b1×0 B`]: 'holds: pool B, pool A, sold=3, acknowledged=3',
  [`${base}; b3 hold(1) A [0,5] info; b3 pay A [6,9] ok; b4 buy(5) A [0,5] fail; b5 buy(5) A [0,5] refused; F: ${rows}, left A 7`]:
    'violated 1: pool A, capacity=9, remaining=7, sold=3, acknowledged=4, acknowledgedOrInfo=4',
  [`${base}; F: b1×1 A, left A ?`]:
    'violated 1: pool A, capacity=9, sold=1, acknowledged=3, acknowledgedOrInfo=3',
  [`${base}; F: ${rows}, b2×2 A, ?×1 A, b2×1 A cancelled`]:
    'violated 1: pool A, capacity=9, remaining=3, sold=6, acknowledged=1, acknowledgedOrInfo=3',
  // Who bought from a pool that nobody knows may have bought from any.
  [`${beside}; b9 buy(4) Z [0,5] ok; F: ${rows}, left A 7, left B 8`]:
    'violated 2: pool B, capacity=9, remaining=8, sold=0, acknowledged=0, acknowledgedOrInfo=4',
  // The largest difference, in each way that there is one.
  [`${beside}; F: ${rows}, left A 4, left B 8`]:
    'violated 2: pool A, capacity=9, remaining=4, sold=3, acknowledged=3, acknowledgedOrInfo=3',
  [`${beside}; F: ${rows}, left A 8, left B 8`]:
    'violated 2: pool A, capacity=9, remaining=8, sold=3, acknowledged=3, acknowledgedOrInfo=3',
  [`${beside}; F: b1×1 A, left B 8`]:
    'violated 2: pool A, capacity=9, remaining=8, sold=1, acknowledged=3, acknowledgedOrInfo=3',
  [`${beside}; F: ${rows}, b1×2 A, left B 8`]:
    'violated 2: pool A, capacity=9, remaining=4, sold=5, acknowledged=3, acknowledgedOrInfo=3',
  [`${beside}; F: ${rows}, count A cache 3, left B 8`]:
    'violated 2: pool A, capacity=9, remaining=6, sold=3, acknowledged=3, acknowledgedOrInfo=3, leftLeast=3, leftMost=6',
  [`${beside}; F: ${rows}, count A cache 3, left B 4`]:
    'violated 2: pool B, capacity=9, remaining=4, sold=0, acknowledged=0, acknowledgedOrInfo=0',
  [`${beside}; F: ${rows}, left A ?, count A cache 3, count A disk 5, left B 8`]:
    'violated 2: pool A, capacity=9, sold=3, acknowledged=3, acknowledgedOrInfo=3, leftLeast=3, leftMost=5',
  [`${beside}; F: b1×1 A, left A ?, count A cache 3, left B 6`]:
    'violated 2: pool B, capacity=9, remaining=6, sold=0, acknowledged=0, acknowledgedOrInfo=0',
});

describeGaps(stockConservation, {
  [`${base}; F: ${rows}, count A cache 6`]: [],
  [`${base}; F: ${rows}, count A cache 6, lags`]: [],
  [`${base}; F: ${rows}, left A ?, count A cache 2`]: ['tells no count'],
  [`${base}; F: ${rows}, left A 7, lags`]: ['differ in a reading that may lag'],
  [`${base}; F: ${rows}, count A cache 5, lags`]: ['Counters differ in a reading that may lag'],
  [`${base}; F: b1×1 A, lags`]: [
    'not whole in a reading',
    'Fewer rows than acknowledged, in a',
    'errors cancel out',
  ],
  [`${base}; F: b1×1 A, forgets`]: ['keeps no cancelled orders', 'errors cancel out'],
  [`${base}; F: ${rows}, left A 5, unlisted`]: ['others may have bought or cancelled'],
  [`${base}; F: ${rows}, ?×1 A, left A 4`]: ['others may have bought or cancelled'],
  [`${base}; F: ${rows}, left A 5, forgets`]: ['cancellations could explain it'],
  [`${base}; F: b1×1 A, b2×2 A cancelled, left A 6`]: ['cancellations could explain it'],
  [`${base}; baseline x; F: ${rows}, left A 7`]: ['cancellations could explain it'],
  [`${base}; F: ${rows}, left A 7, unsettled`]: ['No two readings agreed'],
  [`${base}; planned b3; F: ${rows}, b3×1 A; incomplete`]: [
    'The history is not complete',
    'More rows than purchases in a history that is not complete',
    'errors cancel out',
  ],
  [`${base}; buyer u1: b1, b2; F: b1×1 A, ?×1 A by=u1`]: [
    '1 rows name a buyer of the run but no intent',
    'errors cancel out',
  ],
  [`${base}; F: ${rows}, ?×1 Z`]: ['rows of pools that the fixture does not know'],
  [`${base}; buyer u1: b1, b2; F: ${rows}, ?×1 A by=u1`]: [],
  // What single intents got, while the sums agree.
  [`${balanced}; F: ${rows}`]: [],
  [`${balanced}; F: ${rows}, b3×1 A`]: [],
  [`${balanced}; F: ${rows}, ?×1 A`]: [],
  [`${balanced}; F: ${rows}, b77×1 A`]: ['errors cancel out'],
  [`${balanced}; planned b9; F: ${rows}, b9×1 A`]: ['errors cancel out'],
  [`${balanced}; b4 buy(1) A [0,5] refused; F: ${rows}, b4×1 A`]: ['errors cancel out'],
  [`${balanced}; b4 buy(1) A [0,5] refused; b4 cancel A [6,9] ok; F: ${rows}`]: [],
  [`${balanced}; F: b1×1 A, b2×2 A cancelled`]: [],
  [`${balanced}; F: b1×1 A, b2×1 A cancelled, b2×1 A`]: ['errors cancel out'],
  [`${balanced}; B 9; b4 buy(1) B [0,5] info; F: ${rows}, b3×1 B`]: ['errors cancel out'],
  [`${base}; b3 buy(2) A [0,5] info; F: ${rows}, b3×1 A`]: ['errors cancel out'],
  [`${base}; b3 buy(2) A [0,5] info; F: ${rows}, b3×2 A`]: [],
  [`${steps}; F: ${rows}`]: [],
  [`${steps}; F: ${rows}, b3×2 A`]: [],
  [`${steps}; F: ${rows}, b3×1 A`]: ['errors cancel out'],
  [`${steps}; b3 cancel A [6,9] info; F: ${rows}, b3×1 A`]: ['errors cancel out'],
  [`${base}; b2 cancel A [7,9] info; F: b1×1 A`]: [],
  [`${base}; b2 cancel A [7,9] info; F: ${rows}`]: [],
});

it.each([
  ['left A 7', '9 − 7 left is not 3 tickets in rows'],
  ['left A 5', '9 − 5 left is not 3 tickets in rows'],
  ['left A 7, forgets', '9 − 7 left is not 3 tickets in rows'],
  ['left A 7, b2×1 A cancelled', '9 − 7 left is not 3 tickets in rows'],
  ['left A 4, b2×1 A cancelled', '9 − 4 left is not 3 tickets in rows'],
  ['b1×1 A', '4 are in rows, at most 3 were bought'],
  ['count A cache 5', 'its counters say that 6, 5 (cache) are left'],
  ['left A ?, count A cache 5, count A disk 4', 'that 5 (cache), 4 (disk) are left'],
])('says what is wrong with %s', (more, words) => {
  expect(decided(stockConservation, `${base}; F: ${rows}, ${more}`).summary).toContain(words);
});

it('says how many are in rows where they are fewer', () => {
  const { summary } = decided(stockConservation, `${base}; F: b1×1 A`);
  expect(summary).toContain('3 were acknowledged, 1 are in rows');
});

it('says that older orders gave nothing back where more is gone', () => {
  const notation = `${base}; baseline x; F: ${rows}, left A 5`;
  expect(decided(stockConservation, notation).value).toBe('violated');
});

describe('a counter', () => {
  const evidence = sale(`${base}; F: ${rows}, left A 7, count A cache 7`);
  const [told] = evidence.state!.pools;
  const [named] = evidence.fixture.pools;
  const findingOf = (pools: readonly Pool[], counted: readonly State['pools'][number][]) => {
    const fixture = { ...evidence.fixture, pools: [...pools] };
    const state = { ...evidence.state!, pools: [...counted] };
    return stockConservation.decide({ ...evidence, fixture, state });
  };

  it('is compared where nobody told at first what was left', () => {
    const finding = findingOf([{ ...named!, remaining: null }], [told!]);
    expect(finding.value).toBe('violated');
    expect(finding.witness?.figures).toMatchObject({ remaining: 7 });
  });

  it('is compared where it is told twice in one way', () => {
    expect(findingOf([named!], [told!, told!])).toMatchObject({ value: 'violated' });
  });

  it.each<[string, readonly Pool[], readonly State['pools'][number][]]>([
    ['told twice in two ways', [named!], [told!, { ...told!, remaining: 5 }]],
    ['not told in the end', [named!], []],
    ['of more than was left', [{ ...named!, remaining: 8 }], [told!]],
    [
      'of a pool with two capacities',
      [
        { ...named!, capacity: 4, remaining: 4 },
        { ...named!, capacity: 5, remaining: 5 },
      ],
      [told!],
    ],
  ])('is not compared where it is %s', (_, pools, counted) => {
    const finding = findingOf(pools, counted);
    expect(finding.value).toBe('unknown');
    expect('missing' in finding && finding.missing.join()).toContain('tells no count');
  });

  it('of a pool that is told twice is no other counter’s', () => {
    const two = { ...told!, remaining: 6, counters: [{ name: 'cache', remaining: 5 }] };
    expect(findingOf([named!], [two]).value).toBe('violated');
    expect(findingOf([named!], [two, two]).value).toBe('holds');
  });
});
