import { duplicateEffect } from '../../lib/invariants/duplicate-effect.ts';
import { describeInvariant } from './cases.ts';

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
    'charged twice for what has no price': `${base}; ${rows}, b1 charged 20, b1 charged 20`,
    'two intents of one account': `${priced}; buyer u1 100: b1, b2; ${rows}, u1 has 40`,
    'one reply for one key': keyed('[7,9] ok order=o1'),
    'one reply, another without an order': keyed('[7,9] ok'),
    'turned away while in flight': keyed('[2,3] refused busy status=409'),
    'turned away for another body, too many requests, a fault': `${keyed('[7,9] refused x status=422', 'conflict')}; b2 buy(1) A [10,11] refused x status=429; b2 buy(1) A [12,13] info`,
    'not understood': keyed('[7,9] fail status=400'),
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
    'paid twice': `${priced}; b2 pay A [7,9] ok amount=8; ${rows}, b2 charged 16`,
    'another order for the same key': keyed('[7,9] ok order=o2'),
    'another order, saved but for faults': keyed('[7,9] ok order=o2', 'replay-final'),
    'another order at the same time': keyed('[1,6] ok order=o2', 'conflict'),
    'refused after it was sold': keyed('[7,9] refused'),
    'sold after it was refused': keyed('[-5,-3] refused'),
    'another reply, whatever is read back': keyed('[7,9] ok order=o2').replace(
      rows,
      'F: unsettled',
    ),
  },
  unknown: {
    'charged twice in a copy that lags': `${priced}; ${rows.replace('b2×1 A', '')} b1 charged 40, lags`,
    'charged twice in an unsettled state': `${priced}; ${rows}, b1 charged 40, unsettled`,
    'different replies to different wishes': `${base}; rule idempotency=replay; b2 buy(2) A [7,9] refused; ${rows}`,
    'twice in an unsettled state': `${base}; F: b1×2 A, b1×2 A, unsettled`,
    'wishes of different size under one key': `${base}; b1 buy(1) A [0,5] ok; F: b1×3 A, b2×1 A`,
  },
});
