import { describe, expect, it } from 'vitest';
import { firstWrongMoney, moneyConservation } from '../../lib/invariants/money-conservation.ts';
import type { Finding } from '../../lib/model/finding.ts';
import { decided, describeGaps, describeShown } from './cases.ts';
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
    'spent to the last': fair.replace('u1 100', 'u1 10').replace('u1 has 90', 'u1 has 0'),
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
      'what was cut off told what it would take',
      `${held}; b1 pay A [6,9] info amount=5`,
      [95, 100],
    ],
    [
      'a payment for two tickets, though it counts as one',
      `${held.replace('hold(1)', 'hold(2)')}; b1 pay A [6,9] ok`,
      [80],
    ],
    [
      'two tickets given back, though it counts as one',
      `${given.replace('buy(1)', 'buy(2)')}; b1 cancel A [6,9] ok`,
      [100],
    ],
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

/** The same, with a buyer of b9, of whom no account is kept. */
const nine = `${listed}; buyer u9: b9; ${ops}; ${rows}, b1 charged 10, b2 charged 10`;
const bare = `A 2; price A 10; ${ops}`;

describeShown(moneyConservation, {
  [fair]: 'holds: accounts=3, payments=0',
  [`${fair}, b1 charged 10, b2 charged 10`]: 'holds: accounts=3, payments=2',
  [fair.replace(', u2 has 90', '')]: 'unknown: accounts=2, payments=0',
  [fair.replace('u3 has 100', 'u3 has 90')]:
    'violated 1: b3 purchase, buyer=2, before=100, after=90, taken=10, least=0, most=0',
  [fair.replace('u1 has 90', 'u1 has 80').replace('u2 has 90', 'u2 has 100')]:
    'violated 2: b1 purchase, row-1, buyer=0, before=100, after=80, taken=20, least=10, most=10',
  [`${several}; b3 buy(1) A [2,9] info; F: b1×1 A, b2×2 A, u1 has 65`]:
    'violated 1: b1 purchase, b2 purchase, b3 purchase, row-1, row-2, buyer=0, before=100, after=65, taken=35, least=30, most=40',
  [fair.replace('u1 100', 'u1 5').replace('u1 has 90', 'u1 has -5')]:
    'violated 1: b1 purchase, row-1, buyer=0, before=5, after=-5, taken=10, least=0, most=5',
  [fair.replace('u1 100', 'u1 0').replace('u1 has 90', 'u1 has -10')]:
    'violated 1: b1 purchase, row-1, buyer=0, before=0, after=-10, taken=10, least=0, most=0',
  [`${bare}; ${rows}, b1 charged 10, b2 charged 10, b3 charged 10`]:
    'violated 1: b3 purchase, taken=10, least=0, most=0',
  [`${bare}; ${rows}, b1 charged 10`]: 'violated 1: b2 purchase, row-2, taken=0, least=10, most=10',
  [`${bare}; ${rows}, no payments`]: 'violated 2: b1 purchase, row-1, taken=0, least=10, most=10',
  [`${bare}; buyer u2: b2, b3; ${rows}, no payments`]:
    'violated 2: b1 purchase, row-1, buyer=0, taken=0, least=10, most=10',
  [`${bare}; buyer u1: b1, b2, b3; ${rows}, no payments`]:
    'violated 1: b1 purchase, row-1, buyer=0, taken=0, least=10, most=10',
  [`${cut}, u1 has 90, u2 has 90, u3 has 100, b1 charged 10`]:
    'violated 1: b2 purchase, row-2, buyer=1, before=100, after=90, taken=10, least=0, most=0',
  [`${fair}, b1 charged 10, b2 charged 10, b3 charged 4, b3 refunded 3`]:
    'violated 1: b3 purchase, buyer=2, before=100, after=100, taken=1, least=0, most=0',
  [`${fair.replace('[0,5] ok', '[0,5] info')}, b2 charged 10`]:
    'violated 1: b1 purchase, row-1, buyer=0, before=100, after=90, taken=10, least=0, most=0',
  [`${nine}, b9 charged 4, b9 charged 1`]: 'violated 1: buyer=0, taken=5, least=0, most=0',
});

