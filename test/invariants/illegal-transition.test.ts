import { expect, it } from 'vitest';
import { illegalTransition } from '../../lib/invariants/illegal-transition.ts';
import { describeInvariant } from './cases.ts';
import { sale } from './notation.ts';

const STEPS =
  'A 2; b1 status A [0,1] ok state=none; b1 hold A [2,5] ok; b1 status A [6,7] ok state=held; b1 pay A [8,9] ok; b1 status A [10,11] ok state=paid; b2 buy A [3,6] ok; F: b1×1 A state=paid, b2×1 A state=paid';

describeInvariant(
  illegalTransition,
  {
    holds: {
      'at the same time': STEPS.replace('[6,7] ok state=held', '[6,9] ok state=paid'),
      'a cancellation': `${STEPS.replace('b2×1 A state=paid', 'b2×1 A cancelled state=cancelled')}; b2 cancel A [10,12] ok`,
      'a payment told again after a cancellation': `${STEPS.replace('b1×1 A state=paid', 'b1×1 A cancelled')}; b1 cancel A [20,22] ok; b1 pay A [30,32] ok`,
      'a late payment where it is taken':
        'A 2; rule latePayment=accept; b1 hold A [0,2] ok; b1 status A [6,7] ok state=expired; b1 pay A [8,9] ok; b2 buy A [1,6] ok; F: b1×1 A',
      'another order of the same intent': `${STEPS}; b3 hold A [0,5] ok order=o1; b3 hold A [20,22] ok order=o2; b3 status A [6,8] ok order=o1 state=cancelled; b3 status A [23,24] ok order=o2 state=held`,
      'a read that may lag behind': `${STEPS}; b1 status A [20,22] ok state=held lags`,
      'forgotten where cancelled orders are': `${STEPS}, forgets; b1 status A [20,22] ok state=none`,
      'moves of its own': `${STEPS.replace('[10,11] ok state=paid', '[10,11] ok state=held')}; moves {"none":["held","paid"],"held":["paid"],"paid":["held"]}`,
    },
    violated: {
      'back from paid': STEPS.replace('[10,11] ok state=paid', '[10,11] ok state=held'),
      'paid after a cancellation': `${STEPS.replace('b1×1 A state=paid', 'b1×1 A')}; b3 hold A [0,5] ok; b3 cancel A [6,8] ok; b3 pay A [10,12] ok`,
      'paid after it had expired':
        'A 2; b1 hold A [0,2] ok; b1 status A [6,7] ok state=expired; b1 pay A [8,9] ok; F: b1×1 A',
      'gone without a trace': `${STEPS}; b1 status A [20,22] ok state=none`,
      'a live row of what was given back': `${STEPS}; b2 cancel A [20,22] ok`,
      'against moves of its own': `${STEPS}; moves {"none":["held"],"held":[]}`,
    },
    unknown: {
      'nobody looked twice': 'A 2; b1 buy A [0,5] ok; b2 buy A [1,6] ok; F: b1×1 A, b2×1 A',
      'back from paid, at the same time':
        'A 2; b1 status A [10,14] ok state=held; b1 status A [12,16] ok state=paid; b2 buy A [1,6] ok; F: b2×1 A',
      'a live row in a reading that changed': `${STEPS}, unsettled; b2 cancel A [20,22] ok`,
    },
  },
  STEPS,
);

it('is beside the point where orders have one step and nobody asks', () => {
  expect(illegalTransition.isBeside!(sale('A 2; b1 buy A [0,5] ok; F: b1×1 A'))).toMatch(
    /one step/,
  );
  expect(illegalTransition.isBeside!(sale('A 2; F:'))).toBeNull();
  expect(illegalTransition.isBeside!(sale(STEPS))).toBeNull();
});
