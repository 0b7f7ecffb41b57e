import { describe, expect, it } from 'vitest';
import { oversellFinal } from '../../lib/invariants/oversell-final.ts';
import { oversellInstant } from '../../lib/invariants/oversell-instant.ts';
import { saleOf } from '../../lib/invariants/sale.ts';
import { mayHaveGrown } from '../../lib/invariants/sell-out.ts';
import { decided, describeGaps } from './cases.ts';
import { sale } from './notation.ts';

/** Two of A are sold, to buyers who came together. */
const two = 'b1 buy A [0,5] ok; b2 buy A [1,6] ok';
const EDGE = 'No pool was sold out';
const OTHERS = 'does not show that there are no others';
const BELOW = 'below zero';
const GROWN = 'it may not have been all';

describe('a pool is at its edge', () => {
  describeGaps(oversellFinal, {
    [`A 3; ${two}; b3 buy(2) A [2,9] refused; F: b1×1 A, b2×1 A`]: [],
    // What is left would have been enough for those who were refused.
    [`A 3; ${two}; b3 buy(1) A [2,9] refused; b4 buy(2) A [3,9] refused; F: b1×1 A, b2×1 A`]: [
      EDGE,
    ],
    [`A 3; ${two}; b4 buy(2) A [2,9] refused; b3 buy(1) A [3,9] refused; F: b1×1 A, b2×1 A`]: [
      EDGE,
    ],
    [`A 3; ${two}; b3 buy(1) A [2,9] refused; b4 buy(1) A [3,9] refused; F: b1×1 A, b2×1 A`]: [
      EDGE,
    ],
    // Nobody was refused: the last ticket has to be gone.
    [`A 2; ${two}; b3 buy(1) A [2,9] fail; F: b1×1 A, b2×1 A`]: [],
    [`A 3; ${two}; b3 buy(1) A [2,9] fail; b4 buy(1) A [2,9] fail; F: b1×1 A, b2×1 A`]: [EDGE],
    // All of it was held once, and nobody gave it back: it expired.
    'A 1; rule holdMs=20; b1 hold A [0,5] ok; b2 buy A [1,6] refused; F:': [],
    // A purchase that is gone is lost, and no sign that the pool was empty.
    'A 1; b1 buy A [0,5] ok; b2 buy A [1,6] refused; F:': [EDGE],
    'A 1; b1 buy A [0,5] ok; b2 buy A [1,6] refused; b1 cancel A [9,9] ok; F: b1×1 A cancelled': [],
  });
});

describe('strangers are ruled out', () => {
  const apart = `A 1; B 2; b3 buy A [0,5] ok; b4 buy A [0,5] refused; ${two.replaceAll(' A ', ' B ')}; F: b3×1 A, b1×1 B, b2×1 B, unlisted`;
  describeGaps(oversellFinal, {
    [apart]: [],
    [`${apart}, left B 1`]: [OTHERS],
    [`${apart}, left A 1`]: [OTHERS],
    [`${apart}, left B ?`]: [OTHERS],
  });
});

describe('an excess is explained by orders from before the run', () => {
  const oversold = 'A 1; b1 buy A [0,5] ok; b2 buy A [1,6] ok';
  const other = 'B 5; b3 buy B [0,9] ok';
  const rows = 'b1×1 A, b2×1 A';
  it.each([
    [`${oversold}; F: ${rows}`, 'violated'],
    [`${oversold}; baseline x`, 'unknown'],
    [`${oversold}; baseline x; F: ${rows}, left A ?`, 'unknown'],
    [`${oversold}; baseline x; F: ${rows}, left A 0`, 'unknown'],
    [`${oversold}; baseline x; F: ${rows}, left A -1`, 'violated'],
    [`${oversold}; baseline x; F: ${rows}, left A -1, unsettled`, 'unknown'],
    // Each pool has a counter of its own.
    [`${other}; ${oversold}; baseline x; F: ${rows}, b3×1 B, left A -1`, 'violated'],
    [`${other}; ${oversold}; baseline x; F: ${rows}, b3×1 B, left B -1, left A 0`, 'unknown'],
    // The shop said that more was left than the fixture names.
    [`${oversold.replace('A 1', 'A 2 of 1')}; F: ${rows}`, 'unknown'],
    [`${oversold.replace('A 1', 'A 0 of 1')}; F: ${rows}`, 'violated'],
  ])('%s: %s', (notation, value) => {
    for (const invariant of [oversellFinal, oversellInstant]) {
      expect(decided(invariant, notation).value).toBe(value);
    }
  });

  it('where the shop tells of no such pool', () => {
    const evidence = sale(`${oversold}; baseline x; F: ${rows}, left A -1`);
    const silent = { ...evidence, state: { ...evidence.state!, pools: [] } };
    expect(mayHaveGrown(silent, saleOf(silent), 0)).toBe(true);
  });

  describeGaps(oversellFinal, {
    [`${oversold}; baseline x; F: ${rows}, left A 0`]: [GROWN],
  });
});

describe('a counter below zero that the rows do not bear out', () => {
  const sold = `A 2; B 1; ${two}; b3 buy A [2,9] refused; F: b1×1 A, b2×1 A`;
  describeGaps(oversellFinal, {
    [sold]: [],
    [`${sold}, left B -1`]: [BELOW],
    [`${sold}, left A ?, left B ?`]: [],
    [`${sold}, left A 0, left B 0`]: [],
  });
});
