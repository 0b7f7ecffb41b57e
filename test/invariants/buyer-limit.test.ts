import { expect, it } from 'vitest';
import { buyerLimit } from '../../lib/invariants/buyer-limit.ts';
import { decided, describeGaps, describeInvariant, describeShown } from './cases.ts';
import { sale } from './notation.ts';

const RULES = 'rule buyerLimit=2; buyer u1: b1, b2, b3; buyer u2: b4';
/** One buyer asks for three and gets two. */
const LIMITED = `A 9; ${RULES}; b1 buy A [0,5] ok; b2 buy A [1,6] ok; b3 buy A [2,9] refused limit; b4 buy A [0,5] ok; F: b1×1 A, b2×1 A, b4×1 A`;

describeInvariant(
  buyerLimit,
  {
    holds: {
      'strangers may have what they like': `${LIMITED}, ?×9 A`,
      'another buyer asks for more': LIMITED.replace('u1: b1, b2, b3', 'u1: b4').replace(
        'u2: b4',
        'u2: b1, b2, b3',
      ),
      'a lost reply that left no order': LIMITED.replace('refused limit', 'info'),
      'one was given back before the third': LIMITED.replace(
        'b3 buy A [2,9] refused limit',
        'b2 cancel A [7,9] ok; b3 buy A [8,12] ok',
      ).replace('b2×1 A', 'b2×1 A cancelled, b3×1 A'),
      'a hold that expired before the third': LIMITED.replace(
        'b2 buy A [1,6] ok',
        'b2 hold A [1,6] ok expires=20',
      )
        .replace('b3 buy A [2,9] refused limit', 'b3 buy A [15,20] ok')
        .replace('b2×1 A', 'b2×1 A cancelled, b3×1 A'),
    },
    violated: {
      'in rows': LIMITED.replace('b1×1 A,', 'b1×2 A,'),
      'in a row of an intent that was never sent': `${LIMITED.replace('b3 buy A [2,9] refused limit', 'planned b3')}, b3×1 A`,
      'by what was acknowledged': LIMITED.replace('refused limit', 'ok'),
      'at one moment, given back again': LIMITED.replace(
        'b3 buy A [2,9] refused limit',
        'b3 hold A [2,9] ok expires=50',
      ),
      'in two pools': `B 9; ${LIMITED.replace('b3 buy A [2,9] refused limit', 'b3 buy B [2,9] ok')}`,
    },
    unknown: {
      'nobody asked for more': LIMITED.replace('b3 buy A [2,9] refused limit; ', ''),
      'nobody knows the buyers': LIMITED.replace(/buyer u1.*u2: b4; /, ''),
      'too many in a reading that changed': `${LIMITED.replace('b1×1 A,', 'b1×2 A,')}, unsettled`,
      'cancelled at an unknown time': LIMITED.replace('refused limit', 'ok').replace(
        'b2×1 A',
        'b2×1 A cancelled, b3×1 A',
      ),
      'a cancelled row of an intent that was never sent': `${LIMITED.replace('b3 buy A [2,9] refused limit', 'b3 buy A [2,9] refused; buyer u1: b1, b2, b3, b5; planned b5')}, b5×1 A cancelled`,
      'a hold that was over before it was acknowledged': LIMITED.replace(
        'b3 buy A [2,9] refused limit',
        'b3 hold A [2,9] ok expires=5',
      ),
      'a shop that forgets, and rows that may be anybody’s': `${LIMITED.replace('refused limit', 'ok').replace(/F: .*/, 'b5 buy A [0,5] info')}; exclusive; F: ?×1 A, ?×1 A, ?×1 A, ?×1 A, forgets`,
      'rows that name no intent, one more than were bought': `${LIMITED.replace('refused limit', 'info').replace(/F: .*/, '')}; exclusive; F: ?×1 A, ?×1 A, ?×1 A, ?×1 A`,
      'a shop that forgets': `${LIMITED}, forgets`,
    },
  },
  LIMITED,
);

it('is beside the point without a limit', () => {
  expect(buyerLimit.isBeside!(sale('A 2; b1 buy A [0,5] ok'))).toMatch(/No limit/);
  expect(buyerLimit.isBeside!(sale(LIMITED))).toBeNull();
});

const BOUGHT = LIMITED.replace('refused limit', 'ok');
const TWO =
  'A 99; rule buyerLimit=2; buyer u1: b1, b2; buyer u2: b3, b4; b1 buy(2) A [0,5] ok; b2 buy(1) A [1,6] ok; b3 buy(1) A [2,7] ok';

