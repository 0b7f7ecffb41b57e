import { describe, expect, it } from 'vitest';
import { doubleAllocation } from '../../lib/invariants/double-allocation.ts';
import { decided, describeGaps, describeInvariant, describeShown } from './cases.ts';
import { sale } from './notation.ts';

/** Two want one seat, one gets it. */
const SEATED =
  'A 2; b1 buy A [0,5] ok seat=s1; b2 buy A [1,6] refused seat=s1; b3 buy A [2,9] ok seat=s2; F: b1×1 A seat=s1, b3×1 A seat=s2';
/** The shop's refusals do not name a seat; the plan says which was wanted. */
const PLANNED = SEATED.replace('A 2; ', 'A 2; seats A s1, s2; wants 0: b2; ').replace(
  'refused seat=s1',
  'refused seat-taken',
);
/** Whatever came before, b1 gets the seat in the end. */
const race = (before: string) =>
  `A 1; ${before.replaceAll('refused', 'refused seat=s1')}; b1 buy A [10,20] ok seat=s1; F: b1×1 A seat=s1`;

/** Nobody but the owners wanted their seats. */
const ALONE = SEATED.replace('refused seat=s1', 'refused');

const STANDING = `B 1; ${SEATED}; b4 buy B [0,5] ok; F: b4`;

/** The hold of s9 by b4 was given back while it was being acknowledged; b5 had the same seat all the time. */
const GIVEN_BACK = `${SEATED}; b5 buy A [-9,-5] ok seat=s9; b5 cancel A [40,50] ok; b4 hold A [0,10] ok seat=s9 expires=90; b4 cancel A [3,12] ok; F: b5×1 A cancelled seat=s9, b4×1 A cancelled`;

