import { expect, it } from 'vitest';
import { saleWindow } from '../../lib/invariants/sale-window.ts';
import { decided, describeInvariant } from './cases.ts';
import { sale } from './notation.ts';

const WINDOW =
  'A 2; rule opensAt=100 closesAt=200; b1 buy A [10,20] refused early; b2 buy A [100,150] ok; b3 buy A [101,150] ok; b4 buy A [210,220] refused late; F: b2×1 A at=110, b3×1 A at=120';

describeInvariant(
  saleWindow,
  {
    holds: {
      'acknowledged just after the opening': WINDOW.replace(
        'b2 buy A [100,150]',
        'b2 buy A [90,150]',
      ),
      'within the skew of clocks': `${WINDOW.replace('b2 buy A [100,150]', 'b2 buy A [90,97]').replace('[101,150]', '[95,150]')}; rule clockSkewMs=3`,
      'told again after the closing': `${WINDOW}; b2 buy A [230,240] ok`,
    },
    violated: {
      'before the opening': WINDOW.replace('refused early', 'ok'),
      'after the closing': WINDOW.replace('refused late', 'ok'),
      'a hold before the opening': WINDOW.replace(
        'b1 buy A [10,20] refused early',
        'b1 hold A [10,20] ok',
      ),
      'a row made before the opening': WINDOW.replace('at=110', 'at=99'),
      'a row made after the closing': WINDOW.replace('at=110', 'at=201'),
    },
    unknown: {
      'nobody came early': WINDOW.replace('b1 buy A [10,20] refused early; ', ''),
      'nobody came late': WINDOW.replace('b4 buy A [210,220] refused late; ', ''),
      'a lost reply, answered later': `${WINDOW}; b5 buy A [190,199] info; b5 buy A [230,240] ok; F: b5×1 A, partial`,
      'a row outside in a reading that changed': `${WINDOW.replace('at=110', 'at=99')}, unsettled`,
    },
  },
  WINDOW,
);

it('is beside the point where no time is promised', () => {
  expect(saleWindow.isBeside!(sale('A 2; b1 buy A [0,5] ok'))).toMatch(/No opening/);
});

it('accuses no stranger’s row', () => {
  expect(decided(saleWindow, `${WINDOW}, ?×1 A at=5`).value).not.toBe('violated');
});
