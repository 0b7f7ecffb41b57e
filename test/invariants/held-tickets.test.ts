import { describe, expect, it } from 'vitest';
import {
  heldByPool,
  isSoldOutRefusal,
  rowsApart,
  tellsSoldOut,
} from '../../lib/invariants/held-tickets.ts';
import { saleOf } from '../../lib/invariants/sale.ts';
import { sale } from './notation.ts';

function heldIn(notation: string) {
  const evidence = sale(`A 9; ${notation}`);
  return heldByPool(evidence, saleOf(evidence))[0]!;
}

type Bounds = [most: number, shown: number, forAMoment: number];

/** Of each operation of the first pool, in order of time. */
function boundsIn(notation: string): Bounds[] {
  const held = heldIn(notation);
  return [...held.operations.keys()].map((k) => [
    held.forGoodMost(k),
    held.forGoodShown(k),
    held.forAMomentMost(k),
  ]);
}

describe('what can have been held during each operation', () => {
  it.each<[string, string, Bounds[]]>([
    [
      'what was bought or may have been, and of that what rows show',
      'b1 buy(2) A [0,5] ok; b2 buy A [1,6] refused; b3 buy(3) A [10,12] info; b4 buy A [13,14] refused; F: b1×2 A',
      [
        [2, 2, 0],
        [2, 2, 0],
        [5, 2, 0],
        [5, 2, 0],
      ],
    ],
    [
      'what began before it had ended',
      'b1 buy A [0,5] refused; b2 buy A [5,6] ok; b3 buy A [6.5,7] ok; F: b2×1 A, b3×1 A',
      [
        [1, 1, 0],
        [1, 1, 0],
        [2, 2, 0],
      ],
    ],
    [
      'what began before it had ended by clocks that differ',
      'clock 2; b1 buy A [0,5] refused; b2 buy A [9,10] ok; b3 buy A [15,16] ok; F: b2×1 A, b3×1 A',
      [
        [1, 1, 0],
        [1, 1, 0],
        [2, 2, 0],
      ],
    ],
    [
      'rows of nobody who asked, all along',
      'b1 buy A [0,5] refused; b2 buy A [9,10] ok; F: b2×1 A, ?×3 A',
      [
        [3, 0, 0],
        [4, 1, 0],
      ],
    ],
    [
      'all rows of an intent, from its first operation on; its first purchase explains what it asked for',
      'b1 buy A [0,5] ok; b2 buy(3) A [6,7] ok; F: b1×1 A, b1×1 A cancelled, b2×2 A',
      [
        [2, 1, 0],
        [5, 3, 0],
      ],
    ],
    [
      'rows of an intent that was refused, though nothing explains them',
      'b1 buy A [0,5] refused; F: b1×2 A',
      [[2, 0, 0]],
    ],
    [
      'rows of an intent from its first request for tickets on',
      'b1 avail A [0,1] ok value=9; b1 buy A [3,5] ok; F: b1×1 A',
      [
        [0, 0, 0],
        [1, 1, 0],
      ],
    ],
    [
      'what was asked for twice, though it shows once',
      'b1 buy(2) A [0,5] info; b1 buy(2) A [6,9] ok; b2 buy A [20,21] refused; F: b1×2 A',
      [
        [2, 2, 0],
        [4, 2, 0],
        [4, 2, 0],
      ],
    ],
    [
      'holds, which their replies show and their rows need not; not one without a reply',
      'b1 hold(2) A [0,5] ok; b2 hold(3) A [6,7] info; b3 buy(4) A [8,9] info; F:',
      [
        [2, 2, 0],
        [5, 2, 0],
        [9, 2, 0],
      ],
    ],
    [
      'each wish of an intent with several, of which nothing shows',
      'b1 hold(2) A [0,5] ok; b1 hold(3) A [6,7] ok; F: b1×2 A',
      [
        [4, 0, 0],
        [7, 0, 0],
      ],
    ],
  ])('%s', (_, notation, bounds) => {
    expect(boundsIn(notation)).toEqual(bounds);
  });
});

