import { expect, it } from 'vitest';
import { buyerLimit } from '../../lib/invariants/buyer-limit.ts';
import { decided, describeInvariant } from './cases.ts';
import { sale } from './notation.ts';

const RULES = 'rule buyerLimit=2; buyer u1: b1, b2, b3; buyer u2: b4';
/** One buyer asks for three and gets two. */
const LIMITED = `A 9; ${RULES}; b1 buy A [0,5] ok; b2 buy A [1,6] ok; b3 buy A [2,9] refused limit; b4 buy A [0,5] ok; F: b1×1 A, b2×1 A, b4×1 A`;

describeInvariant(
  buyerLimit,
  {
    holds: {
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
      'a shop that forgets': `${LIMITED}, forgets`,
    },
  },
  LIMITED,
);

it('is beside the point without a limit', () => {
  expect(buyerLimit.isBeside!(sale('A 2; b1 buy A [0,5] ok'))).toMatch(/No limit/);
  expect(buyerLimit.isBeside!(sale(LIMITED))).toBeNull();
});

it('names the buyer and what he had', () => {
  const finding = decided(buyerLimit, LIMITED.replace('refused limit', 'ok'));
  expect(finding).toMatchObject({ value: 'violated', count: 1 });
  expect(finding.summary).toContain('u1');
  expect(finding.witness!.figures).toMatchObject({ held: 3, limit: 2 });
});
