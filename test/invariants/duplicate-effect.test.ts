import { duplicateEffect } from '../../lib/invariants/duplicate-effect.ts';
import { describeGaps, describeInvariant, describeShown } from './cases.ts';

const base = 'A 9; b1 buy(2) A [0,5] ok; b2 buy(1) A [1,6] ok';

const priced = `${base}; price A 10`;
const rows = 'F: b1×2 A, b2×1 A';
const keyed = (retry: string, profile = 'replay') =>
  `${base.replace('b2 buy(1) A [1,6] ok', 'b2 buy(1) A [1,6] ok order=o1')}; rule idempotency=${profile}; b2 buy(1) A ${retry}; ${rows}`;

describeInvariant(duplicateEffect, {
  holds: {
    'units as rows': `${base}; F: b1×1 A, b1×1 A, b2×1 A`,
    'retries with one effect': `${base}; b1 buy(2) A [6,8] ok; b1 buy(2) A [9,10] ok; F: b1×2 A, b2×1 A`,
    'too few is partial, not duplicate': `${base}; F: b1×1 A, b2×1 A`,
    'the first try was cancelled': `${base}; F: b1×2 A cancelled, b1×2 A, b2×1 A`,
    'charged once each': `${priced}; ${rows}, b1 charged 20, b2 charged 10`,
    'charged twice and paid back': `${priced}; ${rows}, b1 charged 20, b2 charged 10, b2 charged 10, b2 refunded 10`,
    'charged a fee on top': `${priced}; ${rows}, b1 charged 23, b2 charged 12`,
    'given back for nothing, and bought anew': `${priced}; b2 cancel A [7,8] ok amount=0; b2 buy(1) A [9,12] ok; F: b1×2 A, b2×1 A cancelled, b2×1 A, b2 charged 10, b2 charged 10`,
    'charged for what costs nothing': `${base}; price A 0; ${rows}, b1 charged 20`,
    'a deposit and the rest, told by both': `${base.replace('[1,6] ok', '[1,6] ok amount=5')}; b2 pay A [10,11] ok amount=5; ${rows}, b2 charged 10`,
    'charged twice for what has no price': `${base}; ${rows}, b1 charged 20, b1 charged 20`,
    'two intents of one account': `${priced}; buyer u1 100: b1, b2; ${rows}, u1 has 40`,
    'one reply for one key': keyed('[7,9] ok order=o1'),
    'one reply, another without an order': keyed('[7,9] ok'),
    'turned away while in flight': keyed('[2,3] refused busy status=409'),
    'turned away for another body, too many requests, a fault': `${keyed('[7,9] refused x status=422', 'conflict')}; b2 buy(1) A [10,11] refused x status=429; b2 buy(1) A [12,13] info`,
    'not understood': keyed('[7,9] fail status=400'),
    'refused again and again': `${base}; rule idempotency=replay; b3 buy(1) A [7,9] refused; b3 buy(1) A [10,11] refused; ${rows}`,
    'sold again and again, by replies that name no order': `${base}; rule idempotency=replay; b2 buy(1) A [7,9] ok; ${rows}`,
    'refused by a gateway, with the status of a fault': keyed('[7,9] refused busy status=500'),
    'a refusal beside a reply that never came': `A 9; rule idempotency=replay; b1 buy(2) A [0,5] ok; b2 buy(1) A [1,6] info timeout status=0; b2 buy(1) A [7,9] refused; F: b1×2 A`,
    'a refusal beside a request that was not understood': `A 9; rule idempotency=replay; b1 buy(2) A [0,5] ok; b2 buy(1) A [1,6] fail status=400; b2 buy(1) A [2,9] refused; F: b1×2 A`,
    'what is no purchase names another order, or is refused': `${keyed('[7,9] ok order=o1')}; b2 status A [10,11] ok order=o2; b2 pay A [12,13] refused; b2 cancel A [14,15] refused`,
    'different replies where keys mean nothing': keyed('[7,9] ok order=o2', 'none'),
    'an order and a refusal where keys mean nothing': keyed('[7,9] refused', 'none'),
  },
  violated: {
    'a whole purchase twice': `${base}; F: b1×2 A, b1×2 A, b2×1 A`,
    'one ticket too many': `${base}; F: b1×2 A, b1×1 A, b2×1 A`,
    'booked again by a retry': `${base}; b2 buy(1) A [7,9] info; F: b1×2 A, b2×1 A, b2×1 A`,
    'once in each of two pools': `${base}; B 9; F: b1×2 A, b1×2 B, b2×1 A`,
    'refused and yet twice': `${base.replace('ok', 'refused')}; F: b1×2 A, b1×2 A, b2×1 A`,
    'in a history that is not complete': `${base}; F: b1×2 A, b1×2 A; incomplete`,
    'charged twice': `${priced}; ${rows}, b1 charged 20, b2 charged 10, b2 charged 10`,
    'charged twice from the account': `${priced}; buyer u2 100: b2; ${rows}, u2 has 80`,
    'charged thrice for what it told': `${base.replace('[1,6] ok', '[1,6] ok amount=4')}; ${rows}, b2 charged 12`,
    'charged twice where tries were many': `${priced}; b2 buy(1) A [7,9] ok; ${rows}, b2 charged 20`,
    'charged twice, and a payment had been refused': `${priced}; b2 pay A [7,9] refused amount=50; ${rows}, b2 charged 20`,
    'charged twice for a hold that told the price': `A 9; b1 hold(2) A [0,5] ok amount=10; b1 pay A [6,8] ok amount=10; b2 buy(1) A [1,6] ok; ${rows}, b1 charged 20`,
    'given back for nothing, and charged once more for a key that is recognised': `${priced}; rule idempotency=replay; b2 cancel A [7,8] ok amount=0; b2 buy(1) A [9,12] ok; F: b1×2 A, b2×1 A, b2 charged 10, b2 charged 10`,
    'given back, and charged once more': `${priced}; b2 cancel A [7,8] ok; b2 buy(1) A [9,12] ok; F: b1×2 A, b2×1 A cancelled, b2×1 A, b2 charged 10, b2 charged 10`,
    'paid twice': `${priced}; b2 pay A [7,9] ok amount=8; ${rows}, b2 charged 16`,
    'another order for the same key': keyed('[7,9] ok order=o2'),
    'another order, saved but for faults': keyed('[7,9] ok order=o2', 'replay-final'),
    'another order at the same time': keyed('[1,6] ok order=o2', 'conflict'),
    'another order, after a reply that names none': keyed(
      '[2,3] ok; b2 buy(1) A [7,9] ok order=o2',
    ),
    'refused after it was sold': keyed('[7,9] refused'),
    'sold after it was refused': keyed('[-5,-3] refused'),
    'another reply, whatever is read back': keyed('[7,9] ok order=o2').replace(
      rows,
      'F: unsettled',
    ),
  },
  unknown: {
    'nobody has an order': `${base}; F:`,
    'charged twice in a copy that lags': `${priced}; ${rows.replace('b2×1 A', '')} b1 charged 40, lags`,
    'charged twice in an unsettled state': `${priced}; ${rows}, b1 charged 40, unsettled`,
    'different replies to different wishes': `${base}; rule idempotency=replay; b2 buy(2) A [7,9] refused; ${rows}`,
    'twice in an unsettled state': `${base}; F: b1×2 A, b1×2 A, unsettled`,
    'wishes of different size under one key': `${base}; b1 buy(1) A [0,5] ok; F: b1×3 A, b2×1 A`,
  },
});

