import { refusedButSold } from '../../lib/invariants/refused-but-sold.ts';
import { describeInvariant } from './cases.ts';

const base = 'A 9; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] refused';

describeInvariant(refusedButSold, {
  holds: {
    'compensated: a cancelled row is no possession': `${base}; F: b1×1 A, b2×1 A cancelled`,
    'rows without keys that others asked for': `${base}; buyer u1: b1; buyer u2: b2; F: ?×1 A by=u1`,
    'rows that name nobody and others asked for': `${base}; exclusive; F: ?×1 A`,
    'refused at first, then sold': `${base}; b2 buy(1) A [7,9] ok; F: b1×1 A, b2×1 A; b3 buy(1) A [1,6] refused`,
    'failed and empty-handed': `${base.replace('refused', 'fail')}; b3 buy(1) A [0,9] ok; F: b1×1 A, b3×1 A`,
  },
  violated: {
    'refused, with a ticket': `${base}; F: b1×1 A, b2×1 A`,
    'failed, with a ticket': `${base.replace('refused', 'fail')}; F: b1×1 A, b2×1 A`,
    'a row without a key names the buyer': `${base}; buyer u1: b1; buyer u2: b2; F: ?×1 A by=u1, ?×1 A by=u2`,
    'two refused tries of one buyer, and a row that names him': `${base}; b3 buy(1) A [2,9] fail; buyer u1: b1; buyer u2: b2, b3; F: ?×1 A by=u2`,
    'a row that names nobody, more than others asked for': `${base}; exclusive; F: ?×1 A, ?×1 A`,
    'a buyer who bought once and was refused once has two': `${base}; buyer u1: b1, b2; exclusive; F: ?×1 A by=u1, ?×1 A by=u1`,
    'refused twice, with a ticket of another pool': `${base}; B 1; b2 buy(1) A [7,9] refused; F: b1×1 A, b2×1 B`,
  },
  unknown: {
    'one try may have bought': `A 9; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] refused; b2 buy(1) A [7,9] info; F: b1×1 A, b2×1 A`,
    'rows that name nobody, and nobody vouches': `${base}; F: ?×1 A, ?×1 A`,
    'a row without a key names a buyer who bought, too, and nobody vouches': `${base}; buyer u1: b1, b2; F: ?×1 A by=u1, ?×1 A by=u1`,
    'rows that name nobody, more than others asked for, but a try may be missing': `${base}; exclusive; F: ?×1 A, ?×1 A; incomplete`,
    'a try may be missing': `${base}; F: b1×1 A, b2×1 A; incomplete`,
    'rows without keys, more than others asked for, in an unsettled state': `${base}; buyer u1: b1; buyer u2: b2; F: ?×1 A by=u1, ?×1 A by=u2, unsettled`,
    'nobody was refused, but for a payment':
      'A 9; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok; b3 pay A [2,6] refused; F: b1×1 A, b2×1 A',
    'nobody was refused, one only looked':
      'A 9; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok; b3 status A [2,6] ok; F: b1×1 A, b2×1 A',
    'nobody was refused': 'A 9; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok; F: b1×1 A, b2×1 A',
  },
});
