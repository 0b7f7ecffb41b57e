import { expect, it } from 'vitest';
import { leakedHold } from '../../lib/invariants/leaked-hold.ts';
import { decided, describeGaps, describeInvariant, describeShown } from './cases.ts';
import { sale } from './notation.ts';

const BACK =
  'A 2; rule expiryGraceMs=5; b1 hold A [0,5] ok expires=30; b2 buy A [1,6] ok; b3 buy A [40,45] ok; b4 buy A [50,55] refused; F: b1×1 A cancelled state=expired, b2×1 A, b3×1 A, read 90';

const HELD = BACK.replace('cancelled state=expired', 'state=held');
/** Told that it is sold out, though one of two has been bought and the other's hold is over. */
const TURNED = BACK.replace('b3 buy A [40,45] ok', 'b3 buy A [40,45] refused').replace(
  'b3×1 A, ',
  '',
);
/** Told that one of three is left, though one has been bought and the hold of another is over. */
const TOLD =
  'A 3; rule expiryGraceMs=5; b1 hold A [0,5] ok expires=30; b2 buy A [1,6] ok; b3 avail A [40,45] ok value=1; F: b1×1 A cancelled state=expired, b2×1 A';

describeInvariant(
  leakedHold,
  {
    holds: {
      'refused within the grace': `${BACK}; b5 buy A [20,35] refused`,
      'a refusal that may have been told again': `${BACK.replace('b3 buy A [40,45] ok', 'b3 buy A [20,22] refused; b3 buy A [40,45] refused').replace('b3×1 A, ', '')}; b4 buy A [20,22] refused`,
      'an exact read of what is left': `${BACK}; b5 avail A [36,38] ok value=1; b6 avail A [60,62] ok value=0`,
      'a read that may lag behind': `${BACK}; b5 avail A [60,62] ok value=-1 lags`,
      'a read that tells nothing, and no reply does': `${BACK.replace(' expires=30', '').replace('expiryGraceMs=5', 'expiryGraceMs=5 holdMs=20')}; b5 avail A [60,62] ok`,
      'a state that somebody was told': TOLD.replace('avail', 'status'),
      'a read that was refused': TOLD.replace('ok value=1', 'refused value=1'),
      'a read of what is left': TOLD.replace('value=1', 'value=2'),
      'a refusal while strangers come and go': TURNED.replace('A 2;', 'A 3;').concat(
        ', ?×1 A cancelled',
      ),
      'a refusal while another may pass': `${TURNED}; b5 buy A [38,60] refused payment`,
      'a refusal at a shop that is not read as a whole': `${TURNED}, unlisted`,
      'a refusal at a shop that forgets': `${TURNED}, forgets`,
      'a refusal, and a clock that jumped': `${TURNED}; b5 view A [60,58] ok`,
      'a read that others explain, or the expired hold not': `${TOLD.replace('value=1', 'value=0')}`,
      'rows that name no intent, of all who bought': BACK.replace(
        /F: .*/,
        'exclusive; F: ?×1 A, ?×1 A, read 90',
      ),
      'paid in time, and the row does not say so': `${BACK}; b5 hold A [0,5] ok expires=30; b5 pay A [10,12] ok; F: b5×1 A`,
      'a row beyond those of all who bought, but all are paid or cancelled': BACK.replace(
        'A 2;',
        'A 3;',
      ).replace(
        /F: .*/,
        'exclusive; b6 buy A [0,5] info; F: ?×1 A state=paid, ?×1 A state=paid, ?×1 A state=paid, ?×1 A cancelled, read 90',
      ),
      'paid in time': `${BACK}; b5 hold A [0,5] ok expires=30; b5 pay A [10,12] ok; F: b5×1 A state=paid`,
    },
    violated: {
      'a row': HELD,
      'a row that does not say how it stands': HELD.replace(' state=held', ''),
      'a row just after the clocks agree that it is over':
        'A 2; rule expiryGraceMs=5; clock 5; b1 hold A [0,5] ok expires=30; F: b1×1 A, read 41',
      'a row in a history that is not complete': `${HELD}; incomplete`,
      'a row of a hold without an answer, which tells its end itself':
        'A 2; rule expiryGraceMs=5; b1 hold A [0,5] info; b2 buy A [1,6] ok; F: b1×1 A state=held expires=30, b2×1 A, read 90',
      'a row that is held still, though a payment may have come':
        'A 2; rule expiryGraceMs=5; b1 hold A [0,5] ok expires=30; b1 pay A [7,9] info; b2 buy A [1,6] ok; F: b1×1 A state=held expires=30, b2×1 A, read 90',
      'a refusal': TURNED,
      'a refusal, and somebody looked for no time at all': `${TURNED}; b5 view A [60,60] ok`,
      'a read of some': TOLD,
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
      'a row while the clocks do not agree that it is over':
        'A 2; rule expiryGraceMs=5; clock 5; b1 hold A [0,5] ok expires=30; b2 buy A [1,6] ok; F: b1×1 A, b2×1 A, read 40',
      'a hold in a pool that the fixture does not know':
        'A 2; rule expiryGraceMs=5; b1 hold Z [0,5] ok expires=30; F: b1×1 Z',
      'an intent that asks for different things': `${HELD}; b1 hold(2) A [6,8] ok expires=30`,
      'a refusal, while less may be sold than there is': TURNED.replace('A 2;', 'A 1 of 2;'),
      'a read, while less may be sold than there is': TOLD.replace('A 3;', 'A 2 of 3;'),
      'a refusal in a history that is not complete': `${TURNED}; incomplete`,
      'a refusal in a reading that changed': `${TURNED}, unsettled`,
      'a refusal in a reading that may lag': `${TURNED}, lags`,
      'an expiry that nobody told': BACK.replace(' expires=30', ''),
      'a row of a hold without an answer, which does not tell its end': `${BACK.replace('A 2;', 'A 3;')}, b6×1 A state=held; b6 hold A [0,5] info`,
      'a row that does not say how it stands, in a history that is not complete': `${HELD.replace(' state=held', '')}; incomplete`,
      'a silent row of a hold without an answer': `${BACK.replace('A 2;', 'A 3;')}, b6×1 A; b6 hold A [0,5] info`,
      'a row that names no intent in a pool, and one of another pool lost': BACK.replace(
        'A 2;',
        'A 2; B 9;',
      )
        .replace('b2 buy A', 'b2 buy B')
        .replace(/F: .*/, 'exclusive; F: ?×1 A, ?×1 A, read 90'),
      'a row beyond those of all who bought, and one of them does not say that it is paid':
        BACK.replace('A 2;', 'A 3;').replace(
          /F: .*/,
          'exclusive; b6 buy A [0,5] info; F: ?×1 A state=paid, ?×1 A state=paid, ?×1 A, read 90',
        ),
      'a row that names no intent beside those of all who bought': `${BACK.replace('A 2;', 'A 3;').replace(/F: .*/, 'exclusive; b6 hold A [0,5] info; F: ?×1 A, ?×1 A, ?×1 A, read 90')}`,
      'a live row in a reading that changed': `${BACK.replace('cancelled state=expired', 'state=held')}, unsettled`,
      'a live row in a reading that may lag': `${BACK.replace('cancelled state=expired', 'state=held')}, lags`,
    },
  },
  BACK,
);

