import { describe, expect, it } from 'vitest';
import { membersOf } from '../../lib/history/grouping.ts';
import { CANCEL, HOLD, PAY, PURCHASE } from '../../lib/history/history.ts';
import {
  hasMoney,
  isPaid,
  keepsMoney,
  ledgerOf,
  mayCharge,
  takenFor,
} from '../../lib/invariants/ledger.ts';
import { saleOf } from '../../lib/invariants/sale.ts';
import { keyOf, sale } from './notation.ts';

/** Four intents of three buyers, of which b4 was never sent. */
const base =
  'A 9; price A 10; buyer u1 100: b1, b3; buyer u2 50: b2; buyer u3: b4; b1 buy A [0,5] ok; b2 buy A [1,6] ok; b3 buy A [2,7] refused; planned b4';
const of = (notation: string) => ledgerOf(sale(notation));
const UNSENT = -1;
const UNPLANNED = -2;
const STRANGER = -3;

describe('the accounts of buyers', () => {
  it('are those of the fixture and of the final state, each buyer once', () => {
    const ledger = of(`${base}; F: u3 has 7, u1 has 90, u9 has 3`);
    expect(ledger.buyers).toEqual(['u1', 'u2', 'u3']);
    expect([...ledger.before]).toEqual([100, 50, Number.NaN]);
    expect([...ledger.after]).toEqual([90, Number.NaN, 7]);
    expect([...ledger.buyerOfIntent]).toEqual([0, 1, 0]);
    expect([0, 1, 2].map((buyer) => [...membersOf(ledger.intentsOfBuyer, buyer)])).toEqual([
      [0, 2],
      [1],
      [],
    ]);
    expect([...ledger.planned]).toEqual([2, 1, 1]);
    expect(ledger.payments).toBeNull();
  });

  it.each([
    ['in the buyers’ order', 'u1 has 90, u2 has 40, u3 has 7', [90, 40, 7]],
    ['in another', 'u3 has 7, u2 has 40, u1 has 90', [90, 40, 7]],
    ['some twice, alike', 'u1 has 90, u1 has 90, u2 has 40', [90, 40, Number.NaN]],
    ['some twice, not alike', 'u1 has 90, u2 has 40, u1 has 80', [Number.NaN, 40, Number.NaN]],
    [
      'some three times, the last alike',
      'u1 has 90, u1 has 80, u1 has 80, u3 has 0',
      [Number.NaN, Number.NaN, 0],
    ],
    ['others’ too', 'u9 has 1, u9 has 2, u1 has 90', [90, Number.NaN, Number.NaN]],
    ['none', 'no accounts', [Number.NaN, Number.NaN, Number.NaN]],
  ])('are read %s', (_, accounts, after) => {
    expect([...of(`${base}; F: ${accounts}`).after]).toEqual(after);
  });

  it('are unknown before, too, where they are told in two ways', () => {
    const ledger = of(
      'A 9; buyer u1 100: b1; buyer u2 50: b2; buyer u1 90: b3; buyer u2 50: b4; planned b1; planned b2; planned b3; planned b4; F: u1 has 90, u2 has 50',
    );
    expect([...ledger.before]).toEqual([Number.NaN, 50]);
    expect([...ledger.after]).toEqual([90, 50]);
    expect([...ledger.planned]).toEqual([2, 2]);
  });

  it('are known where one of several entries tells them', () => {
    const told = 'A 9; buyer u1 100: b1; buyer u1: b2; buyer u2: b3; buyer u2 50: b4';
    const planned = 'planned b1; planned b2; planned b3; planned b4';
    expect([...of(`${told}; ${planned}`).before]).toEqual([100, 50]);
  });

  it('are planned for as far as the plan goes', () => {
    const evidence = sale(base);
    const intents = { ...evidence.intents, intents: evidence.intents.intents.slice(0, 3) };
    expect([...ledgerOf({ ...evidence, intents }).planned]).toEqual([2, 1, 0]);
  });
});

