const two = 'A 9; clock 1; b1 buy(1) A [0,5] ok; b2 buy(2) A [1,6] ok';

/** Sales in the notation of test/invariants, each of which violates the invariant it stands under. */
export const violated: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'oversell-final': {
    'in rows':
      'A 1; clock 1; b1 buy(1) A [0,5] ok; b2 buy(2) A [1,6] ok; F: b1×1 A, b2×2 A, left A -2',
    'in replies, without a final state':
      'A 1; clock 1; b1 buy(1) A [0,5] ok; b1 buy(1) A [6,7] ok; b2 buy(1) A [1,6] ok',
    'beside a cancelled order':
      'A 1; clock 1; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok; F: b1×1 A cancelled, b2×1 A, b3×1 A',
    'in a pool without tickets': 'A 0; clock 1; b1 buy(1) A [0,5] ok; F: b1×1 A',
  },
  'oversell-instant': {
    'one after the other':
      'A 1; clock 1; b1 buy(1) A [0,5] ok; b2 buy(1) A [10,16] ok; F: b1×1 A, b2×1 A',
    'in replies': 'A 1; clock 1; b1 buy(1) A [0,5] ok; b2 buy(1) A [10,16] ok; F: unsettled',
  },
  'lost-purchase': {
    'no row': `${two}; F: b1×1 A`,
    'a row elsewhere': `${two}; B 5; F: b1×1 A, b2×2 B`,
    'after a retry': `${two}; b2 buy(2) A [7,9] info; F: b1×1 A`,
  },
  'phantom-order': {
    'never planned': `${two}; F: b1×1 A, b2×2 A, b77×1 A`,
    'planned and never sent': `${two}; planned b9; F: b1×1 A, b2×2 A, b9×1 A`,
    'cancelled again': `${two}; F: b1×1 A, b2×2 A, b77×1 A cancelled`,
  },
  'refused-but-sold': {
    refused: `${two}; b3 buy(1) A [2,9] refused; F: b1×1 A, b2×2 A, b3×1 A`,
    'refused and then failed, single tickets': `${two}; b3 buy(2) A [2,9] refused; b3 buy(2) A [12,19] fail; F: b1×1 A, b2×2 A, b3×1 A, b3×1 A`,
    'in another pool': `${two}; B 5; b3 buy(1) A [2,9] refused; F: b1×1 A, b2×2 A, b3×1 B`,
  },
  'partial-purchase': {
    'one of two': `${two}; F: b1×1 A, b2×1 A`,
    'one, one cancelled, of three': `${two}; b3 buy(3) A [0,5] info; F: b1×1 A, b2×2 A, b3×1 A, b3×1 A cancelled`,
  },
  'duplicate-effect': {
    'twice the order': `${two}; F: b1×1 A, b2×2 A, b2×2 A`,
    'a ticket too many, in another pool': `${two}; B 5; F: b1×1 A, b2×1 A, b2×1 A, b2×1 B`,
  },
  'stock-conservation': {
    'a lost update': `${two}; F: b1×1 A, b2×2 A, left A 7`,
    'leaked stock': `${two}; F: b1×1 A, b2×2 A, left A 5`,
    'fewer than acknowledged': `${two}; F: b1×1 A`,
    'more than were bought': `${two}; F: b1×1 A, b2×2 A, b2×2 A`,
  },
  'false-sold-out': {
    'tickets were left': `A 3; clock 1; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok; b3 buy(1) A [2,9] refused; F: b1×1 A, b2×1 A`,
    'others who held in vain, before': `A 3; clock 1; b1 buy(1) A [0,5] ok; b4 buy(3) A [0,4] refused; b3 buy(1) A [8,9] refused; F: b1×1 A`,
    'one who may have bought': `A 4; clock 1; b1 buy(1) A [0,5] info; b5 buy(2) A [7,12] fail; b3 buy(1) A [8,9] refused; F: b1×1 A`,
  },
};
