import { describe, expect, it } from 'vitest';
import { moneyConservation } from '../../lib/invariants/money-conservation.ts';
import type { Finding } from '../../lib/model/finding.ts';
import { decided } from './cases.ts';
import { sale } from './notation.ts';

const shop = 'A 2; price A 10; buyer u1 100: b1; buyer u2 100: b2; buyer u3 100: b3';
const ops = 'b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok; b3 buy(1) A [2,9] refused';
const rows = 'F: b1×1 A, b2×1 A';
const fair = `${shop}; ${ops}; ${rows}, u1 has 90, u2 has 90, u3 has 100`;
const listed = 'A 2; price A 10; planned b9';
const cut = `${shop}; ${ops.replace('b2 buy(1) A [1,6] ok', 'b2 buy(1) A [1,6] info')}; ${rows}`;
const held = 'A 2; price A 10; buyer u1 100: b1; b1 hold(1) A [0,5] ok; b2 buy(1) A [1,6] ok';
const given = `A 2; price A 10; buyer u1 100: b1; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] fail; F: b1×1 A cancelled`;
const several =
  'A 9; price A 10; buyer u1 100: b1, b2, b3; b1 buy(1) A [0,5] ok; b2 buy(2) A [1,6] ok';

const cases: Record<Finding['value'], Record<string, string>> = {
  holds: {
    'everybody paid for what was acknowledged': fair,
    'cut off and charged': `${cut}, u1 has 90, u2 has 90, u3 has 100`,
    'cut off and not charged': `${cut}, u1 has 90, u2 has 100, u3 has 100`,
    'an amount of its own': `${fair.replace('[0,5] ok', '[0,5] ok amount=7').replace('u1 has 90', 'u1 has 93')}`,
    'payments that fit': `${listed}; ${ops}; ${rows}, b1 charged 10, b2 charged 10`,
    'charged, refunded and charged again': `${listed}; ${ops}; ${rows}, b1 charged 10, b1 refunded 10, b1 charged 10, b2 charged 10`,
    'a refusal that was charged and refunded': `${listed}; ${ops}; ${rows}, b1 charged 10, b2 charged 10, b3 charged 10, b3 refunded 10`,
    'payments by the order’s id': `${listed}; ${ops}; ${rows}, #row-1 charged 10, #row-2 charged 10`,
    'accounts and payments that agree': `${fair}, b1 charged 10, b2 charged 10`,
    'several intents of one buyer': `${several}; b3 buy(1) A [2,9] refused; F: b1×1 A, b2×2 A, u1 has 70`,
    'one of several cut off and charged': `${several}; b3 buy(1) A [2,9] info; F: b1×1 A, b2×2 A, b3×1 A, u1 has 60`,
    'an order that was below zero before': fair
      .replace('u3 100', 'u3 -5')
      .replace('u3 has 100', 'u3 has -5'),
    'a free pool': fair.replace('price A 10', 'price A 0').replaceAll('has 90', 'has 100'),
  },
  violated: {
    'refused and charged': fair.replace('u3 has 100', 'u3 has 90'),
    'acknowledged and not charged': fair.replace('u1 has 90', 'u1 has 100'),
    'charged twice': fair.replace('u1 has 90', 'u1 has 80'),
    'two errors that cancel out': fair
      .replace('u1 has 90', 'u1 has 80')
      .replace('u2 has 90', 'u2 has 100'),
    'below zero': fair.replace('u1 100', 'u1 5').replace('u1 has 90', 'u1 has -5'),
    'below zero in a history that is not complete': `${fair.replace('u3 has 100', 'u3 has -1')}; incomplete`,
    'half the price for what was cut off': `${cut}, u1 has 90, u2 has 95, u3 has 100`,
    'a payment for a refusal': `${listed}; ${ops}; ${rows}, b1 charged 10, b2 charged 10, b3 charged 10`,
    'no payment for a purchase': `${listed}; ${ops}; ${rows}, b1 charged 10`,
    'two payments for a purchase': `${listed}; ${ops}; ${rows}, b1 charged 10, b1 charged 10, b2 charged 10`,
    'books that disagree': fair.replace('has 90', 'has 90, b1 charged 10, b2 charged 9'),
    'charged for what was never sent':
      `${fair}, b1 charged 10, b2 charged 10, b9 charged 4, b9 charged 1; buyer u9 50: b9; planned b9`.replace(
        'u3 has 100',
        'u3 has 100, u9 has 45',
      ),
    'several intents, one too many': `${several}; b3 buy(1) A [2,9] refused; F: b1×1 A, b2×2 A, u1 has 60`,
    'an amount that fits no choice': `${several}; b3 buy(1) A [2,9] info; F: b1×1 A, b2×2 A, u1 has 65`,
    'two attempts with one key, charged twice': `${fair.replace('u1 has 90', 'u1 has 80')}; rule idempotency=replay; b1 buy(1) A [6,9] ok`,
  },
  unknown: {
    'a price that nobody told': fair.replace('price A 10;', ''),
    'no accounts at the end': fair.replace(/, u1 has.*/, ''),
    'an account that was not read': fair.replace(', u2 has 90', ''),
    'an account in two ways': `${fair}, u1 has 80`,
    'in a history that is not complete': `${fair.replace('u3 has 100', 'u3 has 90')}; incomplete`,
    'in an unsettled state': `${fair.replace('u3 has 100', 'u3 has 90')}, unsettled`,
    'from a copy that lags': `${fair.replace('u3 has 100', 'u3 has 90')}, lags`,
    'a payment that names nobody': `${listed}; ${ops}; ${rows}, b1 charged 10, ? charged 10`,
    'a purchase of no buyer': fair.replace('buyer u2 100: b2; ', '').replace('u2 has 90, ', ''),
    'one key for two wishes': `${fair.replace('u1 has 90', 'u1 has 70')}; b1 buy(2) A [0,5] ok`,
  },
};

