import { expect, it } from 'vitest';
import { ownerlessRows } from '../../lib/invariants/ownerless-rows.ts';
import { dated, keylessSale, owned } from './keyless-told.ts';

const bought = 'b1 buy A [0,5] ok; b2 buy A [1,6] ok';

it.each<[string, number]>([
  [`${owned}; ${bought}; F: b1×1 A by=u1, b2×1 A by=u1`, 0],
  [`${owned}; ${bought}; F: ?×1 A by=u1, ?×1 A by=u1`, 0],
  [`${owned}; ${bought}; F: ?×1 A by=u1`, 0],
  [`${owned}; ${bought}; F: ?×1 A by=u1, ?×1 A by=u1, ?×1 A by=u1, ?×1 A by=u1`, 2],
  // Only live rows.
  [`${owned}; ${bought}; F: ?×1 A cancelled by=u1, ?×1 A by=u1, ?×1 A by=u1`, 0],
  // Of that buyer, pool and quantity: one too few does not make up for one too many.
  [`${owned}; b1 buy A [0,5] ok; b4 buy A [1,6] ok; F: ?×1 A by=u1, ?×1 A by=u1`, 1],
  [`${owned}; b1 buy A [0,5] ok; b2 buy B [1,6] ok; F: ?×1 A by=u1, ?×1 A by=u1`, 1],
  [`${owned}; b1 buy A [0,5] ok; b2 buy(2) A [1,6] ok; F: ?×1 A by=u1, ?×1 A by=u1`, 1],
  [`${owned}; ${bought}; F: ?×1 A by=u1, ?×1 Z by=u1`, 1],
  // Made in its time, by the rules' skew and the clock error.
  [`${dated}; b1 buy A [10,15] ok; F: ?×1 A by=u1 at=15`, 0],
  [`${dated}; b1 buy A [10,15] ok; F: ?×1 A by=u1 at=16`, 1],
  [`${dated}; clock 1; b1 buy A [10,15] ok; F: ?×1 A by=u1 at=16`, 0],
  [`${owned}; b1 buy A [10,15] ok; F: ?×1 A by=u1 at=16`, 0],
  [`${dated}; b1 buy A [10,15] ok; b2 buy A [20,25] ok; F: ?×1 A by=u1 at=9, ?×1 A by=u1`, 1],
  // Bought for certain, and not given back.
  [`${owned}; b1 buy A [0,5] info; b2 hold A [1,6] ok; F: ?×1 A by=u1, ?×1 A by=u1`, 2],
  [`${owned}; b2 hold A [1,6] ok; b2 pay A [7,9] ok; F: ?×1 A by=u1`, 0],
  [`${owned}; ${bought}; b2 cancel A [7,9] info; F: ?×1 A by=u1, ?×1 A by=u1`, 1],
  [`${owned}; b1 buy A [0,5] ok; b1 buy(2) A [6,9] ok; F: ?×2 A by=u1`, 1],
  // Who has a row of his own needs no other.
  [`${owned}; ${bought}; F: b1×1 A by=u1, ?×1 A by=u1, ?×1 A by=u1`, 1],
  // Rows that name nobody.
  ['A 9; exclusive; b1 buy A [0,5] ok; b2 buy A [1,6] ok; F: ?×1 A, ?×1 A, ?×1 A', 1],
])('of %s nobody knows the owner of %i live rows', (notation, expected) => {
  expect(ownerlessRows(keylessSale(notation))).toBe(expected);
});
