const two = 'A 9; clock 1; b1 buy(1) A [0,5] ok; b2 buy(2) A [1,6] ok';
/** One buyer of three intents, and another of one. */
const keyless =
  'A 9; clock 1; buyer u1: b1, b2, b3; buyer u2: b4; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok; b3 buy(1) A [2,9] ok; b4 buy(1) A [6,9] ok';
/** One row less than were bought. */
const lost =
  'A 9; clock 1; exclusive; buyer u1: b1; buyer u2: b2; b1 buy A [0,5] ok; b2 buy A [1,6] ok; F: ?×1 A by=u1';
const money = `${two}; price A 10; buyer u1 100: b1; buyer u2 100: b2; buyer u3 100: b3`;

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
    'of three of one buyer, rows without keys': `${keyless}; F: ?×1 A by=u1, ?×1 A by=u1, ?×1 A by=u2`,
    'rows that name nobody': `${keyless}; F: ?×1 A, ?×1 A, ?×1 A cancelled`,
    'rows without keys, none in time': `${keyless}; rule clockSkewMs=3; F: ?×1 A by=u1 at=2, ?×1 A by=u1 at=90, ?×1 A by=u1 at=7, ?×1 A by=u2 at=8`,
    'held and paid, rows without keys': `${keyless}; b5 hold A [0,5] ok; b5 pay A [6,9] ok; buyer u3: b5; F: ?×1 B by=u3, ?×1 A by=u2; B 3`,
  },
  'phantom-order': {
    'never planned': `${two}; F: b1×1 A, b2×2 A, b77×1 A`,
    'planned and never sent': `${two}; planned b9; F: b1×1 A, b2×2 A, b9×1 A`,
    'a stranger where nobody else buys': `${two}; unplanned; exclusive; F: b1×1 A, b2×2 A, x×1 A`,
    'cancelled again': `${two}; F: b1×1 A, b2×2 A, b77×1 A cancelled`,
    'one more than were asked for, rows without keys': `${keyless}; exclusive; F: ?×1 A by=u2, ?×1 A by=u2, ?×1 A by=u2`,
    'before anybody asked, rows that name nobody': `${keyless}; exclusive; rule clockSkewMs=3; F: ?×1 A at=-9, ?×1 A at=4, ?×1 A at=5`,
    'cancelled where nobody asked, rows that name nobody': `${keyless}; B 3; exclusive; F: ?×1 B cancelled, ?×1 A`,
  },
  'refused-but-sold': {
    refused: `${two}; b3 buy(1) A [2,9] refused; F: b1×1 A, b2×2 A, b3×1 A`,
    'refused and then failed, single tickets': `${two}; b3 buy(2) A [2,9] refused; b3 buy(2) A [12,19] fail; F: b1×1 A, b2×2 A, b3×1 A, b3×1 A`,
    'in another pool': `${two}; B 5; b3 buy(1) A [2,9] refused; F: b1×1 A, b2×2 A, b3×1 B`,
    'one who was only refused, rows without keys': `${keyless.replace('b4 buy(1) A [6,9] ok', 'b4 buy(1) A [6,9] refused')}; F: ?×1 A by=u1, ?×1 A by=u2`,
    'more than were bought, rows that name nobody': `${keyless}; b5 buy(1) A [6,8] refused; exclusive; F: ?×1 A, ?×1 A, ?×2 A, ?×1 A`,
  },
  'partial-purchase': {
    'one of two': `${two}; F: b1×1 A, b2×1 A`,
    'one, one cancelled, of three': `${two}; b3 buy(3) A [0,5] info; F: b1×1 A, b2×2 A, b3×1 A, b3×1 A cancelled`,
  },
  'duplicate-effect': {
    'twice the order': `${two}; F: b1×1 A, b2×2 A, b2×2 A`,
    'charged twice': `${two}; price A 10; F: b1×1 A, b2×2 A, b2 charged 20, b2 charged 20`,
    'charged twice from the account': `${two}; price A 10; buyer u1 50: b1; F: b1×1 A, b2×2 A, u1 has 30`,
    'two orders for one key': `${two}; rule idempotency=replay; b2 buy(2) A [7,9] ok order=o2; b2 buy(2) A [17,19] ok order=o3; F: b1×1 A, b2×2 A`,
    'sold and refused with one key': `${two}; rule idempotency=conflict; b2 buy(2) A [7,9] refused`,
    'a ticket too many, in another pool': `${two}; B 5; F: b1×1 A, b2×1 A, b2×1 A, b2×1 B`,
  },
  'stock-conservation': {
    'a lost update': `${two}; F: b1×1 A, b2×2 A, left A 7`,
    'a lost update, rows that name nobody': `${two}; exclusive; F: ?×1 A, ?×2 A, left A 7`,
    'leaked stock': `${two}; F: b1×1 A, b2×2 A, left A 5`,
    'fewer than acknowledged': `${two}; F: b1×1 A`,
    'more than were bought': `${two}; F: b1×1 A, b2×2 A, b2×2 A`,
  },
  'money-conservation': {
    'an account below zero, and nothing was planned': `A 9; clock 1; price A 10; unplanned; buyer u1 5: b1; b1 buy A [0,5] ok; F: b1×1 A, u1 has -5`,
    'refused and charged': `${money}; b3 buy(1) A [2,9] refused; F: b1×1 A, b2×2 A, u1 has 90, u2 has 80, u3 has 90`,
    'not charged': `${money}; F: b1×1 A, b2×2 A, u1 has 100, u2 has 80, u3 has 100`,
    'half charged, cut off': `${money}; b3 buy(1) A [2,9] info; F: b1×1 A, b2×2 A, u1 has 90, u2 has 80, u3 has 95`,
    'the price, though what was cut off told another': `${money}; b3 buy(1) A [2,9] info amount=7; F: b1×1 A, b2×2 A, u1 has 90, u2 has 80, u3 has 90`,
    'below zero': `${money}; F: b1×1 A, b2×2 A, u1 has 90, u2 has -1, u3 has 100; incomplete`,
    'a payment for a refusal': `${two}; price A 10; b3 buy(1) A [2,9] refused; F: b1×1 A, b2×2 A, b1 charged 10, b2 charged 20, b3 charged 10`,
    'payments by the order, not refunded': `${two}; price A 10; b2 cancel A [9,12] ok; F: b1×1 A #o1, b2×2 A cancelled #o2, #o1 charged 10, #o2 charged 20`,
    'books that disagree': `${money}; F: b1×1 A, b2×2 A, u1 has 90, u2 has 80, u3 has 100, b1 charged 10, b2 charged 21`,
    'never sent': `${money}; planned b3; F: b1×1 A, b2×2 A, u1 has 90, u2 has 80, u3 has 90, b1 charged 10, b2 charged 20, b3 charged 10`,
    'paid, and charged too much': `${two}; price A 10; buyer u4 100: b4, b5; b4 hold(2) A [0,5] ok; b4 pay A [6,9] ok; F: b1×1 A, b2×2 A, b4×2 A state=paid, u4 has 70`,
  },
  'saga-atomicity': {
    'refused and charged': `${money}; b3 buy(1) A [2,9] refused; F: b1×1 A, b2×2 A, u1 has 90, u2 has 80, u3 has 90`,
    'paid and not charged': `${money}; F: b1×1 A, b2×2 A state=paid, u1 has 90, u2 has 100, u3 has 100`,
    'acknowledged and not paid': `${money}; F: b1×1 A, b2×2 A cancelled state=none, u1 has 90, u2 has 100, u3 has 100`,
    'held and charged': `${two}; price A 10; b4 hold A [0,5] ok; b4 pay A [6,9] info; F: b1×1 A state=paid, b2×2 A state=paid, b4×1 A state=held, b1 charged 10, b2 charged 20, b4 charged 10`,
    'given back twice': `${money}; b2 cancel A [9,12] ok; F: b1×1 A, b2×2 A cancelled, u1 has 90, u2 has 120, u3 has 100`,
  },
  'false-sold-out': {
    'tickets were left': `A 3; clock 1; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok; b3 buy(1) A [2,9] refused; F: b1×1 A, b2×1 A`,
    'others who held in vain, before': `A 3; clock 1; b1 buy(1) A [0,5] ok; b4 buy(3) A [0,4] refused; b3 buy(1) A [8,9] refused; F: b1×1 A`,
    'one who may have bought': `A 4; clock 1; b1 buy(1) A [0,5] info; b5 buy(2) A [7,12] fail; b3 buy(1) A [8,9] refused; F: b1×1 A`,
  },
  'stale-availability': {
    'rows without keys': `${keyless}; exclusive; r avail A [40,45] ok value=9; F: ?×1 A by=u1, ?×1 A by=u1, ?×1 A by=u1, ?×1 A by=u2`,
    'a cancelled row of one who asked twice': `${two}; exclusive; b4 buy A [2,7] ok; b3 buy A [3,8] info; r avail A [30,32] ok value=9; b3 buy A [50,55] info; F: b1×1 A, b2×2 A, b4×1 A, b3×1 A cancelled`,
    'rows without keys, one of them lost': `${lost}; r avail A [40,45] ok value=9`,
    'rows without keys, one of them forgotten':
      'A 9; clock 1; exclusive; rule clockSkewMs=2; buyer u1: b1; buyer u2: b2; b1 hold A [0,5] ok expires=60; b2 hold A [1,6] ok expires=60; r avail A [40,45] ok value=9; b2 cancel A [70,75] ok; b1 pay A [70,75] info; F: ?×1 A by=u1, forgets',
    'an old number': `A 9; clock 1; exclusive; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok; r avail A [10,12] ok value=9`,
    'an old number after a newer one': `A 9; clock 1; exclusive; b1 buy(1) A [0,5] ok; r avail A [10,12] ok value=8; b2 buy(2) A [20,26] ok; r avail A [30,32] ok value=7; F: b1×1 A, b2×2 A`,
    'a number that nobody bought down to': `A 9; clock 1; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] info; r avail A [10,12] ok value=6; F: b1×1 A, b2×1 A`,
    'tickets that did not come back': `A 9; clock 1; exclusive; b1 buy(1) A [0,5] ok; b1 cancel A [10,12] ok; r avail A [20,22] ok value=8`,
    'tickets left after a refusal': `A 2; clock 1; exclusive; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] info; b3 buy(1) A [2,9] refused; r avail A [20,22] ok value=1`,
    'a hold in time': `A 9; clock 1; exclusive; rule clockSkewMs=2; b1 hold A [0,5] ok expires=40; r avail A [20,22] ok value=9`,
  },
  'non-monotonic-availability': {
    'a number that rises': `A 9; clock 1; exclusive; r avail A [10,12] ok value=6; b1 buy(1) A [0,5] ok; r avail A [20,22] ok value=7`,
    'more than came back': `A 9; clock 1; b1 buy(1) A [0,5] ok; r avail A [10,12] ok value=6; b1 cancel A [15,16] ok; r avail A [20,22] ok value=8; F: b1×1 A cancelled`,
  },
  'read-your-writes': {
    'a number without it': `A 9; clock 1; exclusive; b1 buy(1) A [0,5] ok; b1 avail A [10,12] ok value=9`,
    'a number without it, rows without keys': `${lost}; b1 avail A [40,45] ok value=9`,
    'a number without it, after another': `A 9; clock 1; exclusive; q avail A [0,2] ok value=8; b1 buy(2) A [5,7] ok session=2; r avail A [10,12] ok value=7 session=2`,
    'a state without it': `A 9; clock 1; b1 buy(1) A [0,5] ok; b1 status A [10,12] ok state=none`,
    'a state without its payment': `A 9; clock 1; b1 hold A [0,5] ok expires=90; b1 pay A [10,12] ok; b1 status A [15,17] ok state=held`,
    'a state without its cancellation': `A 9; clock 1; b1 buy(1) A [0,5] ok; b1 cancel A [10,12] ok; b1 status A [15,17] ok state=paid; F: b1×1 A cancelled`,
  },
  'double-allocation': {
    'two rows':
      'A 9; clock 1; b1 buy A [0,5] ok seat=s1; b2 buy A [1,6] ok seat=s1; F: b1×1 A seat=s1, b2×1 A seat=s1',
    'a row of a stranger':
      'A 9; clock 1; b1 buy A [0,5] ok seat=s1; F: b1×1 A seat=s1, ?×1 A seat=s1',
    'in replies':
      'A 9; clock 1; b1 hold A [0,5] ok seat=s1 expires=90; b1 pay A [20,25] ok; b2 hold A [7,9] ok seat=s1 expires=40; F: b1×1 A seat=s1',
  },
  'buyer-limit': {
    'in rows':
      'A 9; clock 1; rule buyerLimit=2; buyer u1: b1, b2; b1 buy(2) A [0,5] ok; b2 buy(1) A [1,6] ok; F: b1×2 A, b2×1 A',
    'at one moment, in two pools':
      'A 9; B 9; clock 1; rule buyerLimit=1; buyer u1: b1, b2; b1 hold A [0,5] ok expires=60; b2 buy B [9,12] ok; F: b2×1 B',
  },
  'leaked-hold': {
    'in a row':
      'A 9; clock 1; rule expiryGraceMs=5; b1 hold A [0,5] ok expires=30; F: b1×1 A state=held expires=30, read 90',
    'in a refusal':
      'A 1; clock 1; rule expiryGraceMs=5; b1 hold A [0,5] ok expires=30; b2 hold A [70,75] refused; F: b1×1 A cancelled state=expired, read 90',
    'in a read':
      'A 2; clock 1; rule expiryGraceMs=5; b1 hold A [0,5] ok expires=30; b2 avail A [70,75] ok value=1; F: b1×1 A cancelled state=expired, read 90',
  },
  'paid-after-expiry': {
    'against the policy':
      'A 9; clock 1; rule latePayment=reject; b1 hold A [0,5] ok expires=30; b1 pay A [40,45] ok; F: b1×1 A state=paid',
    'without a reply':
      'A 9; clock 1; rule latePayment=reject; b1 hold A [0,5] ok expires=30; b1 pay A [40,45] info; F: b1×1 A state=paid',
    'when the news of the expiry must have come':
      'A 9; clock 1; rule latePayment=reject-after-grace expiryGraceMs=8; b1 hold A [0,5] ok expires=30; b1 pay A [40,45] ok; F: b1×1 A state=paid',
    'when others had it':
      'A 1; clock 1; rule latePayment=accept-if-capacity; b1 hold A [0,5] ok expires=30; b2 buy A [32,34] ok; b1 pay A [40,45] ok; F: b1×1 A cancelled, b2×1 A',
  },
  'illegal-transition': {
    'two reads':
      'A 9; clock 1; b1 hold A [0,5] ok expires=30; b1 status A [10,12] ok state=cancelled; b1 status A [20,22] ok state=paid; F: b1×1 A',
    'a row after a cancellation':
      'A 9; clock 1; b1 buy A [0,5] ok; b1 cancel A [10,12] ok; F: b1×1 A state=paid',
    'of orders with names':
      'A 9; clock 1; b1 hold A [0,5] ok order=o1; b1 hold A [6,8] ok order=o2; b1 status A [10,12] ok state=paid order=o2; b1 status A [20,22] ok state=held order=o2; F: b1×1 A',
  },
  'sale-window': {
    'too early': 'A 9; clock 1; rule opensAt=50; b1 buy A [0,5] ok; F: b1×1 A',
    'too late': 'A 9; clock 1; rule closesAt=50; b1 hold A [60,65] ok; b1 hold A [70,75] ok; F:',
    'a row': 'A 9; clock 1; rule closesAt=50; b1 buy A [0,65] ok; F: b1×1 A at=60',
  },
};
