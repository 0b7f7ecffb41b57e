import { describe, expect, it } from 'vitest';
import { PAY, PURCHASE } from '../../lib/history/history.ts';
import { ledgerOf } from '../../lib/invariants/ledger.ts';
import { saleOf } from '../../lib/invariants/sale.ts';
import { amountOf, attemptsOf, recognisesKeys, spendingOf } from '../../lib/invariants/spending.ts';
import type { Sums } from '../../lib/invariants/sums.ts';
import { sale } from './notation.ts';

/** C tells no price. */
const pools = 'A 9; price A 10; B 9; price B 0; C 9';
const HOLD = 'b1 hold(2) A [0,5] ok';

/** Amounts by themselves. */
const any = (...amounts: readonly number[]): Sums => amounts.map((amount) => [amount, amount]);
const upTo = (most: number): Sums => [[0, most]];

/** What the first intent, b1, can have cost. */
const cases: Readonly<Record<string, Readonly<Record<string, Sums | null>>>> = {
  'a purchase': {
    'b1 buy(2) A [0,5] ok': any(20),
    'b1 buy(2) A [0,5] info': any(0, 20),
    'b1 buy(2) A [0,5] refused': any(0),
    'b1 buy(2) A [0,5] fail amount=7': any(0),
    'b1 buy B [0,5] ok': any(0),
    'b1 buy C [0,5] ok': null,
    'b1 buy Z [0,5] info': null,
    'b1 buy C [0,5] refused': any(0),
    'b1 buy C [0,5] ok amount=7': any(7),
    'b1 buy A [0,5] ok amount=0': any(0),
    'b1 hold A [0,5] ok': any(0),
    'b1 status A [0,5] ok amount=7': any(0),
  },
  'several purchases': {
    'b1 buy A [0,5] ok; b1 buy A [6,9] ok': any(10, 20),
    'b1 buy A [0,5] info; b1 buy A [6,9] ok': any(10, 20),
    'b1 buy A [0,5] info; b1 buy A [6,9] info; b1 buy A [10,19] info': any(0, 10, 20, 30),
    'b1 buy A [0,5] refused; b1 buy A [6,9] ok; b1 buy A [10,19] fail': any(10),
    'b1 buy A [0,5] ok; b1 buy A [6,9] ok; rule idempotency=replay': any(10),
    'b1 buy A [0,5] info; b1 buy A [6,9] info; rule idempotency=conflict': any(0, 10),
    'b1 buy A [0,5] info; b1 buy A [6,9] info; rule idempotency=none': any(0, 10, 20),
    'b1 buy(1) A [0,5] refused; b1 buy(2) A [6,9] ok': null,
    'b1 buy(1) A [0,5] ok amount=7; b1 buy(2) A [6,9] ok amount=7': null,
    'b1 buy A [0,5] refused; b1 buy B [6,9] ok': null,
    // Neither was promised anything, so there is nothing to be told.
    'b1 hold(1) A [0,5] ok; b1 hold(2) A [6,9] ok; b1 buy(3) A [10,11] refused': any(0),
  },
  'amounts that were told': {
    'b1 buy A [0,5] ok amount=7; b1 buy A [6,9] info': any(7, 14),
    'b1 buy A [0,5] info; b1 buy A [6,9] ok amount=7': any(7, 14),
    'b1 buy A [0,5] ok amount=7; b1 buy A [6,9] ok amount=7': any(7, 14),
    'b1 buy A [0,5] ok amount=7; b1 buy A [6,9] ok amount=8': null,
    'b1 buy A [0,5] ok amount=7; b1 buy A [6,9] ok': null,
    'b1 buy A [0,5] ok; b1 buy A [6,9] ok amount=10': null,
    'b1 buy A [0,5] ok amount=7; b1 buy A [6,9] refused amount=8': any(7),
    'b1 buy A [0,5] info amount=7': any(0, 7),
    'b1 buy A [0,5] info amount=7; b1 buy A [6,9] info': any(0, 7, 14),
    'b1 buy A [0,5] info amount=7; b1 buy A [6,9] ok amount=7': any(7, 14),
    'b1 buy A [0,5] info amount=8; b1 buy A [6,9] ok amount=7': null,
    'b1 buy A [0,5] info amount=7; b1 buy A [6,9] ok': null,
    'b1 buy A [0,5] ok; b1 buy A [6,9] info amount=7': null,
  },
  'a payment': {
    [`${HOLD}; b1 pay(2) A [6,9] ok`]: any(20),
    [`${HOLD}; b1 pay(2) A [6,9] info`]: any(0, 20),
    [`${HOLD}; b1 pay(2) A [6,9] refused`]: any(0),
    [`${HOLD}; b1 pay(2) A [6,9] info; b1 pay(2) A [10,19] ok`]: any(20, 40),
    [`${HOLD}; b1 pay(2) A [6,9] info; b1 pay(2) A [10,19] ok; rule idempotency=replay`]: any(20),
    [`${HOLD}; b1 pay(2) A [6,9] info amount=15`]: any(0, 15),
    [`${HOLD}; b1 pay(2) B [6,9] ok`]: null,
    // It is for all tickets, whatever its quantity.
    [`${HOLD}; b1 pay(1) A [6,9] ok`]: any(20),
    [`${HOLD}; b1 pay(2) A [6,9] ok; b1 pay(1) A [10,19] ok`]: any(20, 40),
    [`${HOLD}; b1 pay(1) A [6,9] ok amount=15`]: any(15),
    'b1 hold C [0,5] ok; b1 pay C [6,9] ok': null,
    'b1 hold C [0,5] ok; b1 pay C [6,9] ok; b1 cancel C [10,11] ok': null,
    'b1 buy C [0,5] ok amount=7; b1 pay C [6,9] ok': null,
    // Nobody asked for tickets, so nobody knows how many they are.
    'b1 pay(2) A [6,9] ok': null,
    'b1 pay A [6,9] ok amount=7': any(7),
    'b1 pay B [6,9] info': null,
  },
  'a purchase where orders are paid in steps': {
    'b1 buy A [0,5] ok; b1 pay A [6,9] ok': any(10),
    'b1 buy A [0,5] ok; b1 pay A [6,9] info': any(0, 10),
    'b1 buy A [0,5] info; b1 pay A [6,9] ok': any(10),
    'b1 buy A [0,5] ok; b1 pay A [6,9] refused': any(0, 10),
    'b1 buy A [0,5] info; b1 pay A [6,9] refused': any(0, 10),
    'b1 buy A [0,5] ok; b1 buy A [6,7] ok; b1 pay A [8,9] refused': any(0, 10, 20),
    'b1 buy A [0,5] ok; rule holdMs=50': any(0, 10),
    'b1 buy A [0,5] ok; b2 hold A [0,5] refused': any(0, 10),
    'b1 buy A [0,5] ok; b2 pay A [0,5] fail': any(0, 10),
    'b1 buy A [0,5] ok; b2 cancel A [0,5] ok; b3 status A [0,5] ok': any(10),
    'b1 buy A [0,5] ok; F: b1×1 A state=held': any(0, 10),
    'b1 buy(2) A [0,5] ok; F: b1×1 A state=paid, b1×1 A state=held': any(0, 20),
    'b1 buy A [0,5] ok; b2 buy A [0,5] ok; F: b1×1 A, b2×1 A state=held': any(0, 10),
    'b1 buy A [0,5] ok; b2 buy A [0,5] ok; F: b1×1 A state=paid, b2×1 A state=held; rule atomic':
      any(10),
    'b1 buy A [0,5] ok; F: b1×1 A state=held; rule atomic': any(0, 10),
    'b1 buy A [0,5] ok; b1 pay A [6,9] ok amount=3': any(3),
    // A deposit and a rest, as both said.
    'b1 buy A [0,5] ok amount=7; b1 pay A [6,9] ok amount=3': any(10),
    'b1 buy A [0,5] ok amount=7; b1 pay A [6,9] info amount=3': any(7, 10),
    'b1 buy A [0,5] info amount=7; b1 pay A [6,9] ok amount=3': any(3, 10),
    'b1 buy A [0,5] ok; b1 buy A [0,6] refused amount=7; b1 pay A [6,9] ok amount=3': any(3),
    'b1 buy C [0,5] ok; b1 pay C [6,9] ok amount=3': null,
  },
  'a cancellation': {
    'b1 buy A [0,5] ok; b1 cancel A [6,9] ok': any(0),
    'b1 buy A [0,5] ok; b1 cancel A [6,9] ok amount=7': any(3),
    'b1 buy A [0,5] ok; b1 cancel A [6,9] ok amount=0': any(10),
    'b1 buy A [0,5] ok; b1 cancel A [5,9] ok': upTo(10),
    'clock 1; b1 buy A [0,5] ok; b1 cancel A [7,9] ok': upTo(10),
    'clock 1; b1 buy A [0,5] ok; b1 cancel A [7.5,9] ok': any(0),
    'b1 buy A [0,5] ok; b1 cancel A [6,9] info': upTo(10),
    'b1 buy A [0,5] ok; b1 cancel A [6,9] refused': any(10),
    'b1 buy A [0,5] ok; b1 cancel A [6,9] fail amount=7': any(10),
    'b1 buy A [0,5] info; b1 cancel A [6,9] ok': upTo(10),
    'b1 buy A [0,5] refused; b1 cancel A [6,9] ok amount=7': any(0),
    [`${HOLD}; b1 cancel(2) A [6,9] ok amount=7`]: any(0),
    [`${HOLD}; b1 pay(2) A [6,9] ok; b1 cancel(2) A [10,11] ok`]: any(0),
    [`${HOLD}; b1 pay(2) A [6,9] ok; b1 cancel(2) A [8,11] ok`]: upTo(20),
    'b1 buy(2) A [0,5] ok; b1 cancel(2) A [6,9] ok amount=7': any(13),
    'b1 buy(2) A [0,5] ok; b1 cancel A [6,9] ok': any(0),
    'b1 pay A [0,5] ok amount=9; b1 cancel A [6,9] ok': any(0),
    'b1 buy A [0,5] ok; b1 cancel A [6,9] ok; b1 cancel A [10,11] ok': any(0),
    'b1 buy A [0,5] ok; b1 cancel A [6,9] ok; b1 cancel A [10,11] info': upTo(10),
    'b1 buy A [0,5] ok; b1 cancel A [4,9] ok; b1 cancel A [10,11] ok': upTo(10),
    'b1 buy A [0,5] ok; b1 cancel A [6,9] ok; b1 cancel A [10,11] refused amount=3': any(0),
    'b1 buy A [0,5] ok; b1 cancel A [6,9] ok amount=7; b1 cancel A [10,11] ok amount=7': any(3),
    'b1 buy A [0,5] ok; b1 cancel A [6,9] ok amount=7; b1 cancel A [10,11] ok amount=8': upTo(10),
    'b1 buy A [0,5] ok; b1 cancel A [6,9] ok amount=7; b1 cancel A [10,11] ok': upTo(10),
    'b1 buy A [0,5] ok; b1 cancel A [6,9] ok amount=10; b1 cancel A [10,11] ok': any(0),
    // Bought again after it was given back.
    'b1 buy A [0,5] ok; b1 cancel A [6,9] ok; b1 buy A [10,11] ok; rule idempotency=replay':
      upTo(10),
    'b1 buy A [0,5] ok; b1 cancel A [6,9] ok; b1 buy A [10,11] refused; b1 view A [0,99] ok':
      any(0),
  },
  'what only a row tells of a cancellation': {
    'b1 buy A [0,5] ok; F: b1×1 A cancelled': upTo(10),
    'b1 buy A [0,5] info; F: b1×1 A cancelled': upTo(10),
    'b1 buy A [0,5] ok; b1 cancel A [6,9] refused; F: b1×1 A cancelled': upTo(10),
    'b1 buy A [0,5] ok; b1 cancel A [6,9] ok; F: b1×1 A cancelled': any(0),
    'b1 buy A [0,5] ok; b2 buy A [0,5] ok; F: b1×1 A, b2×1 A cancelled': any(10),
    'b1 buy A [0,5] ok; F: forgets': upTo(10),
    'b1 buy A [0,5] ok; F: b1×1 A, forgets': any(10),
    'b1 buy A [0,5] ok; F: ': any(10),
  },
};

