import { describe, expect, it } from 'vitest';
import { sagaAtomicity } from '../../lib/invariants/saga-atomicity.ts';
import type { Finding } from '../../lib/model/finding.ts';
import { decided, describeGaps } from './cases.ts';
import { sale } from './notation.ts';

const shop = 'A 2; price A 10; buyer u1 100: b1; buyer u2 100: b2; buyer u3 100: b3';
const ops = 'b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok; b3 buy(1) A [2,9] refused';
const whole = `${shop}; ${ops}; F: b1×1 A state=paid, b2×1 A state=paid, u1 has 90, u2 has 90, u3 has 100`;
const listed = `A 2; price A 10; ${ops}; F: b1×1 A, b2×1 A, b1 charged 10, b2 charged 10`;
const cut = whole.replace('[1,6] ok', '[1,6] info');
const steps = `${shop}; b1 hold(1) A [0,5] ok; b1 pay A [6,9] ok; b2 buy(1) A [1,6] ok; b3 buy(1) A [2,9] refused`;
const dear = `A 2; price A 0; B 2; price B 10; ${ops}`;
const back = whole
  .replace('b2×1 A state=paid', 'b2×1 A cancelled state=cancelled')
  .replace('u2 has 90', 'u2 has 100');

const cases: Record<Finding['value'], Record<string, string>> = {
  holds: {
    'whole or not at all': whole,
    'rows that do not say whether they are paid': whole.replaceAll(' state=paid', ''),
    'payments instead of accounts': listed,
    'cut off and done': cut,
    'cut off and not done': cut
      .replace(', b2×1 A state=paid', '')
      .replace('u2 has 90', 'u2 has 100'),
    'paid back': `${whole.replace('b2×1 A state=paid', 'b2×1 A cancelled').replace('u2 has 90', 'u2 has 100')}; b2 cancel A [7,9] ok`,
    'a cancelled row that does not say what it was': `${steps}; F: b1×1 A state=paid, b1×1 A cancelled, u1 has 90, b2×1 A state=paid, u2 has 90, u3 has 100`,
    'a cancelled order of which the shop says that it never was':
      `${back}; b2 cancel A [7,9] ok`.replace('state=cancelled', 'state=none'),
    'a payment that was refused, and the hold still there':
      `${steps}; F: b1×1 A state=held, u1 has 100, b2×1 A state=paid, u2 has 90, u3 has 100`.replace(
        'b1 pay A [6,9] ok',
        'b1 pay A [6,9] refused',
      ),
    'paid back, and told how much': `${back}; b2 cancel A [7,9] ok amount=10`,
    'perhaps cancelled, and paid back': `${back}; b2 cancel A [7,9] info`,
    'perhaps cancelled, and not': `${whole}; b2 cancel A [7,9] info`,
    'a hold that was given back before it was paid':
      `${steps}; b1 cancel A [20,22] ok amount=0; F: b1×1 A cancelled state=cancelled, b2×1 A state=paid, u1 has 100, u2 has 90, u3 has 100`.replace(
        'b1 pay A [6,9] ok; ',
        '',
      ),
    'a hold that expired':
      `${steps}; F: b1×1 A cancelled state=expired, b2×1 A state=paid, u1 has 100, u2 has 90, u3 has 100`.replace(
        'b1 pay A [6,9] ok',
        'b1 pay A [6,9] refused expired',
      ),
    'a part was paid back, the order stands': `${listed}, b2 refunded 7; b2 cancel A [7,9] refused`,
    'held and not yet charged': `${steps}; F: b1×1 A state=paid, u1 has 90, b2×1 A state=held, u2 has 100, u3 has 100`,
    'tickets for nothing': listed
      .replace('price A 10', 'price A 0')
      .replace(/, b1 charged.*/, ', no payments'),
    'free tickets paid, beside dear ones that wait to be paid': `${dear}; F: b1×1 A state=paid, b1×1 B state=held, b2×1 A state=paid, no payments`,
    'free tickets, and a row of a dear pool that has none': `${dear}; F: b1×1 A, b1×0 B, b2×1 A, no payments`,
    'an order of a stranger, who paid elsewhere': `${whole}, ?×1 A`,
    'given back by the shop, and the money too': back,
    'cut off, of which the shop says that it never was': `${cut}`
      .replace('b2×1 A state=paid', 'b2×1 A cancelled state=none')
      .replace('u2 has 90', 'u2 has 100'),
    'bought to be paid later, of which the shop says that it never was': `A 2; price A 10; ${ops}; rule holdMs=5; F: b1×1 A cancelled state=none, b2×1 A cancelled state=none, no payments`,
    'bought, and held until it is paid': `A 2; price A 10; ${ops}; F: b1×1 A state=held, b2×1 A state=held, no payments`,
  },
  violated: {
    'refused and charged': whole.replace('u3 has 100', 'u3 has 90'),
    'paid and not charged': whole.replace('u1 has 90', 'u1 has 100'),
    'acknowledged, unpaid and not charged': whole
      .replace('b1×1 A state=paid', 'b1×1 A cancelled state=none')
      .replace('u1 has 90', 'u1 has 100'),
    'cut off, charged, no order': cut.replace(', b2×1 A state=paid', ''),
    'cut off, an order, not charged': cut.replace('u2 has 90', 'u2 has 100'),
    'two errors that cancel out': whole
      .replace('u1 has 90', 'u1 has 100')
      .replace('u3 has 100', 'u3 has 90'),
    'cancelled and not paid back': `${whole.replace('b2×1 A state=paid', 'b2×1 A cancelled')}; b2 cancel A [7,9] ok`,
    'cancelled and paid back twice': `${whole.replace('b2×1 A state=paid', 'b2×1 A cancelled').replace('u2 has 90', 'u2 has 110')}; b2 cancel A [7,9] ok`,
    'cancelled and paid back twice, as was told': `${back.replace('u2 has 100', 'u2 has 110')}; b2 cancel A [7,9] ok amount=20`,
    'paid back, and still paid': `${whole.replace('u2 has 90', 'u2 has 100')}; b2 cancel A [7,9] ok amount=10`,
    'perhaps cancelled, paid back, and still paid': `${whole.replace('u2 has 90', 'u2 has 100')}; b2 cancel A [7,9] info`,
    'held and charged': `${steps}; F: b1×1 A state=held, u1 has 90, b2×1 A state=paid, u2 has 90, u3 has 100`,
    'payment acknowledged, still held': `${steps}; F: b1×1 A state=held, u1 has 100, b2×1 A state=paid, u2 has 90, u3 has 100`,
    'cancelled in vain, whatever the refusal says of money': `${whole.replace('b2×1 A state=paid', 'b2×1 A cancelled')}; b2 cancel A [7,9] refused amount=3`,
    'payment acknowledged, one row still held and one cancelled': `${steps}; F: b1×1 A state=held, b1×1 A cancelled state=cancelled, u1 has 100, b2×1 A state=paid, u2 has 90, u3 has 100`,
    'charged for an order without tickets': listed.replace('b2×1 A', 'b2×0 A'),
    'dear tickets beside free ones, not charged': `${dear}; F: b1×1 A, b1×1 B, b2×1 A, no payments`,
    'a payment without an order': `${listed}, b3 charged 10`,
    'in a history that is not complete': `${whole.replace('u3 has 100', 'u3 has 90')}; incomplete`,
    'not charged, in a history that is not complete, where a purchase takes the money': `${listed.replace(', b2 charged 10', '')}; rule atomic; incomplete`,
    'payment acknowledged, still held, in a history that is not complete': `${steps}; incomplete; F: b1×1 A state=held, u1 has 100, b2×1 A state=paid, u2 has 90, u3 has 100`,
    'bought and held, where a purchase takes the money': `A 2; price A 10; rule atomic; ${ops}; F: b1×1 A state=held, b2×1 A state=held, no payments`,
    'bought, and no order any more': `${whole.replace('b1×1 A state=paid', 'b1×1 A state=none').replace('u1 has 90', 'u1 has 100')}`,
    'a price that nobody told, charged in vain': `${listed.replace('price A 10;', '')}, b3 charged 10`,
  },
  unknown: {
    'from a copy that lags': `${whole.replace('u3 has 100', 'u3 has 90')}, lags`,
    'in an unsettled state': `${whole.replace('u3 has 100', 'u3 has 90')}, unsettled`,
    'two intents of one buyer':
      'A 2; price A 10; buyer u1 100: b1, b2; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok; F: b1×1 A, b2×1 A, u1 has 80',
    'charged, and an order of nobody known': `${whole.replace('u3 has 100', 'u3 has 90')}, ?×1 A`,
    'rows of a shop with holds that do not say whether they are paid': `${steps}; F: b1×1 A, u1 has 90, b2×1 A, u2 has 90, u3 has 100`,
    'a payment that names nobody': `${listed}, ? charged 10`,
    'no money told at all': `A 2; rule atomic; ${ops}; F: b1×1 A, b2×1 A`,
    'a price that nobody told, not charged': `${listed.replace('price A 10;', '').replace(', b2 charged 10', '')}`,
    'paid in a pool that nobody knows, not charged': listed
      .replace('b2×1 A', 'b2×1 Z')
      .replace(', b2 charged 10', ''),
    'accounts that nobody read back': whole.replace(/; F:.*/, ''),
    'an order whose purchase was not recorded': `${whole}; incomplete`.replace(
      'b2 buy(1) A [1,6] ok',
      'b2 avail A [1,6] ok value=1',
    ),
    'perhaps cancelled, and the money kept': `${back.replace('u2 has 100', 'u2 has 90')}; b2 cancel A [7,9] info`,
    'perhaps a fee was kept, and the cancellation is missing': `${listed.replace('b2×1 A,', 'b2×1 A cancelled,')}, b2 refunded 7; incomplete`,
    'perhaps a fee was kept, the cancellation is missing, and no cancelled order is kept': `${listed.replace(' b2×1 A,', '')}, b2 refunded 7, forgets; incomplete`,
    'payment acknowledged, and held anew after a cancellation that is missing': `${steps}; incomplete; F: b1×1 A cancelled, b1×1 A state=held, u1 has 100, b2×1 A state=paid, u2 has 90, u3 has 100`,
    'payment acknowledged, and held anew, where cancelled orders are forgotten': `${steps}; incomplete; F: b1×1 A state=held, u1 has 100, b2×1 A state=paid, u2 has 90, u3 has 100, forgets`,
    'not charged, and perhaps not paid: a payment may be missing': `${listed.replace(', b2 charged 10', '')}; incomplete`,
    'not charged, and seen to be held': `${listed.replace(', b2 charged 10', '')}; b2 status A [7,8] ok state=held`,
    'perhaps a fee was kept': `${whole.replace('b2×1 A state=paid', 'b2×1 A cancelled')}; b2 cancel A [7,9] ok amount=3`,
  },
};

describe('saga-atomicity', () => {
  for (const [value, notations] of Object.entries(cases)) {
    it.each(Object.entries(notations))(`${value}: %s`, (_, notation) => {
      expect(decided(sagaAtomicity, notation)).toMatchObject({ value });
    });
  }

  describeGaps(sagaAtomicity, {
    [cases.unknown['no money told at all']!]: ['Neither accounts nor payments were read back'],
    [cases.unknown['accounts that nobody read back']!]: [
      'was never read back',
      'Of 3 intents either the order or the money',
    ],
    [cases.unknown['two intents of one buyer']!]: ['Of 2 intents either the order or the money'],
    [cases.unknown['from a copy that lags']!]: ['It was read from a copy that may lag behind'],
    [cases.unknown['in an unsettled state']!]: ['No two readings agreed'],
    [whole]: [],
  });

  it.each([
    ['A 2; price A 10', true],
    ['A 2; rule atomic', false],
    ['A 2; F: no accounts', false],
    ['A 2; buyer u1 5: b1; planned b1', false],
  ])('is beside the point of %s: %s', (notation, isBeside) => {
    expect(sagaAtomicity.isBeside!(sale(notation)) !== null).toBe(isBeside);
  });
});