describe('money-conservation', () => {
  for (const [value, notations] of Object.entries(cases)) {
    it.each(Object.entries(notations))(`${value}: %s`, (_, notation) => {
      expect(decided(moneyConservation, notation)).toMatchObject({ value });
    });
  }
});

/** What may be left of u1's 100 after these statements, whatever else is missing. */
function accepted(notation: string, credits: readonly number[]): number[] {
  return credits.filter(
    (credit) => decided(moneyConservation, `${notation}; F: u1 has ${credit}`).value !== 'violated',
  );
}

describe('what an intent can have cost', () => {
  const credits = [70, 80, 85, 90, 95, 97, 100, 110];
  it.each([
    ['a hold costs nothing', held, [100]],
    ['a payment costs the price', `${held}; b1 pay A [6,9] ok`, [90]],
    ['a payment that was cut off may', `${held}; b1 pay A [6,9] info`, [90, 100]],
    ['a refused payment does not', `${held}; b1 pay A [6,9] refused`, [100]],
    ['a payment for a purchase, once', `${given.split('; F')[0]}; b1 pay A [6,9] ok`, [90]],
    [
      'a purchase may leave it to a payment',
      `${given.split('; F')[0]}; b1 pay A [6,9] refused`,
      [90, 100],
    ],
    ['cancelled: given back', `${given}; b1 cancel A [6,9] ok`, [100]],
    ['cancelled: given back but for a fee', `${given}; b1 cancel A [6,9] ok amount=7`, [97]],
    ['cancelled at the same time', `${given}; b1 cancel A [5,9] ok`, [90, 95, 97, 100]],
    ['cancelled perhaps', `${given}; b1 cancel A [6,9] info`, [90, 95, 97, 100]],
    [
      'cancelled twice, given back once',
      `${given}; b1 cancel A [6,9] ok; b1 cancel A [16,19] ok`,
      [100],
    ],
    ['cancelled by somebody else', given, [90, 95, 97, 100]],
    [
      'bought twice under a key of no meaning',
      `${given.split('; F')[0]}; b1 buy(1) A [6,9] ok`,
      [80, 90],
    ],
    ['bought twice, once perhaps', `${given.split('; F')[0]}; b1 buy(1) A [6,9] info`, [80, 90]],
    [
      'held in the final state, so not yet paid',
      `${given.split('; F')[0]}; F: b1×1 A state=held`,
      [90, 100],
    ],
  ])('%s', (_, notation, left) => {
    expect(accepted(notation, credits)).toEqual(left);
  });
});

describe('beside the point', () => {
  it.each([
    ['A 2', true],
    ['A 2; price A 0', true],
    ['A 2; price A 1', false],
    ['A 2; buyer u1 5: b1; planned b1', false],
    ['A 2; F: no payments', false],
    ['A 2; b1 pay A [0,5] ok amount=3', false],
  ])('%s', (notation, isBeside) => {
    expect(moneyConservation.isBeside!(sale(notation)) !== null).toBe(isBeside);
  });
});
