import { describe, expect, it } from 'vitest';
import {
  cancelledAt,
  expiredAt,
  expiryOf,
  surelyOverAt,
} from '../../lib/invariants/holding-spans.ts';
import { saleOf } from '../../lib/invariants/sale.ts';
import { sale } from './notation.ts';

const HOLD = 'b1 hold A [0,5] ok expires=60';
const never = Number.POSITIVE_INFINITY;

describe('an expiry', () => {
  it.each<[string, string, object]>([
    ['is told by the reply', HOLD, { earliest: 60, latest: 60 }],
    [
      'is told by the reply, whatever the rules say',
      `rule holdMs=20; ${HOLD}`,
      { earliest: 60, latest: 60 },
    ],
    [
      'is some time after the hold was made',
      'rule holdMs=20; b1 hold A [1,5] ok; b2 hold A [6,7] ok expires=9',
      { earliest: 21, latest: 25 },
    ],
    ['may be at any time', 'b1 hold A [1,5] ok', { earliest: -never, latest: never }],
  ])('%s', (_, notation, expiry) => {
    expect(expiryOf(sale(`A 9; ${notation}`), 0)).toEqual(expiry);
  });
});

/** When b1's tickets are over by cancellation, by expiry, by either. */
function oversIn(notation: string): number[] {
  const evidence = sale(`A 9; ${notation}`);
  const all = saleOf(evidence);
  const b1 = evidence.history.intents.find('onsale-r1-1');
  return [cancelledAt, expiredAt, surelyOverAt].map((overAt) => overAt(evidence, all, b1));
}

describe('when nothing is held any more', () => {
  const RULES = 'rule expiryGraceMs=7 clockSkewMs=3';

  it.each<[string, string, number[]]>([
    ['at the expiry with its grace and skew', `${RULES}; ${HOLD}`, [never, 70, 70]],
    ['at the expiry without a skew', `rule expiryGraceMs=7; ${HOLD}`, [never, 67, 67]],
    ['nobody knows when, without a grace', HOLD, [never, never, never]],
    ['nobody knows when, without an expiry', `${RULES}; b1 hold A [0,5] ok`, [never, never, never]],
    ['not before the reply', `${RULES}; b1 hold A [0,90] ok expires=60`, [never, 90, 90]],
    [
      'at the last of several holds',
      `${RULES}; ${HOLD}; b1 hold A [6,8] ok expires=50`,
      [never, 70, 70],
    ],
    [
      'at the last, whatever was refused',
      `${RULES}; ${HOLD}; b1 hold A [6,8] refused expires=90; b1 hold A [6,8] fail`,
      [never, 70, 70],
    ],
    [
      'at the last, whatever others hold',
      `${RULES}; ${HOLD}; b2 hold A [6,8] ok expires=90`,
      [never, 70, 70],
    ],
    [
      'at the last, whatever else was asked',
      `${RULES}; ${HOLD}; b1 status A [80,90] ok`,
      [never, 70, 70],
    ],
    [
      'nobody knows when, with one without a reply',
      'rule expiryGraceMs=7 holdMs=20; b1 hold A [0,5] ok; b1 hold A [6,8] info',
      [never, never, never],
    ],
    ['never, if no hold was made', `${RULES}; b1 hold A [0,5] refused`, [never, never, never]],
    ['never, if paid', `${RULES}; ${HOLD}; b1 pay A [9,12] ok`, [never, never, never]],
    ['never, if it may be paid', `${RULES}; ${HOLD}; b1 pay A [9,12] info`, [never, never, never]],
    ['never, if bought', `${RULES}; ${HOLD}; b1 buy A [9,12] ok`, [never, never, never]],
    [
      'at the expiry if no payment came about',
      `${RULES}; ${HOLD}; b1 pay A [9,12] refused; b1 pay A [10,13] fail`,
      [never, 70, 70],
    ],
    ['never, as far as the final state shows', `${RULES}; ${HOLD}; F: b1×1 A`, [never, 70, never]],
    [
      'never, as far as the final state shows, though cancelled',
      `${RULES}; ${HOLD}; b1 cancel A [20,25] ok; F: b1×1 A`,
      [never, 70, never],
    ],
    [
      'nobody knows of what, with two wishes',
      `${RULES}; ${HOLD}; b1 hold(2) A [0,5] ok expires=60; b1 cancel A [20,25] ok`,
      [never, 70, never],
    ],
    [
      'at the cancellation of a hold',
      `${RULES}; ${HOLD}; b1 cancel A [20,25] ok; F: b1×1 A cancelled`,
      [25, 70, 25],
    ],
    [
      'at the cancellation of a purchase',
      `${RULES}; b1 buy A [0,5] ok; b1 cancel A [20,25] ok`,
      [25, never, 25],
    ],
  ])('%s', (_, notation, overs) => {
    expect(oversIn(notation)).toEqual(overs);
  });
});

