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
  // Nor twice, nor tickets that never went.
  ['1 back@1 [0,9]', 0, false],
  ['1 taken@1 [0,1]; 1 back@1 [2,3]; 1 back@1 [4,5]; saw -1 [6,7]', 0, false],
  // Tried too early, 1 comes back after 2 went.
  [
    '1 taken@1 [0,1]; 1 taken@2 [2,30]; 1 back@1 [2,20]; 1 back@2 [2,40]; saw 2 [2,50]; saw 0 [2,25]',
    0,
    true,
  ],
  // 7 are gone only if the ticket of 0 comes back before it went; that a sighting was tried and taken back changes nothing.
  [
    '5 taken@1 [0,10]; 8 taken@2 [0,20]; 1 taken@0 [0,30]; 1 mayBack@0 [0,]; refused 5 [0,15]; saw 7 [0,20]',
    0,
    false,
  ],
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

it.each<[string, string, number]>([
  // Of one take and one sighting, until either is placed: the time they last, of the time there is, is two looks as well.
  ['the take and the sighting', '1 taken [0,10]; saw 1 [0,10]', 2],
  ['the take and the sighting that follows', '1 taken [0,1]; saw 1 [2,3]', 2],
  ['the sighting and what may have been taken', '1 mayTake [0,]; saw 1 [4,5]', 2],
  // 3; 1 to compare; 3 is placed. 2 more; 2 is placed. 1 more; 2 and 3 are taken back, a look each. 2 is placed; 3 more.
  ['all that is tried, compared and taken back', '3 taken [0,5]; 2 taken [0,6]; saw 2 [0,9]', 12],
  // 3; 1 to compare; 2 is placed, not 6 that ends before. 2 more; the sighting is placed. 1 more.
  ['what a sighting needs that comes second', '6 taken [0,8]; saw 2 [1,10]; 2 taken [2,9]', 7],
  // 5; 1 to compare; 2 is placed. 3 more; the urgent sighting is placed. 3 more; 6 is placed, and both that are left.
  [
    'what the sighting needs that ends first',
    '6 taken [0,5]; 2 taken [0,6]; saw 8 [0,20]; saw 2 [0,10]; saw 8 [0,20]',
    12,
  ],
  // 4; 1 to compare; 2 is placed. 2 more; its sighting is placed. 2 more; 6 is placed.
  [
    'what the first of two sightings needs that end together',
    '6 taken [0,5]; 2 taken [0,6]; saw 2 [0,10]; saw 8 [0,10]',
    9,
  ],
])('looks at %s, and no more', (_, notation, looks) => {
  const { stock, seen } = counterOf(notation);
  const found = (looksMax: number) => hasOrder(stock, seen, { slackMs: 0, looksMax });
  expect(found(looks)).toBe(true);
  expect(found(looks - 1)).toBe(false);
});

it.each<[string, readonly [number, number, number, number]]>([
  ['high', [1, 5, 84, 88]],
  ['low', [3, 5, 123, 173]],
])('tells sets of placed events apart whose marks agree in the %s bits', (_, [a, b, c, last]) => {
  // Events are numbered by start. The bits of a and b together are those of c and the last: one of each of 2²⁶ are.
  const moves = [`1 taken [${a},400]`, `1 taken [${b},401]`, `3 taken [${c},402]`];
  const others = Array.from({ length: last }, (_, k) => k).filter((k) => ![a, b, c].includes(k));
  const seen = [...others.map((k) => `saw 0 [${k},500]`), `saw 3 [${last},300]`];
  const { stock, seen: sightings } = counterOf([...moves, ...seen].join('; '));
  // That a and b led nowhere is known before c is tried, after which 3 are gone.
  expect(hasOrder(stock, sightings, { slackMs: 0, looksMax: 20_000 })).toBe(true);
});
