import { describe, expect, it } from 'vitest';
import { saleOf } from '../../lib/invariants/sale.ts';
import { CORRECT } from './cases.ts';
import { sale } from './notation.ts';

const gapsOf = (notation: string) => saleOf(sale(notation)).gaps;
const naming = (words: readonly string[]) => words.map((each) => expect.stringContaining(each));

const bought = 'A 9; b1 buy(2) A [0,5] ok; b2 buy(1) A [1,9] ok';

/** Some words of each gap, in order, and of no others. */
const gaps: Readonly<Record<string, readonly (readonly [string, string, ...string[]])[]>> = {
  'of the history and the state': [
    ['none in a correct sale', CORRECT],
    ['a history with holes', `${CORRECT}; incomplete`, 'The history is not complete'],
    ['no state', bought, 'was never read back'],
    ['a state that moves', `${bought}; F: b1×2 A, b2×1 A, unsettled`, 'No two readings agreed'],
    ['a state in part', `${bought}; F: b1×2 A, b2×1 A, partial`, 'The read-back is not complete'],
    ['an id twice', `${bought}; F: b1×2 A #x, b2×1 A #x`, 'Row ids repeat'],
    ['a reading before the end', `${bought}; F: b1×2 A, b2×1 A, read 8`, 'before the last'],
    ['a reading at the end', `${bought}; F: b1×2 A, b2×1 A, read 9`],
    [
      'a reading before the end by a clock that is off',
      `${bought}; clock 5; F: b1×2 A, b2×1 A, read 8`,
      'before the last',
    ],
    [
      'an order of the baseline, told again',
      `${bought} order=old; b3 hold A [2,4] ok order=mine; baseline old, mine; F: b1×2 A, ?×1 A #old`,
      '2 purchases got an order that was there before',
    ],
    [
      'an order of the baseline that was looked at, refused or cut off',
      `${bought} order=new; b3 status A [2,4] ok order=old; b4 buy A [2,4] info order=old; b5 buy A [2,4] refused order=old; baseline old; F: b1×2 A, b2×1 A #new`,
    ],
    [
      'all at once',
      `${bought}; incomplete; F: b1×2 A #x, b2×1 A #x, unsettled, partial, read 8`,
      'The history is not complete',
      'No two readings agreed',
      'The read-back is not complete',
      'Row ids repeat',
      'before the last',
    ],
  ],
  'of a reading that lags': [
    ['all there', `${bought}; F: b1×2 A, b2×1 A, lags`],
    ['one missing', `${bought}; F: b1×2 A, lags`, '1 acknowledged purchases are not whole'],
    ['a ticket missing', `${bought}; F: b1×1 A, b2×1 A, lags`, '1 acknowledged purchases are not'],
    ['both missing', `${bought}; F: lags`, '2 acknowledged purchases are not whole'],
    ['a ticket in another pool', `${bought}; B 9; F: b1×1 A, b1×1 B, b2×1 A, lags`],
    ['missing, and it does not lag', `${bought}; F: b1×2 A`],
    ['given back, says a row', `${bought}; F: b1×2 A, b2×1 A cancelled, lags`],
    ['given back, says the buyer', `${bought}; b2 cancel A [10,12] ok; F: b1×2 A, lags`],
    ['never confirmed', `${bought}; b3 buy A [2,4] refused; F: b1×2 A, b2×1 A, lags`],
    ['cut off', `${bought}; b3 buy A [2,4] info; F: b1×2 A, b2×1 A, lags`],
  ],
  'of what was tried': [
    ['two sales at once', `${bought}; F: b1×2 A, b2×1 A`],
    [
      'all refused',
      'A 9; b1 buy A [0,5] refused; b2 buy A [1,6] refused; F:',
      'Nothing was sold',
      'No two operations overlapped',
    ],
    [
      'a view that succeeded',
      'A 9; b1 buy A [0,5] refused; b2 view A [1,6] ok; F:',
      'Nothing was sold',
      'No two operations overlapped',
    ],
    ['a hold, and one refused', 'A 9; b1 hold A [0,5] ok; b2 hold A [1,6] refused; F: b1×1 A'],
    [
      'a sale that ends as another begins',
      'A 9; b1 buy A [0,5] ok; b2 buy A [5,6] ok; F: b1×1 A, b2×1 A',
      'No two operations overlapped',
    ],
    [
      'a refusal that ends after a sale begins',
      'A 9; b1 buy A [0,5] refused; b2 buy A [4,6] ok; F: b2×1 A',
    ],
    [
      'a refusal that ends as a sale begins',
      'A 9; b1 buy A [0,4] refused; b2 buy A [4,6] ok; F: b2×1 A',
      'No two operations overlapped',
    ],
    [
      'a refusal that begins as a sale ends',
      'A 9; b1 buy A [0,4] ok; b2 buy A [4,6] refused; F: b1×1 A',
      'No two operations overlapped',
    ],
    [
      'a long sale, a short one, and one within the long one',
      'A 9; B 9; b1 buy A [0,50] ok; b2 buy B [1,2] ok; b3 buy B [3,4] ok; F: b1×1 A, b2×1 B, b3×1 B',
      'No two operations overlapped',
    ],
    [
      'a cut-off request within a long one that was cut off',
      'A 9; b1 buy A [0,50] info; b2 buy A [1,2] info; b3 buy A [51,60] ok; F: b3×1 A',
      'No two operations overlapped',
    ],
    [
      'a sale within a request that was cut off long before',
      'A 9; b1 buy A [0,50] info; b2 buy A [1,2] info; b3 buy A [40,45] ok; F: b3×1 A',
    ],
    [
      'a sale beside what is no request for tickets',
      'A 9; b1 buy A [0,9] ok; b2 view A [1,2] ok; b2 status A [3,4] info; F: b1×1 A',
      'No two operations overlapped',
    ],
  ],
  'of names': [
    [
      'an unknown pool',
      `${CORRECT}; b8 view Z [0,5] ok; b9 view Y [0,5] ok`,
      '2 operations name a pool',
    ],
    [
      'a row of an unknown pool',
      `${CORRECT}, ?×1 Z`,
      'rows of pools that the fixture does not know',
    ],
    [
      'a key for two wishes',
      `${CORRECT}; b3 buy(2) A [9,9] refused`,
      '1 intents ask for different',
    ],
    [
      'less left than may be sold',
      CORRECT.replace('A 2', 'A 2 of 3'),
      'capacities are not certain: name what was left',
    ],
    [
      'a pool that stands there twice',
      CORRECT.replace('A 2', 'A 1; A 1'),
      'Pool ids repeat in the fixture',
    ],
  ],
};

