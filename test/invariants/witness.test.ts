import { describe, expect, it } from 'vitest';
import { decideAll } from '../../lib/invariants/registry.ts';
import { shownIn } from './cases.ts';
import { sale } from './notation.ts';

const sold = 'A 2; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok; b3 buy(1) A [2,9] refused';
const paid =
  'A 3; price A 10; buyer u1 100: b1; buyer u2 100: b2; b1 buy(1) A [0,5] ok; b2 buy(2) A [1,6] ok; F: b1×1 A state=paid, b2×2 A state=paid, u1 has 90';

const findings: readonly (readonly [string, string, string])[] = [
  [
    'oversell-final',
    'B 9; A 2; b1 buy(1) A [0,5] ok; b2 buy(2) A [1,6] ok; b3 buy(1) B [1,6] ok; F: b1×1 A #a, b2×2 A #b, b3×5 B #c, b4×3 A cancelled #d',
    'violated 1: a, b, pool A, sold=3, capacity=2',
  ],
  [
    'oversell-final',
    'B 9; A 2; b1 hold(1) A [0,5] ok; b1 pay A [6,7] ok; b2 buy(1) A [1,6] ok; b2 buy(1) A [1,7] ok; b3 buy(9) B [1,6] ok; b4 buy(5) A [0,9] info; b5 hold(5) A [0,9] ok; b6 buy(1) A [0,3] ok; b6 cancel A [4,5] info; b7 buy(1) A [3,8] ok',
    'violated 1: b2 purchase, b7 purchase, b1 pay, pool A, sold=3, capacity=2',
  ],
  [
    'oversell-final',
    'A 1; B 1; C 9; b1 buy(2) A [0,5] ok; b2 buy(4) B [1,6] ok; b3 buy(9) C [1,6] ok',
    'violated 2: b2 purchase, pool B, sold=4, capacity=1',
  ],
  [
    'oversell-final',
    'A 1; B 1; b1 buy(2) A [0,5] ok; b2 buy(2) B [1,6] ok',
    'violated 2: b1 purchase, pool A, sold=2, capacity=1',
  ],
  [
    'oversell-final',
    `B 1; ${sold}; b4 buy B [0,9] ok; b5 buy B [0,9] refused; F: b1×1 A, b2×1 A, b4×1 B`,
    'holds: pool B, pool A, sold=3, capacity=3',
  ],
  [
    'lost-purchase',
    `${sold}; F: b1×1 A, b2×1 A`,
    'holds: b1 purchase, row-1, acknowledged=2, lost=0',
  ],
  [
    'refused-but-sold',
    `${sold}; F: b1×1 A, b3×1 A`,
    'violated 1: b3 purchase, row-2, pool A, refused=1, owners=1',
  ],
  ['refused-but-sold', `${sold}; F: b1×1 A, b2×1 A`, 'holds: b3 purchase, refused=1, owners=0'],
  [
    'refused-but-sold',
    `${sold}; b3 pay A [10,11] ok; F: b1×1 A, b3×1 A`,
    'unknown: refused=0, owners=0',
  ],
  [
    'refused-but-sold',
    `${sold}; F: b1×1 A, b3×1 A, unsettled`,
    'unknown: b3 purchase, row-2, refused=1, owners=1',
  ],
  [
    'partial-purchase',
    'A 5; b1 buy(1) A [0,5] ok; b2 buy(3) A [1,6] ok; F: b1×1 A, b2×1 A',
    'violated 1: b2 purchase, row-2, pool A, bought=2, partial=1, asked=3, got=1',
  ],
  [
    'partial-purchase',
    'A 5; b1 buy(1) A [0,5] ok; b2 buy(3) A [1,6] ok; F: b1×1 A, b2×1 A, unsettled',
    'unknown: b2 purchase, row-2, bought=2, partial=1, largestAsked=3',
  ],
  [
    'partial-purchase',
    'A 5; b1 buy(1) A [0,5] ok; b2 buy(3) A [1,6] ok; F: b1×1 A, b2×3 A',
    'holds: b2 purchase, row-2, bought=2, partial=0, largestAsked=3',
  ],
  [
    'double-allocation',
    'A 2; b1 buy A [0,5] ok seat=s1; b2 buy A [1,6] ok seat=s1; b3 buy A [1,6] ok seat=s1; F: b1×1 A seat=s1, b2×1 A seat=s1, b3×1 A seat=s1',
    'violated 1: row-1, row-2, seatsInRows=1, rowsTwice=1, heldTwice=1',
  ],
  [
    'double-allocation',
    'A 2; b1 buy A [0,5] ok seat=s1; b2 buy A [1,6] ok seat=s1; F: b1×1 A',
    'violated 1: b1 purchase, b2 purchase, seatsInRows=0, rowsTwice=0, heldTwice=1',
  ],
  [
    'double-allocation',
    'A 2; b1 buy A [0,5] ok seat=s1; b2 buy A [1,6] refused seat=s1; F: b1×1 A seat=s1',
    'holds: row-1, seatsInRows=1, rowsTwice=0, heldTwice=0',
  ],
  [
    'sale-window',
    'A 9; rule opensAt=10 closesAt=20; b1 buy A [0,5] ok; b2 buy A [1,6] refused; b3 buy A [30,31] refused; b3 avail A [32,33] ok value=1; F: b1×1 A at=5',
    'violated 1: b1 purchase, triedBefore=2, triedAfter=1, sold=1, rows=1',
  ],
  [
    'sale-window',
    'A 9; rule opensAt=10; b1 buy A [10,15] ok; b2 buy A [11,16] ok; F: b1×1 A at=5, b2×1 A at=12',
    'violated 1: row-1, triedBefore=0, triedAfter=0, sold=0, rows=1',
  ],
  [
    'sale-window',
    'A 9; rule opensAt=10; b1 buy A [1,5] refused; b2 buy A [10,16] ok; b3 buy A [10,20] ok; F: b2×1 A, b3×1 A',
    'holds: triedBefore=1, triedAfter=0, sold=0, rows=0',
  ],
  [
    'phantom-order',
    'A 9; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok; F: b1×1 A, b77×1 A',
    'violated 1: row-2, rows=2, phantoms=1, strangers=0',
  ],
  [
    'phantom-order',
    'A 9; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok; F: b1×1 A, b2×1 A',
    'holds: row-1, row-2, rows=2, phantoms=0, strangers=0',
  ],
  ['saga-atomicity', `${paid}, u2 has 80`, 'holds: b1 purchase, row-1, compared=2, torn=0'],
  [
    'saga-atomicity',
    `${paid}, u2 has 100`,
    'violated 1: b2 purchase, row-2, compared=2, torn=1, taken=0',
  ],
];