describeShown(buyerLimit, {
  [LIMITED]: 'holds: buyers=2, heldMost=2, limit=2',
  [`${LIMITED.replace('u2: b4', 'u2: b4; buyer u3: b5')}; b5 buy A [3,8] refused`]:
    'holds: buyers=2, heldMost=2, limit=2',
  [LIMITED.replace('b4 buy A [0,5] ok', 'b4 buy A [0,5] info')]:
    'holds: buyers=2, heldMost=2, limit=2',
  [LIMITED.replace(/; F:.*/, '')]: 'unknown: buyers=2, heldMost=2, limit=2',
  [LIMITED.replace('b1×1 A,', 'b1×2 A,')]: 'violated 1: row-1, row-2, held=3, limit=2, buyers=2',
  [BOUGHT]: 'violated 1: b1 purchase, b2 purchase, b3 purchase, held=3, limit=2, buyers=2',
  [`${BOUGHT}, b3×1 A`]: 'violated 1: row-1, row-2, row-4, held=3, limit=2, buyers=2',
  [`${BOUGHT}, b3×9 A, unsettled`]:
    'violated 1: b1 purchase, b2 purchase, b3 purchase, held=3, limit=2, buyers=2',
  [`${TWO}; b4 buy(2) A [3,8] ok`]:
    'violated 2: b1 purchase, b2 purchase, held=3, limit=2, buyers=2',
  [`${TWO}; b4 buy(3) A [3,8] ok`]: 'violated 2: b4 purchase, held=4, limit=2, buyers=2',
  [`${TWO}; b4 buy(1) A [3,8] ok`]:
    'violated 1: b1 purchase, b2 purchase, held=3, limit=2, buyers=2',
});

const OVERDUE = 'while they were being acknowledged';

describeGaps(buyerLimit, {
  [LIMITED]: [],
  [`${LIMITED.replace('b3 buy', 'buyer u1: b1, b2, b3, b5; planned b5; b3 buy')}, b5×1 A cancelled`]:
    ['cancelled at unknown times'],
  [LIMITED.replace('b3 buy A [2,9] refused limit; ', '')]: ['No buyer asked for more'],
  [`${LIMITED.replace('b3 buy A [2,9] refused limit; ', '')}; b2 buy A [7,9] ok; b2 status A [7,9] ok`]:
    ['No buyer asked for more'],
  [LIMITED.replace(/buyer u1.*u2: b4; /, '')]: [
    'names no buyer for 4 intents',
    'No buyer asked for more',
  ],
  [`${LIMITED}, forgets`]: ['does not keep cancelled orders'],
  [LIMITED.replace('b1×1 A', 'b1×1 A cancelled')]: ['cancelled at unknown times'],
  [`${LIMITED}, b9×9 A cancelled, ?×9 A cancelled`]: [],
  [`${LIMITED.replace('b4 buy', 'b4 hold')}, ?×1 A cancelled; incomplete`]: [
    'history is not complete',
  ],
  [LIMITED.replace('b3 buy A [2,9] refused limit', 'b3 hold A [2,9] ok expires=5')]: [OVERDUE],
  [LIMITED.replace('b4 buy A [0,5] ok', 'b4 hold A [0,8] ok expires=3')]: [],
  [`${LIMITED.replace('u2: b4', 'u2: b4, b5; planned b5')}, b5×1 A`]: [],
});

it('does not know what intents may have got whose buyers the fixture does not name', () => {
  const { fixture, ...evidence } = sale(LIMITED);
  const finding = buyerLimit.decide({
    ...evidence,
    fixture: { ...fixture, buyers: fixture.buyers.slice(0, 3) },
  });
  expect(finding).toMatchObject({
    value: 'unknown',
    missing: [expect.stringContaining('names no buyer for 1 intent')],
  });
});

it('says when it was, and cuts the name', () => {
  const summaryOf = (notation: string) => decided(buyerLimit, notation).summary;
  expect(summaryOf(BOUGHT)).toMatch(/one, u1, had 3 tickets at one moment\./);
  expect(summaryOf(LIMITED.replace('b1×1 A,', 'b1×2 A,'))).toMatch(/had 3 tickets in the end\./);
  const name = 'u'.repeat(101);
  expect(summaryOf(BOUGHT.replace('u1', name))).toContain(`one, ${'u'.repeat(100)}, had`);
});

it('names the buyer and what he had', () => {
  const finding = decided(buyerLimit, LIMITED.replace('refused limit', 'ok'));
  expect(finding).toMatchObject({ value: 'violated', count: 1 });
  expect(finding.summary).toContain('u1');
  expect(finding.witness!.figures).toMatchObject({ held: 3, limit: 2 });
});