describe.each(Object.entries(gaps))('a sale names the gaps %s', (_, cases) => {
  it.each(cases)('%s', (_name, notation, ...words) => {
    expect(gapsOf(notation).all).toEqual(naming(words));
  });
});

it('counts the purchases that are not whole', () => {
  const [gap] = gapsOf(`${bought}; F: b1×1 A, lags`).all;
  expect(gap).toMatch(/^2 acknowledged purchases are not whole/);
});

describe('the gaps of the state', () => {
  it('are told with what the target said of its reading', () => {
    const evidence = sale(`${bought}; F: b1×2 A, b2×1 A, unsettled, partial`);
    const told = (caveats: string[]) =>
      saleOf({ ...evidence, state: { ...evidence.state!, caveats } }).gaps.state;
    expect(told([])).toEqual([
      'No two readings agreed: leave the target alone for longer.',
      'The read-back is not complete: read every page and buyer.',
    ]);
    expect(told(['page 3 is gone', 'so is 4'])).toEqual([
      'No two readings agreed: leave the target alone for longer (page 3 is gone; so is 4).',
      'The read-back is not complete: read every page and buyer (page 3 is gone; so is 4).',
    ]);
  });

  it('are by themselves, beside those of the history', () => {
    const { history, state } = gapsOf(`${bought}; incomplete; F: b1×2 A, lags, read 8`);
    expect(history).toEqual(naming(['The history is not complete']));
    expect(state).toEqual(naming(['before the last']));
  });
});

it('says what speaks against a word that was given, and asks for no other', () => {
  const doubted = { ...sale(`${bought}; incomplete`), historyDoubt: 'The clock jumped.' };
  const [gap] = saleOf(doubted).gaps.history;
  expect(gap).toMatch(/^The history cannot be complete.* The clock jumped\. /);
  expect(gap).not.toContain('--history-complete');
  expect(saleOf({ ...sale(bought), historyDoubt: 'The clock jumped.' }).gaps.history).toEqual([]);
});