describeGaps(moneyConservation, {
  [fair]: [],
  [`${bare}; ${rows}`]: ['Neither accounts nor payments'],
  [bare]: ['was never read back', 'Neither accounts nor payments'],
  [`${bare.replace('price A 10; ', '')}; ${rows}, b1 charged 10, b2 charged 10`]: [
    'What some purchases cost is not known',
  ],
  [`${bare.replace('A 2', 'A 2; B 2')}; buyer u3 100: b3, b4, b5; b4 buy B [0,5] ok; b5 buy A [0,5] ok; ${rows}, b4×1 B, b5×1 A, u3 has 100`]:
    ['not read both before and after', 'What some purchases cost is not known'],
  [`${nine}, b9 charged 5; incomplete`]: ['The history is not complete'],
  [`${bare}; ${rows}, b1 charged 10, b2 charged 10`]: [],
  [fair.replace(/, u1 has.*/, '')]: ['not read both before and after'],
  [fair.replace(/, u1 has.*/, ', b1 charged 10, b2 charged 10')]: [
    'not read both before and after',
  ],
  [fair.replaceAll(' 100:', ':')]: ['not read both before and after'],
  [fair.replace('u2 100:', 'u2:')]: ['not read both before and after'],
  [`${fair}, u1 has 80`]: ['not read both before and after'],
  [fair.replace('price A 10;', '')]: ['What some purchases cost is not known'],
  [fair.replace('u1 has 90', 'u1 has 80').replace('price A 10;', '')]: [
    'What some purchases cost is not known',
  ],
  [`${fair}, lags`]: ['a copy that may lag behind'],
  [`${fair.replace('u3 has 100', 'u3 has 90')}, lags`]: ['a copy that may lag behind'],
  [`${bare}; ${rows}, b1 charged 10, b2 charged 10, b3 charged 10, lags`]: [
    'a copy that may lag behind',
  ],
  [`${fair.replace('u3 has 100', 'u3 has 90')}; incomplete`]: ['The history is not complete'],
  [`${bare}; ${rows}, b1 charged 10; incomplete`]: ['The history is not complete'],
  [`${bare}; ${rows}, b1 charged 10, b2 charged 9, ? charged 10`]: ['1 payment name no intent'],
  [`${bare}; ${rows}, b1 charged 10, b2 charged 9, b77 charged 1, ? refunded 1`]: [
    '2 payments name no intent',
  ],
  [`${nine}, b9 charged 5, b9 refunded 5`]: [],
  [`${listed}; ${ops}; ${rows}, b1 charged 10, b2 charged 10, b9 charged 5`]: [
    'Money was taken for what was never sent',
  ],
  [`${listed}; ${ops}; ${rows}, b1 charged 10, b2 charged 10, b9 charged 5, b9 refunded 5`]: [],
  [`${fair.replace('u3 has 100', 'u3 has 90')}, unsettled`]: ['No two readings agreed'],
});

it.each([
  [fair.replace('u3 has 100', 'u3 has -1'), 'one has an account below zero'],
  [fair.replace('u1 has 90', 'u1 has 80'), 'one account lost 20, the buyer’s operations took 10'],
  [
    `${several}; b3 buy(1) A [2,9] info; F: b1×1 A, b2×2 A, u1 has 65`,
    'one account lost 35, the buyer’s operations took from 30 to 40',
  ],
  [`${bare}; ${rows}, b1 charged 10`, 'one intent was charged 0, its operations took 10'],
  [`${nine}, b9 charged 4`, 'one was charged 4 for what was never sent'],
  [
    `${cut}, u1 has 90, u2 has 90, u3 has 100, b1 charged 10`,
    'one account lost 10, its payments are 0',
  ],
])('says what is wrong with %s', (notation, words) => {
  expect(decided(moneyConservation, notation).summary).toContain(`does not add up: ${words}.`);
});

describe('what still is wrong', () => {
  it.each([
    [
      'in a copy that lags, an account below zero',
      `${fair.replace('u3 has 100', 'u3 has -1')}, lags`,
    ],
    [
      'beside a payment that names nobody, an account',
      `${fair.replace('u3 has 100', 'u3 has 90')}, b1 charged 10, ? charged 10`,
    ],
    [
      'in a history that is not complete, books that disagree',
      `${fair}, b1 charged 10, b2 charged 9; incomplete`,
    ],
  ])('%s', (_, notation) => {
    expect(decided(moneyConservation, notation).value).toBe('violated');
  });
});

describe('intents whose buyer the fixture does not name', () => {
  /** The fixture names the buyers of the first so many intents. */
  const named = (count: number, notation: string) => {
    const evidence = sale(notation);
    const buyers = evidence.fixture.buyers.slice(0, count);
    return { ...evidence, fixture: { ...evidence.fixture, buyers } };
  };
  const wrong = fair.replace('u1 has 90', 'u1 has 80');

  it('may have taken it from any account', () => {
    expect(moneyConservation.decide(named(3, wrong)).value).toBe('violated');
    // b3 was refused.
    expect(moneyConservation.decide(named(2, wrong)).value).toBe('violated');
    expect(moneyConservation.decide(named(1, wrong))).toMatchObject({
      value: 'unknown',
      missing: [expect.stringContaining('belong to no buyer of the plan')],
    });
  });

  it('are no gap where no account is kept', () => {
    const evidence = named(1, `${nine}; planned b10`);
    expect(moneyConservation.decide(evidence).value).toBe('holds');
  });

  it('may have paid what is missing in the books', () => {
    const missing = `${cut.replace('buyer u1', 'planned b9; buyer u1')}, u1 has 90, u2 has 90, u3 has 100, b1 charged 10`;
    const also = `${missing}, b9 charged 10`;
    expect(moneyConservation.decide(named(4, missing)).value).toBe('violated');
    const evidence = sale(also);
    const intents = evidence.intents.intents;
    // Sent ones first, so that it is b9 whose buyer is not named.
    const sent = intents.slice(1);
    const moved = {
      ...evidence,
      intents: { ...evidence.intents, intents: [...sent, intents[0]!] },
      fixture: { ...evidence.fixture, buyers: evidence.fixture.buyers.slice(1) },
    };
    expect(moneyConservation.decide(moved).value).toBe('unknown');
  });
});

it('shows the first thing that is wrong, where the final state can be relied on', () => {
  const wrong = fair.replace('u3 has 100', 'u3 has 90');
  expect(firstWrongMoney(sale(wrong))).toEqual({
    how: 'account',
    buyer: 2,
    intent: -1,
    taken: 10,
    least: 0,
    most: 0,
  });
  expect(firstWrongMoney(sale(fair))).toBeNull();
  expect(firstWrongMoney(sale(`${wrong}, unsettled`))).toBeNull();
});
