import { expect, it } from 'vitest';
import { hasOrder } from '../../../lib/invariants/counter/search.ts';
import { counterOf } from './counter-of.ts';

const times = (n: number, of: string) => Array.from({ length: n }, () => of).join('; ');

it.each<[string, number, boolean]>([
  // Tickets come back only once they are gone, and are not taken twice.
  ['1 taken@1 [0,9]; 1 back@1 [0,9]; saw 1 [0,9]; saw 0 [0,9]', 0, true],
  ['1 taken@1 [0,9]; 1 back@1 [0,9]; saw 0 [10,11]', 0, true],
  ['1 taken@1 [0,9]; 1 back@1 [0,9]; saw 1 [10,11]', 0, false],
  ['1 taken@1 [5,9]; 1 back@1 [0,9]; saw -1 [0,4]', 0, false],
  ['1 taken@1 [0,9]; 1 taken@2 [0,9]; 1 back@1 [0,9]; 1 back@2 [0,9]; saw -1 [0,9]', 0, false],
  ['1 taken@1 [0,9]; 1 taken@2 [0,9]; 1 back@1 [0,9]; 1 back@2 [0,9]; saw 2 [0,9]', 0, true],
  ['1 taken@1 [0,1]; 1 mayBack@1 [2,]; saw 1 [2,3]; saw 0 [4,5]', 0, true],
  ['1 taken@1 [0,1]; 1 mayBack@1 [2,]; saw 0 [2,3]; saw 1 [4,5]', 0, false],
  ['1 taken@1 [0,1]; 1 mayBack@1 [6,]; saw 0 [4,5]', 0, false],
  ['1 taken@1 [0,1]; 1 mayBack@1 [6,]; saw 0 [4,5]', 1, true],
  ['2 taken@1 [0,1]; 2 mayBack@1 [2,]; 3 taken@2 [2,3]; saw 3 [4,5]; saw 5 [2,3]', 0, true],
  ['2 taken@1 [0,1]; 2 mayBack@1 [2,]; 3 taken@2 [2,3]; saw 3 [2,3]; saw 0 [2,3]', 0, true],
  ['2 taken@1 [0,1]; 2 mayBack@1 [2,]; 3 taken@2 [2,3]; saw 1 [2,3]; saw 0 [2,3]', 0, false],
  // Nor once a move has been taken back.
  ['1 taken@1 [0,20]; 1 mayBack@1 [6,]; 2 taken@2 [0,20]; saw 2 [0,5]; saw 1 [7,8]', 0, false],
  // What need not have happened is placed where a sighting needs it.
  ['1 mayTake [0,]; saw 1 [4,5]', 0, true],
  ['1 mayTake [0,]; saw 0 [4,5]', 0, true],
  ['1 mayTake [6,]; saw 1 [4,5]', 0, false],
  ['1 mayTake [6,]; saw 1 [4,5]', 1, true],
  ['1 mayTake [0,]; saw 1 [2,3]; saw 0 [4,5]', 0, false],
  ['2 mayTake [0,]; 3 mayTake [0,]; 4 mayTake [0,]; saw 7 [1,2]; saw 9 [3,4]', 0, true],
  ['2 mayTake [0,]; 3 mayTake [0,]; 4 mayTake [0,]; saw 6 [1,2]; saw 9 [3,4]', 0, true],
  ['2 mayTake [0,]; 3 mayTake [0,]; 4 mayTake [0,]; saw 8 [1,2]', 0, false],
  [
    '5 mayTake [0,]; 4 mayTake [0,]; 3 mayTake [0,]; saw 3 [1,2]; saw 7 [3,4]; saw 12 [5,6]',
    0,
    true,
  ],
  [
    '5 mayTake [0,]; 4 mayTake [0,]; 3 mayTake [0,]; saw 3 [1,2]; saw 8 [3,4]; saw 9 [5,6]',
    0,
    false,
  ],
  // Only the first 32 of them are tried.
  [`${times(31, '2 mayTake [0,]')}; 1 mayTake [1,]; saw 1 [4,5]`, 0, true],
  [`${times(32, '2 mayTake [0,]')}; 1 mayTake [1,]; saw 1 [4,5]`, 0, false],
  // Each at one moment of its window, with what clocks may be off.
  ['1 taken [0,5]; saw 0 [0,5]; saw 1 [0,5]; saw 1 [6,7]', 0, true],
  ['1 taken [0,5]; saw 0 [6,7]', 0, false],
  ['1 taken [0,5]; saw 0 [5,7]', 0, true],
  ['1 taken [0,5]; saw 0 [6,7]', 1, true],
  ['1 taken [0,5]; saw 0 [7,8]', 1, false],
  ['1 taken [6,7]; saw 1 [0,5]', 0, false],
  ['1 taken [5,7]; saw 1 [0,5]', 0, true],
  ['1 taken [6,7]; saw 1 [0,5]', 1, true],
  ['2 taken [0,9]; 3 taken [0,9]; saw 3 [1,2]; saw 5 [3,4]', 0, true],
  ['2 taken [0,9]; 3 taken [0,9]; saw 2 [1,2]; saw 3 [3,4]', 0, false],
  ['2 taken [0,9]; 3 taken [0,9]; 4 taken [0,9]; saw 4 [1,2]; saw 6 [3,4]; saw 9 [5,6]', 0, true],
  ['2 taken [0,9]; 3 taken [0,9]; 4 taken [0,9]; saw 4 [1,2]; saw 6 [3,4]; saw 8 [5,6]', 0, false],
  ['refused 2 [0,9]; most 1 [0,9]; 1 taken [0,9]; 1 taken [0,9]', 0, true],
  ['refused 3 [0,9]; 1 taken [0,9]; 1 taken [0,9]', 0, false],
  ['most -1 [0,9]; 1 taken [0,9]', 0, false],
  ['saw 0 [0,9]', 0, true],
  ['1 taken [0,9]', 0, true],
])('%s, slack %i: an order was found: %s', (notation, slackMs, expected) => {
  const { stock, seen } = counterOf(notation);
  expect(hasOrder(stock, seen, { slackMs, looksMax: 20_000 })).toBe(expected);
});

