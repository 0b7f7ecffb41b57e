import { describe, expect, it } from 'vitest';
import { saleOf } from '../../lib/invariants/sale.ts';
import { shortHoldGaps } from '../../lib/invariants/short-holds.ts';
import { keyOf, sale } from './notation.ts';

const names = ['b1', 'b2'].map(keyOf);

/** Held at some moment of [0, 5] only. */
const short = (name: string, quantity = 1) => `${name} hold(${quantity}) A [0,5] ok expires=5`;

describe('holds that nobody can tell when they were', () => {
  /** Groups of b1 and b2, and the limit of each group. */
  it.each<[string, string, groups: number[], limits: number[], isOpen: boolean]>([
    [
      'matter where they may be too much with others',
      `${short('b1')}; b2 buy A [0,0] ok`,
      [0, 0],
      [1],
      true,
    ],
    [
      'matter where two of them may be too much',
      `${short('b1')}; ${short('b2')}`,
      [0, 0],
      [1],
      true,
    ],
    ['matter by themselves', short('b1', 2), [0], [1], true],
    ['matter in one group of several', `${short('b1')}; ${short('b2', 2)}`, [0, 1], [1, 1], true],
    ['do not matter within the limit', `${short('b1')}; b2 buy A [0,0] ok`, [0, 0], [2], false],
    [
      'do not matter beside another group',
      `${short('b1')}; b2 buy A [0,0] ok`,
      [0, 1],
      [1, 1],
      false,
    ],
    [
      'do not matter where others alone are too much',
      `${short('b1')}; b2 buy(2) A [0,0] ok`,
      [0, 1],
      [1, 1],
      false,
    ],
    ['do not matter in no group', `${short('b1')}; ${short('b2')}`, [-1, -1], [0], false],
    [
      'do not matter to those of no group',
      `${short('b1')}; b2 buy(2) A [0,0] ok`,
      [1, -1],
      [0, 1],
      false,
    ],
    ['are none', 'b1 buy A [0,5] ok; b2 buy A [0,5] ok', [0, 0], [1], false],
  ])('%s', (_, notation, groups, limits, isOpen) => {
    const evidence = sale(`A 9; ${notation}`);
    const gaps = shortHoldGaps(evidence, saleOf(evidence), {
      groupOf: (intent) => groups[names.indexOf(evidence.history.intentKeys[intent]!)]!,
      // Nothing is allowed where there is no group, so that nobody asks for it unnoticed.
      limitOf: (group) => limits[group] ?? 0,
    });
    expect(gaps).toEqual(isOpen ? [expect.stringContaining('while they were being')] : []);
  });
});