describe('payments', () => {
  it('are whose intent they name, or whose their order is', () => {
    const ledger = of(
      `${base}; F: b2×1 A #o2, ?×1 A #o9, b4×1 A #o4, b1 charged 10, b1 refunded 3, #o2 charged 10, b4 charged 5, #o4 charged 2, b77 charged 1, x charged 4, #o9 charged 6, #o8 charged 8, ? charged 9`,
    );
    expect(ledger.payments).toHaveLength(10);
    expect([...ledger.paymentNet]).toEqual([10, -3, 10, 5, 2, 1, 4, 6, 8, 9]);
    expect(ledger.paymentKey).toEqual([
      ...['b1', 'b1', 'b2', 'b4', 'b4', 'b77'].map(keyOf),
      'x',
      null,
      null,
      null,
    ]);
    expect([...ledger.paymentIntent]).toEqual([
      ...[0, 0, 1, UNSENT, UNSENT, UNPLANNED, UNPLANNED],
      ...[STRANGER, STRANGER, STRANGER],
    ]);
    expect([...ledger.paymentBuyer]).toEqual([0, 0, 1, 2, 2, -1, -1, -1, -1, -1]);
    expect([...ledger.paidByIntent]).toEqual([7, 10, 0]);
    expect(ledger.namelessPayments).toBe(5);
    expect(ledger.ownerless.payments).toBe(5);
  });

  it('are all named where each names an intent of the plan', () => {
    const ledger = of(`${base}; F: b1 charged 10, b4 charged 5`);
    expect(ledger.namelessPayments).toBe(0);
    expect(ledger.ownerless.payments).toBe(0);
  });

  it('are nobody’s where one id stands for two of them', () => {
    const evidence = sale(`${base}; F: b1 charged 10, b2 charged 10, b1 charged 10`);
    const [first, ...others] = evidence.state!.payments!;
    const payments = [first!, ...others.map((each) => ({ ...each, id: first!.id }))];
    const state = { ...evidence.state!, payments };
    expect(ledgerOf(evidence).namelessPayments).toBe(0);
    expect(ledgerOf({ ...evidence, state }).namelessPayments).toBe(2);
  });

  it('for orders from before are none of the run’s', () => {
    const ledger = of(`${base}; baseline old; F: #old charged 10, #new charged 3, b1 charged 10`);
    expect([...ledger.paymentNet]).toEqual([3, 10]);
    expect([...ledger.paymentIntent]).toEqual([STRANGER, 0]);
  });

  it('are none where none are listed, and not told where they are not listed', () => {
    expect(of(`${base}; F: no payments`).payments).toEqual([]);
    expect(of(`${base}; F: u1 has 90`)).toMatchObject({ payments: null, paymentKey: [] });
    expect(of(base).payments).toBeNull();
  });
});

describe('what belongs to no buyer', () => {
  /** As {@link base}, but the fixture names the buyers of so many intents. */
  const named = (count: number, notation: string) => {
    const evidence = sale(notation);
    return ledgerOf({
      ...evidence,
      fixture: { ...evidence.fixture, buyers: evidence.fixture.buyers.slice(0, count) },
    }).ownerless;
  };
  const more = `${base}; b3 pay A [8,9] info; b3 cancel A [8,9] ok; b3 hold A [8,9] ok; b2 buy A [8,9] fail`;

  it.each([
    [4, base, { operations: 0, mayBeAnybodys: false }],
    [3, base, { operations: 0, mayBeAnybodys: false }],
    [2, base, { operations: 0, mayBeAnybodys: false }],
    [1, base, { operations: 1, mayBeAnybodys: true }],
    [0, base, { operations: 2, mayBeAnybodys: true }],
    [2, more, { operations: 1, mayBeAnybodys: true }],
    [1, more, { operations: 2, mayBeAnybodys: true }],
    [4, `${base}; incomplete`, { operations: 0, mayBeAnybodys: false }],
    // What b4 took was not recorded.
    [3, `${base}; incomplete`, { operations: 0, mayBeAnybodys: true }],
  ])('is counted where %d of four have one: %s', (count, notation, ownerless) => {
    expect(named(count, notation)).toEqual({ payments: 0, ...ownerless });
  });
});

it.each([
  [base, false],
  [`${base}; rule holdMs=5`, true],
  [`${base}; b3 hold A [8,9] refused`, true],
  [`${base}; b3 pay A [8,9] fail`, true],
  [`${base}; rule buyerLimit=5; b3 cancel A [8,9] ok`, false],
])('orders may be paid in steps: %s', (notation, paysInSteps) => {
  expect(of(notation).paysInSteps).toBe(paysInSteps);
});

it.each([
  [PURCHASE, 'buy', ['ok', 'info']],
  [PAY, 'pay', ['ok', 'info']],
  [HOLD, 'hold', []],
  [CANCEL, 'cancel', []],
])('money may have been taken by an operation of kind %d, %s, that ended %s', (kind, name, may) => {
  const outcomes = ['ok', 'refused', 'fail', 'info'];
  const { history } = sale(
    `A 9; ${outcomes.map((outcome, i) => `b${i} ${name} A [${i},9] ${outcome}`).join('; ')}`,
  );
  expect(history.kind[0]).toBe(kind);
  expect(outcomes.filter((_, i) => mayCharge(history, i))).toEqual(may);
});

