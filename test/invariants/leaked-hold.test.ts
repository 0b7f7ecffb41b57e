import { expect, it } from 'vitest';
import { leakedHold } from '../../lib/invariants/leaked-hold.ts';
import { decided, describeInvariant } from './cases.ts';
import { sale } from './notation.ts';

const BACK =
  'A 2; rule expiryGraceMs=5; b1 hold A [0,5] ok expires=30; b2 buy A [1,6] ok; b3 buy A [40,45] ok; b4 buy A [50,55] refused; F: b1×1 A cancelled state=expired, b2×1 A, b3×1 A, read 90';

describeInvariant(
  leakedHold,
  {
    holds: {
      'refused within the grace': `${BACK}; b5 buy A [20,35] refused`,
      'an exact read of what is left': `${BACK}; b5 avail A [36,38] ok value=1; b6 avail A [60,62] ok value=0`,
      'a read that may lag behind': `${BACK}; b5 avail A [60,62] ok value=-1 lags`,
      'paid in time': `${BACK}; b5 hold A [0,5] ok expires=30; b5 pay A [10,12] ok; F: b5×1 A state=paid`,
    },
    violated: {
      'a row': BACK.replace('b1×1 A cancelled state=expired', 'b1×1 A state=held'),
      'a refusal': BACK.replace('b3 buy A [40,45] ok', 'b3 buy A [40,45] refused').replace(
        'b3×1 A, ',
        '',
      ),
      'a read': `${BACK}; b5 avail A [36,38] ok value=0`
        .replace('b3 buy A [40,45] ok; ', '')
        .replace('b4 buy A [50,55] refused; ', '')
        .replace('b3×1 A, ', ''),
    },
    unknown: {
      'nothing expired': BACK.replace(
        'b1 hold A [0,5] ok expires=30',
        'b1 hold A [0,5] ok expires=3000',
      ).replace('cancelled state=expired', 'state=held'),
      'an expiry that nobody told': BACK.replace(' expires=30', ''),
      'a live row in a reading that changed': `${BACK.replace('cancelled state=expired', 'state=held')}, unsettled`,
      'a live row in a reading that may lag': `${BACK.replace('cancelled state=expired', 'state=held')}, lags`,
    },
  },
  BACK,
);

it('says no more than it can see where strangers buy', () => {
  const stranger = BACK.replace('b3 buy A [40,45] ok', 'b3 buy A [40,45] refused').replace(
    'b3×1 A',
    '?×1 A',
  );
  expect(decided(leakedHold, stranger).value).not.toBe('violated');
});

it('is beside the point where no grace is promised, or nobody held', () => {
  expect(leakedHold.isBeside!(sale('A 2; b1 hold A [0,5] ok'))).toMatch(/not promised/);
  expect(leakedHold.isBeside!(sale('A 2; rule expiryGraceMs=5; b1 buy A [0,5] ok'))).toMatch(
    /Nobody held/,
  );
  expect(
    leakedHold.isBeside!(sale('A 2; rule expiryGraceMs=5; incomplete; b1 buy A [0,5] ok')),
  ).toBeNull();
});