describeInvariant(
  doubleAllocation,
  {
    holds: {
      'a lost reply that left no order': SEATED.replace('[1,6] refused', '[1,6] info'),
      'a hold that expired, and another': `${SEATED}; b4 hold A [0,3] ok seat=s3 expires=10; b5 hold A [10,12] ok seat=s3 expires=90; b5 pay A [20,21] ok`,
      'a hold that ends as the next is acknowledged': `${SEATED}; b4 hold A [0,3] ok seat=s3 expires=10; b5 hold A [8,10] ok seat=s3 expires=90`,
      'one who asked first and got it after another’s hold had expired': `${SEATED}; b4 buy A [0,100] ok seat=s3; b5 hold A [1,5] ok seat=s3 expires=30; F: b4×1 A seat=s3`,
      'a seat that was given back': `${SEATED}; b4 buy A [0,3] ok seat=s3; b4 cancel A [5,9] ok; b5 buy A [5,7] ok seat=s3; F: b4×1 A cancelled seat=s3, b5×1 A seat=s3`,
      'the same seat name in two pools': `B 1; b4 buy B [0,3] ok seat=s1; ${SEATED}, b4×1 B seat=s1`,
      'a refusal that does not repeat the seat that was asked for': PLANNED,
      'the plan names the second of the seats': PLANNED.replace(
        'seats A s1, s2; wants 0',
        'seats A s2, s1; wants 1',
      ),
      'the one who got the seat asked last':
        'A 2; b1 buy A [2,5] refused seat=s1; b2 buy A [3,6] ok seat=s1; b3 buy A [2,9] ok seat=s2; F: b2×1 A seat=s1, b3×1 A seat=s2',
      'an owner who asked twice, and somebody else': `b1 buy A [1,9] ok seat=s1; ${SEATED.replace('b2 buy A [1,6]', 'b2 buy A [7,8]')}`,
      'the owner was refused before, and another came in between': race(
        'b1 buy A [0,100] refused; b2 buy A [1,50] refused',
      ),
      'the other came before him': race('b2 buy A [0,50] refused; b1 buy A [1,100] refused'),
      'the last of several others': race(
        'b1 buy A [0,100] refused; b2 buy A [1,5] refused; b3 buy A [2,50] refused',
      ),
      'the first of several others': race(
        'b1 buy A [0,100] refused; b2 buy A [1,50] refused; b3 buy A [2,5] refused',
      ),
      'the last of several, all gone but one': race(
        'b2 buy A [0,5] refused; b3 buy A [1,50] refused',
      ),
      'another who asked twice': race('b2 buy A [0,50] refused; b2 buy A [1,5] refused'),
      'somebody who was told a seat, but not of which of two orders': `${SEATED}; b4 buy A [0,3] ok; b5 buy A [2,4] ok seat=s3; b5 cancel A [12,14] ok; b4 cancel A [5,7] ok; b4 buy A [15,18] ok seat=s3; F: b4×1 A cancelled seat=s4, b4×1 A seat=s3, b5×1 A cancelled seat=s3`,
      'somebody who was told two seats': `${SEATED}; b4 buy A [0,3] ok seat=s3; b4 buy A [0,3] ok seat=s4; b5 buy A [5,7] ok seat=s4; F: b4×1 A seat=s3, b5×1 A seat=s4`,
      'a hold that was given back while another seat was held': GIVEN_BACK.replace(
        'hold A [0,10] ok seat=s9',
        'hold A [0,10] ok seat=s8',
      ),
      'the same buyer asked again': `b1 buy A [7,9] ok seat=s1; ${SEATED}`,
    },
    violated: {
      'two rows': SEATED.replace('seat=s2', 'seat=s1').replace('b3×1 A seat=s2', 'b3×1 A seat=s1'),
      'two rows, though nobody was told so': `${SEATED}, ?×1 A seat=s1`,
      'two acknowledgements':
        'A 2; b1 buy A [0,5] ok seat=s1; b2 buy A [1,6] ok seat=s1; F: b1×1 A',
      'two holds at one moment':
        'A 2; b1 hold A [0,5] ok seat=s1 expires=30; b2 hold A [8,12] ok seat=s1 expires=40; F:',
      'held while it was bought':
        'A 2; b1 hold A [0,5] ok seat=s1 expires=30; b2 buy A [8,29] ok seat=s1; F: b2×1 A seat=s1',
      'a retry that was told a shorter time':
        'A 2; b1 buy A [0,5] ok seat=s1; b1 hold A [6,8] ok seat=s1 expires=30; b2 buy A [38,40] ok seat=s1; F: b1×1 A',
      'the second and the third of three':
        'A 2; b1 hold A [0,5] ok seat=s1 expires=10; b2 hold A [18,20] ok seat=s1 expires=30; b3 buy A [22,25] ok seat=s1; F: b3×1 A',
      'one of them was refused another seat before':
        'A 2; b1 buy A [0,5] refused seat=s1; b1 buy A [6,9] ok seat=s2; b2 buy A [7,10] ok seat=s2; F: b1×1 A',
      'given back too late to help':
        'A 2; b1 buy A [0,5] ok seat=s1; b2 buy A [1,6] ok seat=s1; b2 cancel A [7,9] ok; F: b1×1 A seat=s1, b2×1 A cancelled',
    },
    unknown: {
      'a hold that was given back while its seat was held': GIVEN_BACK,
      'the same in the second of two pools': `B 1; b6 buy B [0,5] ok seat=s7; ${GIVEN_BACK}, b6×1 B seat=s7`,
      'another who was gone before': race('b1 buy A [0,100] refused; b2 buy A [1,10] refused'),
      'nobody wanted the same': ALONE,
      'two bought together, and no seat is told': `${ALONE}; b4 hold A [2,6] ok expires=10`,
      'another came after the seat was gone': SEATED.replace('b2 buy A [1,6]', 'b2 buy A [6,8]'),
      'others came together after the seat was gone': `b4 buy A [6,8] refused seat=s1; ${SEATED.replace('b2 buy A [1,6]', 'b2 buy A [6,8]')}`,
      'only its owner asked for it twice': `b1 buy A [1,9] ok seat=s1; ${ALONE}`,
      'only its owner asked for it three times': `b1 buy A [1,9] ok seat=s1; b1 buy A [2,7] ok seat=s1; ${ALONE}`,
      'the plan wants no seat of whoever told none': PLANNED.replace('wants 0: b2', 'wants 0: b1'),
      'another asked and never reached the shop': SEATED.replace('[1,6] refused', '[1,6] fail'),
      'the plan has them want different seats': PLANNED.replace('seats A s1', 'seats A s9'),
      'the same name of a seat in another pool': `B 1; ${SEATED.replace('b2 buy A', 'b2 buy B')}`,
      'a plan for seats that the fixture does not name': PLANNED.replace('seats A s1, s2; ', ''),
      'rows without seats': SEATED.replace('b3×1 A seat=s2', 'b3×1 A'),
      'an order that may have been cancelled at any time': `${SEATED}; b4 buy A [0,5] ok seat=s1; F: b4×1 A cancelled seat=s1`,
      'a listing that leaves out strangers': `${SEATED}, unlisted`,
      'a shop that forgets': `${SEATED}, forgets`,
      'two rows in a reading that changed': `${SEATED}, ?×1 A seat=s1, unsettled`,
    },
  },
  SEATED,
);