const each = (n: number, of: (k: number) => string) =>
  Array.from({ length: n }, (_, k) => of(k)).join('; ');

it.each<[string, string, number]>([
  [
    'what ends first comes first',
    `${each(8, (k) => `1 taken [0,${97 - 10 * k}]`)}; ${each(8, (k) => `saw ${k + 1} [${10 * k + 21},${10 * k + 26}]`)}`,
    120,
  ],
  [
    'what brings a sighting nearer comes first',
    `${each(6, (k) => `${k + 1} taken [0,99]`)}; saw 6 [0,1]; saw 11 [2,3]; saw 15 [4,5]`,
    80,
  ],
  [
    'what must happen comes before what may',
    `${each(10, (k) => `${(k % 3) + 1} mayTake [0,]`)}; 5 taken [0,50]; 4 taken [0,40]; saw 9 [0,1]; saw 12 [2,3]; saw 15 [4,5]`,
    102,
  ],
  [
    'what comes back is found as soon as what goes',
    `${each(5, (k) => `2 taken@${k} [0,50]; 2 mayBack@${k} [1,]`)}; saw 4 [0,3]; saw 2 [4,5]; saw 8 [6,7]; saw 0 [60,61]`,
    110,
  ],
  [
    'what led nowhere is not tried again',
    `${each(8, (k) => `${2 ** (k % 4) + 1} taken [0,99]`)}; saw 9 [0,1]; saw 14 [2,3]; saw 20 [4,5]; saw 29 [6,7]`,
    1850,
  ],
])('%s, so that few looks are enough', (_, notation, looksMax) => {
  const { stock, seen } = counterOf(notation);
  expect(hasOrder(stock, seen, { slackMs: 0, looksMax })).toBe(true);
});
