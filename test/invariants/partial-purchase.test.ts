import { expect, it } from 'vitest';
import { partialPurchase } from '../../lib/invariants/partial-purchase.ts';
import { decided, describeGaps, describeInvariant } from './cases.ts';

const base = 'A 9; b1 buy(3) A [0,5] ok; b2 buy(1) A [1,6] ok';

describeInvariant(partialPurchase, {
  holds: {
    'units as rows': `${base}; F: b1×1 A, b1×1 A, b1×1 A, b2×1 A`,
    'one row with the quantity': `${base}; F: b1×3 A, b2×1 A`,
    'none at all is lost, not partial': `${base}; F: b2×1 A`,
    'too many is duplicate, not partial': `${base}; F: b1×3 A, b1×1 A, b2×1 A`,
    'all were cancelled': `${base}; F: b1×3 A cancelled, b2×1 A cancelled`,
    'wholly cancelled': `${base}; F: b1×3 A cancelled, b2×1 A`,
    'units cancelled before the purchase came about': `${base}; F: b1×1 A cancelled, b2×1 A`,
  },
  violated: {
    'two of three': `${base}; F: b1×2 A, b2×1 A`,
    'two of three, the reply unknown': `${base.replace('ok', 'info')}; F: b1×2 A, b2×1 A`,
    'two of three, although refused': `${base.replace('ok', 'refused')}; F: b1×2 A, b2×1 A`,
    'the third in another pool': `${base}; B 9; F: b1×2 A, b1×1 B, b2×1 A`,
    'one live, one cancelled, one never there': `${base}; F: b1×1 A, b1×1 A cancelled, b2×1 A`,
  },
  unknown: {
    'nobody has an order': `${base}; F:`,
    'only a stranger has an order': `${base}; F: ?×1 A`,
    'only an order with a key of somebody else': `${base}; F: x×1 A`,
    'the rest was cancelled': `${base}; F: b1×2 A, b1×1 A cancelled, b2×1 A`,
    'a part, in a pool that nobody knows': `${base}; b9 buy(3) Z [0,5] ok; F: b1×3 A, b2×1 A, b9×2 Z`,
    'the rest may have been cancelled and forgotten': `${base}; F: b1×2 A, b2×1 A, forgets`,
  },
});

it('says so where every purchase was of one ticket', () => {
  const one = 'A 9; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok; F: b1×1 A, b2×1 A';
  expect(decided(partialPurchase, one).summary).toContain('none could be partial');
  expect(decided(partialPurchase, `${base}; F: b1×3 A, b2×1 A`).summary).not.toContain('single');
});

it('counts whole purchases and others', () => {
  const summaryOf = (state: string) => decided(partialPurchase, `${base}; F: ${state}`).summary;
  expect(summaryOf('b1×2 A, b2×1 A, forgets')).toBe('1 purchase whole, 1 not.');
  expect(summaryOf('b1×3 A, b2×1 A')).toBe('2 purchases whole, 0 not.');
});

const one = `${base}; buyer u1: b1, b2, b3`;
const nobodys = 'rows name no intent, and no purchase was found';
describeGaps(partialPurchase, {
  // The first purchase may have two of its three tickets in a row that does not say so.
  [`${one}; F: b2×1 A, ?×2 A by=u1`]: [nobodys],
  [`${one}; F: b1×3 A, b2×1 A, ?×2 A by=u1`]: [],
  [`${one}; b3 buy(3) A [2,4] refused; F: b1×3 A, b2×1 A, ?×2 A by=u1`]: [],
  [`${one}; b3 buy(3) A [2,4] info; F: b1×3 A, b2×1 A, ?×2 A by=u1`]: [nobodys],
  [`${one}; F: b2×1 A`]: [],
});
