import { duplicateEffect } from '../../lib/invariants/duplicate-effect.ts';
import { describeInvariant } from './cases.ts';

const base = 'A 9; b1 buy(2) A [0,5] ok; b2 buy(1) A [1,6] ok';

describeInvariant(duplicateEffect, {
  holds: {
    'units as rows': `${base}; F: b1×1 A, b1×1 A, b2×1 A`,
    'retries with one effect': `${base}; b1 buy(2) A [6,8] ok; b1 buy(2) A [9,10] ok; F: b1×2 A, b2×1 A`,
    'too few is partial, not duplicate': `${base}; F: b1×1 A, b2×1 A`,
    'the first try was cancelled': `${base}; F: b1×2 A cancelled, b1×2 A, b2×1 A`,
  },
  violated: {
    'a whole purchase twice': `${base}; F: b1×2 A, b1×2 A, b2×1 A`,
    'one ticket too many': `${base}; F: b1×2 A, b1×1 A, b2×1 A`,
    'booked again by a retry': `${base}; b2 buy(1) A [7,9] info; F: b1×2 A, b2×1 A, b2×1 A`,
    'once in each of two pools': `${base}; B 9; F: b1×2 A, b1×2 B, b2×1 A`,
    'refused and yet twice': `${base.replace('ok', 'refused')}; F: b1×2 A, b1×2 A, b2×1 A`,
    'in a history that is not complete': `${base}; F: b1×2 A, b1×2 A; incomplete`,
  },
  unknown: {
    'twice in an unsettled state': `${base}; F: b1×2 A, b1×2 A, unsettled`,
    'wishes of different size under one key': `${base}; b1 buy(1) A [0,5] ok; F: b1×3 A, b2×1 A`,
  },
});
