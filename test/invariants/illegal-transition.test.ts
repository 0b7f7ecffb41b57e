import { describe, expect, it } from 'vitest';
import { illegalIn, illegalTransition } from '../../lib/invariants/illegal-transition.ts';
import { reachableFrom, type Sighting } from '../../lib/invariants/order-states.ts';
import { type OrderState, orderStates } from '../../lib/model/operation.ts';
import { decided, describeGaps, describeInvariant, describeShown } from './cases.ts';
import { sale } from './notation.ts';

const STEPS =
  'A 2; b1 status A [0,1] ok state=none; b1 hold A [2,5] ok; b1 status A [6,7] ok state=held; b1 pay A [8,9] ok; b1 status A [10,11] ok state=paid; b2 buy A [3,6] ok; F: b1×1 A state=paid, b2×1 A state=paid';

/** One intent that made two orders, each told by its name. */
const TWICE = `${STEPS}; b3 hold A [0,5] ok order=o1; b3 hold A [20,22] ok order=o2`;

describeInvariant(
  illegalTransition,
  {
    holds: {
      'at the same time': STEPS.replace('[6,7] ok state=held', '[6,9] ok state=paid'),
      'a cancellation': `${STEPS.replace('b2×1 A state=paid', 'b2×1 A cancelled state=cancelled')}; b2 cancel A [10,12] ok`,
      'a hold that was given back when it had expired':
        'A 9; b1 hold A [0,5] ok expires=30; b2 buy A [1,6] ok; b1 cancel A [40,45] ok; F: b1×1 A cancelled state=expired, b2×1 A',
      'given back before it was there':
        'A 9; b1 buy A [0,5] info; b1 cancel A [10,12] ok; b2 buy A [1,6] ok; b2 status A [8,9] ok state=paid; F: b1×1 A state=paid, b2×1 A state=paid',
      'a cancellation that was first tried before there was an order, and told again': `${STEPS}; b3 cancel A [0,1] info; b3 buy A [2,3] ok; b3 cancel A [6,8] ok; F: b3×1 A state=held`,
      'a payment told again after a cancellation': `${STEPS.replace('b1×1 A state=paid', 'b1×1 A cancelled')}; b1 cancel A [20,22] ok; b1 pay A [30,32] ok`,
      'a late payment where it is taken':
        'A 2; rule latePayment=accept; b1 hold A [0,2] ok; b1 status A [6,7] ok state=expired; b1 pay A [8,9] ok; b2 buy A [1,6] ok; F: b1×1 A',
      'another order of the same intent': `${STEPS}; b3 hold A [0,5] ok order=o1; b3 hold A [20,22] ok order=o2; b3 status A [6,8] ok order=o1 state=cancelled; b3 status A [23,24] ok order=o2 state=held`,
      'a read that may lag behind': `${STEPS}; b1 status A [20,22] ok state=held lags`,
      'forgotten where cancelled orders are': `${STEPS}, forgets; b1 status A [20,22] ok state=none`,
      'another order of the same intent, in its row': `${TWICE}; b3 status A [6,8] ok order=o1 state=cancelled; F: b3×1 A cancelled #o1 state=cancelled, b3×1 A #o2 state=held`,
      'two orders that no reply names': `${STEPS}; b3 hold A [0,5] ok; b3 hold A [20,22] ok; b3 status A [6,8] ok state=cancelled; b3 status A [23,24] ok state=held`,
      'two rows of one hold, one of them given back': `${STEPS}; b3 hold A [0,5] ok; b3 cancel A [6,8] ok; F: b3×1 A cancelled state=cancelled, b3×1 A state=held`,
      'a payment that was tried before the cancellation': `${STEPS}; b3 hold A [0,1] ok; b3 pay A [2,3] info; b3 cancel A [6,8] ok; b3 pay A [10,12] ok`,
      'a cancellation without an answer': `${STEPS}; b3 hold A [0,1] ok; b3 cancel A [6,8] info; b3 pay A [10,12] ok; F: b3×1 A state=paid`,
      'a read that was refused': `${STEPS}; b1 status A [20,22] refused state=held`,
      'a read that had no answer': `${STEPS}; b1 status A [20,22] info state=held`,
      'a look at what is for sale': `${STEPS}; b1 view A [20,22] ok state=held`,
      'a read that told no state': `${STEPS}; b1 status A [20,22] ok`,
      'a row in a copy that lags behind': `${STEPS.replace('b1×1 A state=paid', 'b1×1 A state=held')}, lags`,
      'forgotten where cancelled orders are, whatever moves are promised': `${STEPS}, forgets; b1 status A [20,22] ok state=none; moves {"none":["held"],"held":["paid"],"paid":["cancelled"]}`,
      'moves of its own': `${STEPS.replace('[10,11] ok state=paid', '[10,11] ok state=held')}; moves {"none":["held","paid"],"held":["paid"],"paid":["held"]}`,
    },
    violated: {
      'back from paid': STEPS.replace('[10,11] ok state=paid', '[10,11] ok state=held'),
      'paid after a cancellation': `${STEPS.replace('b1×1 A state=paid', 'b1×1 A')}; b3 hold A [0,5] ok; b3 cancel A [6,8] ok; b3 pay A [10,12] ok`,
      'paid after it had expired':
        'A 2; b1 hold A [0,2] ok; b1 status A [6,7] ok state=expired; b1 pay A [8,9] ok; F: b1×1 A',
      'expired after it was given back':
        'A 9; b1 hold A [0,5] ok expires=90; b2 buy A [1,6] ok; b1 cancel A [40,45] ok; F: b1×1 A cancelled state=expired, b2×1 A',
      'paid after a cancellation, where cancelled orders are forgotten': `${STEPS.replace('b1×1 A state=paid', 'b1×1 A')}, forgets; b3 hold A [0,5] ok expires=90; b3 cancel A [16,18] ok; b3 pay A [30,32] ok`,
      'gone without a trace': `${STEPS}; b1 status A [20,22] ok state=none`,
      'only two reads': 'A 2; b1 status A [0,4] ok state=paid; b1 status A [5,6] ok state=held; F:',
      'the second of two orders': `${TWICE}; b3 status A [6,8] ok order=o1 state=held; b3 status A [23,24] ok order=o2 state=cancelled; b3 status A [25,26] ok order=o2 state=held`,
      'a row of the second of two orders': `${TWICE}; b3 status A [6,8] ok order=o1 state=held; b3 status A [23,24] ok order=o2 state=cancelled; F: b3×1 A cancelled #o1 state=cancelled, b3×1 A #o2 state=held`,
      'read by its name alone': `${TWICE}; b3 status A [6,8] ok order=o1 state=cancelled; b3 status A [9,10] ok order=o1 state=held`,
      'refused before it was made': `${STEPS}; b3 hold A [0,2] refused; b3 hold A [3,5] ok; b3 cancel A [6,8] ok; b3 status A [10,12] ok state=held`,
      'a payment that was refused before the cancellation': `${STEPS}; b3 hold A [0,1] ok; b3 pay A [2,3] refused; b3 cancel A [6,8] ok; b3 pay A [10,12] ok`,
      'paid after the second answer to a cancellation': `${STEPS}; b3 hold A [0,1] ok; b3 cancel A [6,30] ok; b3 cancel A [7,9] ok; b3 pay A [10,12] ok`,
      'paid after the first answer to a cancellation': `${STEPS}; b3 hold A [0,1] ok; b3 cancel A [6,8] ok; b3 cancel A [7,30] ok; b3 pay A [10,12] ok`,
      'a long read and a short one of the same': `${STEPS}; b2 status A [20,40] ok state=paid; b2 status A [21,23] ok state=paid; b2 status A [25,27] ok state=held`,
      'a live row of what was given back': `${STEPS}; b2 cancel A [20,22] ok`,
      'gone, where nothing ever is over and can be forgotten': `${STEPS}, forgets; b1 status A [20,22] ok state=none; moves {"none":["held","paid"],"held":["paid"]}`,
      'against moves of its own': `${STEPS}; moves {"none":["held"],"held":[]}`,
      'read by its name, where requests may be missing': `${STEPS}; incomplete; b1 status A [20,22] ok order=o1 state=paid; b1 status A [24,26] ok order=o1 state=held`,
    },
    unknown: {
      'nobody looked twice': 'A 2; b1 buy A [0,5] ok; b2 buy A [1,6] ok; F: b1×1 A, b2×1 A',
      'back from paid, at the same time':
        'A 2; b1 status A [10,14] ok state=held; b1 status A [12,16] ok state=paid; b2 buy A [1,6] ok; F: b2×1 A',
      'a hold told again, where the first request may be missing':
        'A 2; incomplete; b1 pay A [6,8] ok; b1 hold A [9,11] ok; b2 buy A [1,6] ok; F: b1×1 A state=paid',
      'perhaps another order, where requests may be missing': `${STEPS}; incomplete; b1 status A [20,22] ok state=held`,
      'a live row in a reading that changed': `${STEPS}, unsettled; b2 cancel A [20,22] ok`,
    },
  },
  STEPS,
);