describe('what can no longer have been held', () => {
  const EXPIRING = 'rule expiryGraceMs=5; b1 hold A [0,5] ok expires=30';

  /** For each operation; then the same if expired holds leaked. */
  it.each<[string, string, number[], number[]]>([
    [
      'after the grace of a hold',
      `${EXPIRING}; b2 buy A [35,36] refused; b3 buy A [36,37] refused; F: b1×1 A cancelled`,
      [1, 1, 0],
      [1, 1, 1],
    ],
    [
      'after each of several graces, whichever was held first',
      'rule expiryGraceMs=5; b1 hold(4) A [0,5] ok expires=90; b2 hold(2) A [1,6] ok expires=30; b3 buy A [40,41] refused; b4 buy A [100,101] refused; F:',
      [6, 6, 4, 0],
      [6, 6, 6, 6],
    ],
    [
      'after the grace, but for rows of nobody who asked',
      `${EXPIRING}; b3 buy A [36,37] refused; F: b1×1 A cancelled, ?×2 A`,
      [3, 2],
      [3, 3],
    ],
    [
      'after a cancellation',
      'b1 buy A [0,5] ok; b1 cancel A [6,8] ok; b2 buy A [8,9] refused; b3 buy A [9,10] refused; F: b1×1 A cancelled',
      [1, 1, 1, 0],
      [1, 1, 1, 0],
    ],
    [
      'after a cancellation by clocks that differ',
      'clock 2; b1 buy A [0,5] ok; b1 cancel A [10,12] ok; b2 buy A [16,17] refused; b3 buy A [17,18] refused; F: b1×1 A cancelled',
      [1, 1, 1, 0],
      [1, 1, 1, 0],
    ],
  ])('%s', (_, notation, most, leaky) => {
    const held = heldIn(notation);
    const places = [...held.operations.keys()];
    expect(places.map(held.forGoodMost)).toEqual(most);
    expect(places.map(held.leakyMost)).toEqual(leaky);
  });
});

describe('what others can have held for a moment', () => {
  const momentsIn = (notation: string) => boundsIn(notation).map(([, , moment]) => moment);

  it.each<[string, string, number[]]>([
    [
      // Three less one; two that failed; two; two of a payment; none of a read; one less one.
      'is all of what was refused or failed, but one ticket less where it was sold out',
      'b1 buy(3) A [0,4] refused; b2 buy(2) A [2,6] fail; b3 buy(2) A [4,8] refused limit; b4 pay(2) A [5,9] refused; b5 avail A [5,9] refused; b6 buy A [7,9] refused',
      [4, 4, 4, 4, 6, 4],
    ],
    [
      'is nothing of what was bought',
      'b1 buy(3) A [0,4] ok; b2 buy(3) A [0,4] info; b3 buy A [0,4] refused',
      [0, 0, 0],
    ],
    [
      'is of what ran in its last moment',
      'b1 buy A [0,4] refused; b2 buy(2) A [4,8] refused',
      [1, 0],
    ],
    ['is not of what came after it', 'b1 buy A [0,4] refused; b2 buy(2) A [4.5,8] refused', [0, 0]],
    [
      'is of what came after it by clocks that differ',
      'clock 1; b1 buy A [0,4] refused; b2 buy(2) A [6,8] refused',
      [1, 0],
    ],
    [
      'is not of what came after it by clocks that hardly differ',
      'clock 0.25; b1 buy A [0,4] refused; b2 buy(2) A [5,8] refused',
      [0, 0],
    ],
    [
      'is of what ended in its first moment',
      'b2 buy(2) A [0,4] refused; b1 buy A [4,8] refused',
      [0, 1],
    ],
    [
      'is of what ended before it by clocks that differ',
      'clock 1; b2 buy(2) A [0,4] refused; b1 buy A [6,8] refused',
      [0, 1],
    ],
    [
      'is not of what ended before it',
      'b2 buy(2) A [0,4] refused; b1 buy A [4.5,8] refused',
      [0, 0],
    ],
  ])('%s', (_, notation, moments) => {
    expect(momentsIn(notation)).toEqual(moments);
  });
});