describe('whether there is money', () => {
  it.each([
    ['A 9', { has: false, keeps: false }],
    ['A 9; price A 0', { has: false, keeps: false }],
    ['A 9; B 9; price B 1', { has: true, keeps: false }],
    ['A 9; B 9; price B 1; F:', { has: true, keeps: false }],
    ['A 9; b1 buy A [0,5] ok amount=0', { has: false, keeps: false }],
    ['A 9; b1 buy A [0,5] ok; b2 buy A [1,5] ok amount=3', { has: true, keeps: false }],
    ['A 9; buyer u1: b1; planned b1', { has: false, keeps: false }],
    ['A 9; buyer u1: b1; buyer u2 0: b2; planned b1; planned b2', { has: true, keeps: true }],
    ['A 9; F: no accounts', { has: true, keeps: true }],
    ['A 9; F: no payments', { has: true, keeps: true }],
  ])('is told: %s', (notation, { has, keeps }) => {
    expect(hasMoney(sale(notation))).toBe(has);
    expect(keepsMoney(sale(notation))).toBe(keeps);
  });
});

it('has a row paid that says so, or says nothing where orders are not paid in steps', () => {
  const rows =
    'F: b1×1 A #1, b1×1 A #2 state=paid, b1×1 A #3 state=held, b1×1 A cancelled #4, b1×1 A cancelled #5 state=paid';
  const paid = (notation: string) => {
    const evidence = sale(notation);
    const { rows: all } = saleOf(evidence);
    return all.flatMap(({ id }, row) =>
      isPaid(saleOf(evidence), ledgerOf(evidence), row) ? [id] : [],
    );
  };
  expect(paid(`${base}; rule atomic; ${rows}`)).toEqual(['1', '2']);
  expect(paid(`${base}; rule holdMs=5; ${rows}`)).toEqual(['2']);
});

it.each<[string, boolean]>([
  ['', false],
  ['b1 pay A [6,9] refused', true],
  ['b3 hold A [6,9] refused', true],
  ['rule holdMs=5', true],
  ['incomplete', true],
  ['incomplete; rule atomic', false],
  ['F: ?×1 A state=held', true],
  ['F: ?×1 A state=held; rule atomic', false],
  ['F: b1×1 A state=held', true],
  ['F: ?×1 A state=paid', false],
  ['b3 status A [6,9] ok state=held', true],
  ['b3 status A [6,9] ok state=held; rule atomic', false],
  ['b3 status A [6,9] ok state=paid', false],
])('knows whether orders may be paid in a step of their own: %s', (more, isSo) => {
  expect(of(`A 9; price A 10; b1 buy A [0,5] ok; ${more}`).paysInSteps).toBe(isSo);
});

describe('what was taken for an intent', () => {
  it.each([
    ['by its payments', 'b1 charged 10, b1 refunded 4, u1 has 50', [6, 0, 0]],
    ['by none', 'no payments, u2 has 40', [0, 0, 0]],
    ['by payments of which one is nobody’s', 'b1 charged 10, ? charged 3', [null, null, null]],
    ['by the account of a buyer with no other', 'u1 has 90, u2 has 38', [null, 12, null]],
    ['by accounts that were not read', 'u1 has 90', [null, null, null]],
  ])('is told %s', (_, money, taken) => {
    const ledger = of(`${base}; F: ${money}`);
    expect([0, 1, 2].map((intent) => takenFor(ledger, intent))).toEqual(taken);
  });

  it('is not told by an account of which an intent without a buyer may have taken it', () => {
    const evidence = sale(
      'A 9; price A 10; buyer u1 50: b1; buyer u2 50: b2; b1 buy A [0,5] ok; b2 buy A [1,6] ok; b1 buy A [7,9] info; F: u1 has 30, u2 has 40',
    );
    const fixture = { ...evidence.fixture, buyers: evidence.fixture.buyers.slice(0, 1) };
    const taken = (it: typeof evidence) => [0, 1].map((intent) => takenFor(ledgerOf(it), intent));
    expect(taken(evidence)).toEqual([20, 10]);
    expect(taken({ ...evidence, fixture })).toEqual([null, null]);
  });
});

it('is worked out once', () => {
  const evidence = sale(base);
  expect(ledgerOf(evidence)).toBe(ledgerOf(evidence));
});