describe('a cancellation ends what was taken', () => {
  const BUY = 'b1 buy A [0,5] ok; b2 buy A [0,30] ok; b2 cancel A [31,32] ok';

  it.each<[string, string, number]>([
    ['at its end', `${BUY}; b1 cancel A [6,8] ok`, 8],
    ['at the first end of several', `${BUY}; b1 cancel A [6,18] ok; b1 cancel A [7,9] ok`, 9],
    ['not if it was refused', `${BUY}; b1 cancel A [6,8] refused`, never],
    ['not if nobody knows how it went', `${BUY}; b1 cancel A [6,8] info`, never],
    ['not if it may have come before', `${BUY}; b1 cancel A [5,8] ok`, never],
    [
      'not if it may have come before by the clock error',
      `clock 1; ${BUY}; b1 cancel A [7,9] ok`,
      never,
    ],
    ['if it came after by more than the clock error', `clock 1; ${BUY}; b1 cancel A [8,9] ok`, 9],
    [
      'if it came after by clocks that hardly differ',
      `clock 0.25; ${BUY}; b1 cancel A [6,9] ok`,
      9,
    ],
    [
      'not what was paid for after it',
      'b1 hold A [0,5] ok; b1 cancel A [6,8] ok; b1 pay A [9,12] ok',
      never,
    ],
    [
      'not what was held after it',
      'b1 hold A [0,5] ok; b1 cancel A [6,8] ok; b1 hold A [9,12] ok',
      never,
    ],
    ['not what was bought after it', `${BUY}; b1 cancel A [6,8] ok; b1 buy A [9,12] ok`, never],
    [
      'but for what nobody knows when it was taken',
      'b1 buy A [0,5] info; b1 cancel A [6,8] ok',
      never,
    ],
    [
      'whatever was refused or failed after it',
      `${BUY}; b1 cancel A [6,8] ok; b1 buy A [9,12] refused; b1 buy A [9,13] fail`,
      8,
    ],
    [
      'whatever was looked at',
      `${BUY}; b1 cancel A [6,8] ok; b1 status A [3,30] ok; b1 status A [6,7] ok`,
      8,
    ],
    ['not if the final state still shows it', `${BUY}; b1 cancel A [6,8] ok; F: b1×1 A`, never],
    [
      'if the final state shows it cancelled',
      `${BUY}; b1 cancel A [6,8] ok; F: b1×1 A cancelled`,
      8,
    ],
    ['not if it has two wishes', `${BUY}; b1 buy(2) A [0,5] ok; b1 cancel A [6,8] ok`, never],
    ['of which nothing is known', 'b1 buy A [0,5] refused; b1 cancel A [6,8] ok; F:', 8],
    [
      'but for rows that nobody knows when they were made',
      'b1 buy A [0,5] refused; b1 cancel A [6,8] ok; F: b1×1 A cancelled',
      never,
    ],
  ])('%s', (_, notation, over) => {
    expect(oversIn(notation)[0]).toBe(over);
  });
});