describe('what a finding shows', () => {
  it.each(findings)('%s of %s', (id, notation, shown) => {
    expect(shownIn(decideAll(sale(notation), [id])[0]!)).toBe(shown);
  });
});

/** A row of a buyer with several intents may be what any of them lacks. */
const nameless =
  'A 9; buyer u1: b1, b2; b1 buy(1) A [0,5] ok; b2 buy(3) A [1,6] ok; b3 buy(1) A [2,9] refused';

describe('rows that name a buyer and no intent', () => {
  const missingIn = (id: string, notation: string) => {
    const [finding] = decideAll(sale(notation), [id]);
    return finding!.value === 'unknown' ? finding!.missing.join() : finding!.value;
  };

  it.each([
    ['lost-purchase', `${nameless}; F: b1×1 A, ?×2 A by=u1`],
    ['partial-purchase', `${nameless}; F: b1×1 A, b2×1 A, ?×2 A by=u1`],
  ])('leave it open whose they are: %s', (id, notation) => {
    expect(missingIn(id, notation)).toContain('name a buyer of the run but no intent');
  });

  it('do not matter where nothing is missing', () => {
    for (const id of ['lost-purchase', 'partial-purchase']) {
      expect(missingIn(id, `${nameless}; F: b1×1 A, b2×3 A, ?×2 A by=u1`)).toBe('holds');
    }
  });
});
