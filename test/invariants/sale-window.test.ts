import { expect, it } from 'vitest';
import { saleWindow } from '../../lib/invariants/sale-window.ts';
import { decided, describeGaps, describeInvariant, describeShown } from './cases.ts';
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
      'before the opening, in a history that is not complete': `${WINDOW.replace('refused early', 'ok')}; incomplete`,
      'a row made before the opening': WINDOW.replace('at=110', 'at=99'),
      'a row made after the closing': WINDOW.replace('at=110', 'at=201'),
    },
    unknown: {
      'nobody came early': WINDOW.replace('b1 buy A [10,20] refused early; ', ''),
      'nobody came late': WINDOW.replace('b4 buy A [210,220] refused late; ', ''),
      'a lost reply, answered later': `${WINDOW}; b5 buy A [190,199] info; b5 buy A [230,240] ok; F: b5×1 A, partial`,
      'after the closing, but it may have been asked for before': `${WINDOW.replace('refused late', 'ok')}; incomplete`,
      'a row outside in a reading that changed': `${WINDOW.replace('at=110', 'at=99')}, unsettled`,
    },
  },
  WINDOW,
);

const EARLY = 'Nobody tried before the opening';
const LATE = 'Nobody tried after the closing';

describeGaps(saleWindow, {
  [WINDOW]: [],
  [WINDOW.replace('b1 buy A [10,20] refused early; ', '')]: [EARLY],
  [WINDOW.replace('b4 buy A [210,220] refused late; ', '')]: [LATE],
  // Only the one that is promised has to be tried.
  [WINDOW.replace('opensAt=100 ', '').replace('b1 buy A [10,20] refused early; ', '')]: [],
  [WINDOW.replace(' closesAt=200', '').replace('b4 buy A [210,220] refused late; ', '')]: [],
  [WINDOW.replace('opensAt=100 ', '').replace('b4 buy A [210,220] refused late; ', '')]: [LATE],
});

describeShown(saleWindow, {
  // Answered in the very moment of the opening, asked for in that of the closing: neither was outside.
  [`${WINDOW}; b5 buy A [90,100] refused; b6 buy A [200,205] refused; b7 buy A [201,203] refused`]:
    'holds: triedBefore=1, triedAfter=2, sold=0, rows=0',
  // Looking is no try.
  [`${WINDOW}; b5 avail A [10,20] ok value=2; b6 avail A [210,220] ok value=0`]:
    'holds: triedBefore=1, triedAfter=1, sold=0, rows=0',
});

it('says how many came outside, early and late', () => {
  expect(decided(saleWindow, WINDOW).summary).toMatch(/^2 buyers came/);
});

it('is beside the point where no time is promised', () => {
  expect(saleWindow.isBeside!(sale('A 2; b1 buy A [0,5] ok'))).toMatch(/No opening/);
});

it('accuses no stranger’s row', () => {
  expect(decided(saleWindow, `${WINDOW}, ?×1 A at=5`).value).not.toBe('violated');
});

/** Open from 10 to 20; the two clocks may differ by 2, the generator's counts whole milliseconds. */
const open = 'A 9; rule opensAt=10 closesAt=20 clockSkewMs=2; clock 1; b9 buy A [12,14] ok';

it.each([
  ['answered when the shop may just have opened', 'b1 buy A [0,7] ok', false],
  ['answered before', 'b1 buy A [0,6] ok', true],
  ['asked for when it may just be closing', 'b1 buy A [23,29] ok', false],
  ['asked for after', 'b1 buy A [24,29] ok', true],
  [
    'asked for after, having only looked in time',
    'b1 avail A [12,13] ok; b1 buy A [24,29] ok',
    true,
  ],
  [
    'asked for after, having been refused in time',
    'b1 buy A [12,13] refused; b1 buy A [24,29] ok',
    true,
  ],
  [
    'asked for after, the first try unanswered',
    'b1 buy A [12,13] info; b1 buy A [24,29] ok',
    false,
  ],
  [
    'asked for after, the first try at the last moment',
    'b1 buy A [23,24] info; b1 buy A [24,29] ok',
    false,
  ],
  ['made at the first moment', 'F: b9×1 A at=7', false],
  ['made before', 'F: b9×1 A at=6', true],
  ['made at the last moment', 'F: b9×1 A at=23', false],
  ['made after', 'F: b9×1 A at=24', true],
  ['made by a stranger before', 'F: b9×1 A, ?×1 A at=1', false],
  ['made before, for another run', 'F: b9×1 A, onsale-r2-1×1 A at=1', false],
  ['made before, in a state that changed', 'F: b9×1 A at=6, unsettled', false],
])('%s', (_, notation, isWrong) => {
  const { value } = decided(saleWindow, `${open}; ${notation}`);
  expect(value === 'violated').toBe(isWrong);
});

it.each([
  ['rule opensAt=10', false],
  ['rule closesAt=20', false],
  ['rule opensAt=10 closesAt=20', false],
  ['rule buyerLimit=1', true],
])('is beside the point where %s is all that is promised: %s', (rules, isBeside) => {
  expect(saleWindow.isBeside!(sale(`A 2; ${rules}`)) !== null).toBe(isBeside);
});