it('is beside the point where there are no seats', () => {
  expect(doubleAllocation.isBeside!(sale('A 2; b1 buy A [0,5] ok'))).toBe(
    'The pools have no seats.',
  );
  for (const named of [
    SEATED,
    'A 2; b1 buy A [0,5] ok; b2 buy A [0,5] ok seat=s1',
    'B 1; A 2; seats A s1, s2; b1 buy A [0,5] ok',
    'A 2; b1 buy A [0,5] ok; F: b1×1 A, b2×1 A seat=s1',
  ]) {
    expect(doubleAllocation.isBeside!(sale(named))).toBeNull();
  }
  expect(
    doubleAllocation.isBeside!(sale('A 2; b1 buy A [0,5] ok amount=1; F: b1×1 A')),
  ).not.toBeNull();
});

it('counts a seat once and shows its two owners', () => {
  const finding = decided(
    doubleAllocation,
    'A 2; b1 buy A [0,5] ok seat=s1; b2 buy A [1,6] ok seat=s1; F: b1×1 A seat=s1, b2×1 A seat=s1',
  );
  expect(finding).toMatchObject({ value: 'violated', count: 1 });
  expect(finding.witness!.rows).toHaveLength(2);
});

/** Seats are numbered as they are first told, from 0, in all pools together. */
describe('a hold given back while it was acknowledged', () => {
  const NOT_TOLD_WHEN = 'while they were being acknowledged';
  const short = (pool: string, seat: string) =>
    `b4 hold ${pool} [0,10] ok seat=${seat} expires=90; b4 cancel ${pool} [3,12] ok`;
  const pools = SEATED.replace('A 2', 'A 2; B 5; C 5');

  describeGaps(doubleAllocation, {
    // Whoever has the seat all the time, in the same pool and in another.
    [`${pools}; ${short('A', 's1')}`]: [NOT_TOLD_WHEN],
    [`${pools}; ${short('A', 's2')}`]: [NOT_TOLD_WHEN],
    [`${pools}; ${short('B', 's1')}`]: [],
    [`${pools}; ${short('B', 's2')}`]: [],
    [`${pools}; ${short('C', 's1')}`]: [],
    [`${pools}; ${short('C', 's2')}`]: [],
    // Who is told no seat has none: not the first, not the last.
    [`${pools}; b5 hold A [-9,-5] ok expires=99; ${short('A', 's3')}`]: [],
    [`${pools}; b5 hold B [-9,-5] ok expires=99; ${short('A', 's3')}`]: [],
    [`${pools}; ${short('A', 's1').replace('seat=s1 ', '')}`]: [],
    [`${pools}; ${short('B', 's1').replace('seat=s1 ', '')}`]: [],
    [`${pools}; b5 hold B [-9,-5] ok seat=s0 expires=99; ${short('A', 's2')}`]: [NOT_TOLD_WHEN],
  });
});

describeGaps(doubleAllocation, {
  [SEATED]: [],
  [`${SEATED}; b4 buy A [0,5] ok; F: b4×1 A cancelled`]: ['at unknown times'],
  [`${SEATED}; b4 buy A [0,5] ok; b4 cancel A [6,9] ok; F: b4×1 A cancelled`]: [],
  [`${SEATED}; b4 hold A [0,5] ok; F: b4×1 A cancelled`]: [],
  [`${SEATED}, b77×1 A cancelled`]: [],
  // Nothing was cancelled where only the history lacks something.
  [`${SEATED}; b4 hold A [0,5] ok; incomplete`]: ['history is not complete'],
  // Standing room beside the seats, of which nobody names one; then a seat of it by the fixture, a reply, a row.
  [`${STANDING}×1 B`]: [],
  [`${STANDING.replace('B 1; ', 'B 1; seats B t1; ')}×1 B`]: ['do not name their seat'],
  [`${STANDING}×1 B; b5 buy B [1,5] refused seat=t1`]: ['do not name their seat'],
  [`${STANDING}×1 B, b4×1 B seat=t1`]: ['do not name their seat'],
  [`${STANDING}×1 A`]: ['do not name their seat'],
  [ALONE]: ['No two buyers asked for one seat'],
  [`${ALONE}; b4 hold A [2,6] ok expires=10`]: ['No two buyers asked for one seat'],
});

describeShown(doubleAllocation, {
  [SEATED]: 'holds: row-1, row-2, seatsInRows=2, rowsTwice=0, heldTwice=0',
  // Rows of an unsettled state accuse nobody.
  [`${SEATED}, ?×1 A seat=s1, unsettled`]:
    'unknown: row-1, row-2, row-3, seatsInRows=2, rowsTwice=0, heldTwice=0',
});