const mixed = 'b3 buy(1) A [7,9] ok; b3 buy(2) A [10,11] ok';
const paid = 'b4 pay A [7,9] ok';

describeShown(duplicateEffect, {
  [`${base}; F: b1×2 A`]: 'holds: b1 purchase, row-1, bought=1, duplicated=0',
  'B 9; A 9; b3 buy(1) A [0,6] refused; b1 buy(2) A [0,5] ok; b2 buy(1) A [1,6] ok; F: b2×1 B #x, b1×2 A #y':
    'holds: b1 purchase, y, bought=2, duplicated=0',
  [`${base}; ${mixed}; ${paid}; F: b1×2 A, b2×1 A, b3×1 A, b4×1 A`]:
    'unknown: b1 purchase, row-1, bought=2, duplicated=0',
  [`${base}; b2 buy(1) A [7,9] ok; B 9; F: b1×2 A, b2×1 A, b2×2 B, b3×9 A`]:
    'violated 1: b2 purchase, b2 purchase, row-2, row-3, pool A, bought=2, duplicated=1, asked=1, got=3',
  [`${priced}; b2 buy(1) A [7,9] ok; F: b1×1 A, b1×3 A, b2×1 A, b2 charged 20`]:
    'violated 2: b1 purchase, row-1, row-2, pool A, bought=2, duplicated=2, asked=2, got=4',
  [`${priced}; F: b1×2 A, b2×2 A, b1 charged 45, b1 refunded 3`]:
    'violated 2: b1 purchase, row-1, pool A, bought=2, duplicated=2, asked=2, got=2, taken=42',
  'A 9; rule idempotency=replay; b1 buy(1) Z [0,5] ok order=o1; b1 buy(1) Z [1,5] ok order=o2; F: b1×1 Z':
    'violated 1: b1 purchase, b1 purchase, row-1, bought=0, duplicated=1, asked=1, got=1',
});

describeGaps(duplicateEffect, {
  [`${base}; F: b1×2 A, b2×1 A`]: [],
  [`${base}; ${mixed}; F: b1×9 A, unsettled; incomplete`]: [
    'history is not complete',
    'No two readings agreed',
    'ask for different things',
  ],
});