describe('what an intent can have cost', () => {
  for (const [of, sums] of Object.entries(cases)) {
    it.each(Object.entries(sums))(`${of}: %s`, (notation, expected) => {
      const evidence = sale(`${pools}; ${notation}`);
      const books = { sale: saleOf(evidence), ledger: ledgerOf(evidence) };
      expect(spendingOf(evidence, books, 0)).toEqual(expected);
    });
  }

  it('is that of its own operations', () => {
    const evidence = sale(
      `${pools}; b1 buy A [0,5] ok; b2 buy(2) A [1,6] ok; b1 buy A [2,7] info; b3 buy(3) A [3,8] info`,
    );
    const books = { sale: saleOf(evidence), ledger: ledgerOf(evidence) };
    expect([0, 1, 2].map((intent) => spendingOf(evidence, books, intent))).toEqual([
      any(10, 20),
      any(20),
      any(0, 30),
    ]);
  });
});

describe('the attempts of an intent', () => {
  const none = { count: 0, acknowledged: 0, isTold: false, each: null };
  it.each([
    ['b1 hold A [0,5] ok', none, none],
    [
      'b1 buy A [0,5] info; b1 buy A [6,9] ok; b1 buy A [10,19] refused; b1 pay A [20,29] info amount=4',
      { count: 2, acknowledged: 1, isTold: false, each: 10 },
      { count: 1, acknowledged: 0, isTold: true, each: 4 },
    ],
    [
      'b1 buy A [0,5] ok amount=7; b1 buy A [6,9] ok amount=8; b1 pay A [20,29] fail amount=4',
      { count: 2, acknowledged: 2, isTold: true, each: null },
      none,
    ],
  ])('are counted by kind: %s', (notation, purchases, pays) => {
    const evidence = sale(`${pools}; ${notation}`);
    const of = (kind: number) => attemptsOf(evidence, saleOf(evidence), { intent: 0, kind });
    expect(of(PURCHASE)).toEqual(purchases);
    expect(of(PAY)).toEqual(pays);
  });
});

it('has the amount of an operation that tells one', () => {
  const told = sale('A 9; b1 buy A [0,5] ok amount=0; b2 buy A [1,6] ok');
  expect([0, 1].map((i) => amountOf(told, i))).toEqual([0, null]);
  expect(amountOf(sale('A 9; b1 buy A [0,5] ok'), 0)).toBeNull();
});

it('knows which promises make one of several attempts with one key', () => {
  expect(['replay', 'replay-final', 'conflict', 'none', undefined].map(recognisesKeys)).toEqual([
    ...[true, true, true],
    ...[false, false],
  ]);
});