/** Two buy together; nobody looks. */
const plain = 'A 2; b1 buy A [0,5] ok; b2 buy A [1,6] ok; F: b1×1 A, b2×1 A';
const UNSEEN = 'No order was seen twice';

describe('one look is certainly later than the other', () => {
  describeGaps(illegalTransition, {
    [`${plain}; b1 status A [6,7] ok state=paid`]: [],
    [`${plain}; b1 status A [5,7] ok state=paid`]: [UNSEEN],
    [`${plain}; clock 1; b1 status A [7,9] ok state=paid`]: [UNSEEN],
    [`${plain}; clock 1; b1 status A [8,9] ok state=paid`]: [],
    // A clock that was set back while the last of them ran.
    [`${plain}; b1 status A [30,7] ok state=paid`]: [],
    [`${plain}; b1 status A [6,7] ok`]: [UNSEEN],
    [`${plain}; b1 status A [6,7] ok; b2 avail A [6,7] ok value=1`]: [UNSEEN],
  });

  it.each([
    ['b1 status A [6,7] ok state=paid; b1 status A [7,8] ok state=held', 'holds'],
    ['b1 status A [6,7] ok state=paid; b1 status A [8,9] ok state=held', 'violated'],
    ['clock 1; b1 status A [7,8] ok state=paid; b1 status A [10,11] ok state=held', 'holds'],
    ['clock 1; b1 status A [7,8] ok state=paid; b1 status A [11,12] ok state=held', 'violated'],
  ])('%s: %s', (looks, value) => {
    expect(decided(illegalTransition, `${plain}; ${looks}`).value).toBe(value);
  });
});