/** Only the row tells when the hold ends. */
const BY_ROW =
  'A 2; rule expiryGraceMs=5 clockSkewMs=3; clock 2; b1 hold A [0,5] info; b2 buy A [1,6] ok; F: b1×1 A state=held expires=30, b2×1 A';

const OTHER_POOL =
  'b5 hold B [0,5] ok expires=30; b6 buy B [1,6] ok; b7 buy B [46,48] refused; F: b5×1 B cancelled, b6×1 B';

describeShown(leakedHold, {
  [BACK]: 'holds: expired=1, stillHeld=0, turnedAway=0',
  [`${BACK}, unsettled`]: 'unknown: expired=1, stillHeld=0, turnedAway=0',
  [HELD]: 'violated 1: b1 hold, row-1, expired=1, stillHeld=1, turnedAway=0, overdueMs=55',
  [HELD.replace('state=held', 'state=expired')]: 'holds: expired=1, stillHeld=0, turnedAway=0',
  [`${HELD}; b1 hold A [6,8] refused; b1 status A [9,10] ok`]:
    'violated 1: b1 hold, row-1, expired=1, stillHeld=1, turnedAway=0, overdueMs=55',
  [`${BY_ROW}, read 41`]: 'violated 1: row-1, expired=1, stillHeld=1, turnedAway=0, overdueMs=3',
  [`${BY_ROW}, read 40`]: 'unknown: expired=0, stillHeld=0, turnedAway=0',
  [TURNED]:
    'violated 2: b3 purchase, pool A, expired=1, stillHeld=0, turnedAway=2, capacity=2, heldMost=1',
  [TOLD]:
    'violated 1: b3 availability, pool A, expired=1, stillHeld=0, turnedAway=1, capacity=3, heldMost=1',
  [`${TOLD.replace('A 3;', 'A 4;')}; b5 buy A [41,42] refused payment`]:
    'violated 1: b3 availability, pool A, expired=1, stillHeld=0, turnedAway=1, capacity=4, heldMost=2',
  [`B 2; ${TURNED}; ${OTHER_POOL}`]:
    'violated 3: b3 purchase, pool A, expired=2, stillHeld=0, turnedAway=3, capacity=2, heldMost=1',
  [`${TURNED.replace('A 2;', 'A 3;')}; b5 hold A [0,5] ok expires=30; F: b5×1 A state=held`]:
    'violated 3: b5 hold, row-3, expired=2, stillHeld=1, turnedAway=2, overdueMs=55',
});

describeGaps(leakedHold, {
  [BACK]: [],
  [BACK.replace('expires=30', 'expires=85')]: ['No hold was certainly over'],
  [HELD.replace('state=held', 'state=paid')]: ['No hold was certainly over'],
  [HELD.replace('expires=30', 'expires=85')]: ['No hold was certainly over'],
  [`${BY_ROW}, read 40`]: ['No hold was certainly over'],
  [BACK.replace('b2×1 A', 'b2×1 A state=held')]: [],
  [`${HELD}, lags`]: ['may lag behind'],
  [`${HELD}, unsettled`]: ['No two readings agreed'],
  [BACK.replace(/; F:.*/, '')]: ['never read back', 'No hold was certainly over'],
});

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
  expect(leakedHold.isBeside!(sale('A 2; rule expiryGraceMs=5'))).toBeNull();
});