it('takes for told sold out only who asked for tickets and was refused them', () => {
  const evidence = sale(
    'A 9; b1 buy A [0,9] refused; b2 hold A [1,9] refused; b3 buy A [2,9] refused limit; b4 pay A [3,9] refused sold-out; b5 buy A [4,9] fail sold-out; b6 buy A [5,9] ok',
  );
  const told = [...evidence.history.kind.keys()].map((i) => isSoldOutRefusal(evidence, i));
  expect(told).toEqual([true, true, false, false, false, false]);
});

describe('a refusal tells that its pool was sold out while it ran', () => {
  const TWICE = 'b1 buy A [0,5] refused; b1 buy A [6,9] refused';
  const twiceBy = (status: number) => TWICE.replaceAll('refused', `refused status=${status}`);

  it.each<[string, string, boolean[]]>([
    ['by itself', 'b1 buy A [0,5] refused; b2 buy A [6,9] refused', [true, true]],
    ['but for a second one, which may be the first one’s reply', TWICE, [true, false]],
    ['but for all after the first', `${TWICE}; b1 buy A [10,12] refused`, [true, false, false]],
    [
      'not beside one that began as it ended, though others came later',
      'b1 buy A [0,5] refused; b1 buy A [5,9] refused; b1 buy A [20,21] refused',
      [false, false, false],
    ],
    ['each, where keys mean nothing', `rule idempotency=none; ${TWICE}`, [true, true]],
    ['not beside one that began as it ended', TWICE.replace('[6', '[5'), [false, false]],
    [
      'not beside one that may have begun as it ended',
      `clock 1; ${TWICE}`.replace('[6', '[7'),
      [false, false],
    ],
    ['before one that began after it', `clock 1; ${TWICE}`.replace('[6', '[8'), [true, false]],
    [
      'before one that began after it by clocks that hardly differ',
      `clock 0.25; ${TWICE}`,
      [true, false],
    ],
    [
      'not after one without a reply',
      'b1 buy A [0,5] info; b1 buy A [6,9] refused',
      [false, false],
    ],
    ['after one that was sold', 'b1 buy A [0,5] ok; b1 buy A [6,9] refused', [false, true]],
    ['after one that did not arrive', 'b1 buy A [0,5] fail; b1 buy A [6,9] refused', [false, true]],
    ['after a payment', 'b1 pay A [0,5] refused; b1 buy A [6,9] refused', [false, true]],
    ['not for other reasons', 'b1 buy A [0,5] refused limit', [false]],
    ...[409, 429, 500, 503].map((status): [string, string, boolean[]] => [
      `each, where ${status} is not kept`,
      `rule idempotency=replay-final; ${twiceBy(status)}`,
      [true, true],
    ]),
    [
      'but for a second one of those that are kept',
      `rule idempotency=replay-final; ${twiceBy(499)}`,
      [true, false],
    ],
    [
      'but for a second one where all are kept',
      `rule idempotency=replay; ${twiceBy(409)}`,
      [true, false],
    ],
  ])('%s', (_, notation, told) => {
    const evidence = sale(`A 9; ${notation}`);
    const found = [...evidence.history.kind.keys()].map((i) => tellsSoldOut(evidence, i));
    expect(found).toEqual(told);
  });
});

it('finds rows apart from what any operation explains', () => {
  const evidence = sale(
    'A 9; B 9; b1 buy A [0,5] ok; planned b2; F: b1×1 A, b1×2 B, b2×4 A, ?×8 A, b1×1 Z, ?×1 Z',
  );
  const { unplaced, strangers } = rowsApart(saleOf(evidence));
  expect([...unplaced]).toEqual([12, 2]);
  expect([...strangers]).toEqual([1, 0]);
});

it('works out what is held once', () => {
  const evidence = sale('A 9; B 9; b1 buy A [0,5] ok; b2 buy B [1,5] ok');
  const held = heldByPool(evidence, saleOf(evidence));
  expect(held.map(({ operations }) => [...operations])).toEqual([[0], [1]]);
  expect(heldByPool(evidence, saleOf(evidence))).toBe(held);
});
