import { refusedButSold } from '../../lib/invariants/refused-but-sold.ts';
import { describeInvariant } from './cases.ts';

const base = 'A 9; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] refused';

describeInvariant(refusedButSold, {
  holds: {
    'compensated: a cancelled row is no possession': `${base}; F: b1×1 A, b2×1 A cancelled`,
    'refused at first, then sold': `${base}; b2 buy(1) A [7,9] ok; F: b1×1 A, b2×1 A; b3 buy(1) A [1,6] refused`,
    'failed and empty-handed': `${base.replace('refused', 'fail')}; b3 buy(1) A [0,9] ok; F: b1×1 A, b3×1 A`,
  },
  violated: {
    'refused, with a ticket': `${base}; F: b1×1 A, b2×1 A`,
    'failed, with a ticket': `${base.replace('refused', 'fail')}; F: b1×1 A, b2×1 A`,
    'refused twice, with a ticket of another pool': `${base}; B 1; b2 buy(1) A [7,9] refused; F: b1×1 A, b2×1 B`,
  },
  unknown: {
    'one try may have bought': `A 9; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] refused; b2 buy(1) A [7,9] info; F: b1×1 A, b2×1 A`,
    'a try may be missing': `${base}; F: b1×1 A, b2×1 A; incomplete`,
    'nobody was refused': 'A 9; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok; F: b1×1 A, b2×1 A',
  },
});