describe('an acknowledged cancellation', () => {
  const BOUGHT = 'b3 cancel A [10,14] ok; b3 status A [60,61] ok state=paid';
  const HELD = 'b3 cancel A [30,31] ok; b3 status A [60,61] ok state=expired';
  it.each([
    ['found the purchase', `b3 buy A [5,9] ok; ${BOUGHT}`, true],
    ['may have come before the purchase', `b3 buy A [5,12] ok; ${BOUGHT}`, false],
    ['may have come in the moment of the purchase', `b3 buy A [5,10] ok; ${BOUGHT}`, false],
    ['found it by clocks that differ', `clock 1; b3 buy A [5,7] ok; ${BOUGHT}`, true],
    ['may have come before by clocks that differ', `clock 1; b3 buy A [5,8] ok; ${BOUGHT}`, false],
    [
      'found nothing, though somebody had looked',
      'b3 status A [0,1] ok state=none; b3 hold A [5,8] info; b3 cancel A [10,12] ok; b3 status A [60,61] ok state=held',
      false,
    ],
    ['found the hold', `b3 hold A [5,9] ok expires=32; ${HELD}`, true],
    ['may have come as it expired', `b3 hold A [5,9] ok expires=31; ${HELD}`, false],
    [
      'came before it expired by any clock',
      `rule clockSkewMs=3; clock 1; b3 hold A [5,9] ok expires=37; ${HELD}`,
      true,
    ],
    [
      'may have come as it expired, by other clocks',
      `rule clockSkewMs=3; clock 1; b3 hold A [5,9] ok expires=36; ${HELD}`,
      false,
    ],
    [
      'found what was paid in time, though it would have expired',
      'rule latePayment=accept; b3 hold A [5,6] ok expires=20; b3 pay A [7,8] ok; b3 cancel A [30,31] ok; b3 status A [60,61] ok state=paid',
      true,
    ],
  ])('%s', (_, notation, isWrong) => {
    const { value } = decided(illegalTransition, `${plain.replace('A 2', 'A 9')}; ${notation}`);
    expect(value).toBe(isWrong ? 'violated' : 'holds');
  });
});

describeShown(illegalTransition, {
  [STEPS]: 'holds: ordersSeenTwice=2, illegal=0',
  [`${plain}; b1 status A [6,7] ok state=paid; b1 status A [8,9] ok state=held; b2 status A [7,9] ok state=none`]:
    'violated 2: b1 status, b1 status, ordersSeenTwice=2, illegal=2',
  [`${STEPS}; b3 buy A [0,5] ok; b3 cancel A [6,8] ok; F: b3×1 A state=paid`]:
    'violated 1: b3 cancel, row-3, ordersSeenTwice=3, illegal=1',
});

/** Sightings as `paid 1-2`, and the numbers of the pair that is shown; cancelled orders are not forgotten. */
it.each([
  ['paid 0-1, held 8-9, none 5-6', [0, 2]],
  ['paid 0-1, none 5-6, held 8-9', [0, 1]],
  ['cancelled 3-4, paid 1-2, none 9-10', [1, 2]],
  ['paid 1-2, cancelled 3-4, none 9-10', [0, 2]],
  ['paid 1-9, paid 2-3, held 4-5', [1, 2]],
  // Of equals the one that was told first.
  ['paid 1-2, cancelled 1-2, none 9-10', [0, 2]],
  ['paid 1-2, paid 0-2, held 4-5', [0, 2]],
  ['held 1-2, paid 2-3', null],
  ['paid 1-2', null],
])('of %s shows the earliest that does not fit, by the earliest before it: %j', (told, pair) => {
  const sightings = told.split(', ').map((each): Sighting => {
    const [, state, start, end] = /^(\w+) (\d+)-(\d+)$/.exec(each)!;
    const states = 1 << orderStates.indexOf(state as OrderState);
    return { states, start: Number(start), end: Number(end), operation: -1, row: -1 };
  });
  const reachable = reachableFrom(sale('A 1; F:'));
  const { illegal } = illegalIn(sightings, { reachable, clockErrorMs: 0 });
  expect(illegal && [sightings.indexOf(illegal.from), sightings.indexOf(illegal.to)]).toEqual(pair);
});

it('says from where to where the order went', () => {
  const { summary } = decided(
    illegalTransition,
    `${plain}; b1 status A [6,7] ok state=none; b1 status A [8,9] ok state=held`,
  );
  expect(summary).toBe('1 order moved as none may: one was held or paid, and later none.');
});

it('is beside the point where orders have one step and nobody asks', () => {
  expect(illegalTransition.isBeside!(sale('A 2; b1 buy A [0,5] ok; F: b1×1 A'))).toMatch(
    /one step/,
  );
  expect(illegalTransition.isBeside!(sale('A 2; F:'))).toBeNull();
  for (const step of ['hold', 'pay', 'cancel', 'status']) {
    expect(illegalTransition.isBeside!(sale(`A 2; b1 ${step} A [0,5] ok`))).toBeNull();
  }
  expect(illegalTransition.isBeside!(sale('A 2; b1 buy A [0,5] ok; b1 avail A [6,7] ok'))).toMatch(
    /one step/,
  );
  expect(
    illegalTransition.isBeside!(sale('A 2; b1 buy A [0,5] ok; F: b1×1 A, b2×1 A state=paid')),
  ).toBeNull();
  expect(illegalTransition.isBeside!(sale(STEPS))).toBeNull();
});
