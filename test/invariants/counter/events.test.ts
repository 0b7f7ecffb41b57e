import { expect, it } from 'vitest';
import { type Events, eventsOf } from '../../../lib/invariants/counter/events.ts';
import { counterOf } from './counter-of.ts';

/** One event a line: `+2 of 7 [0,9]` for tickets of intent 7 that go, `saw 5..5 [6,7]` for a sighting. */
function listed({ length, start, end, moved, low, high, intent }: Events): string[] {
  return Array.from({ length }, (_, i) => {
    const tickets = moved[i]! > 0 ? `+${moved[i]}` : String(moved[i]);
    const what = moved[i] === 0 ? `saw ${low[i]}..${high[i]}` : `${tickets} of ${intent[i]}`;
    return `${what} [${start[i]},${end[i]}]`;
  });
}

it.each<[string, string, readonly string[]]>([
  ['nothing happened', 'saw 0 [0,1]', ['saw 0..0 [0,1]']],
  [
    'all that moved, may have moved and was seen, by start',
    '2 taken@1 [3,9]; 2 back@1 [5,8]; 4 mayTake@2 [1,]; saw 5 [2,4]; refused 3 [0,7]; most 1 [6,6]; 3 taken@3 [4,5]; 3 mayBack@3 [7,]; 6 mayTake [8,]?',
    [
      'saw 3..Infinity [0,7]',
      '+4 of 2 [1,Infinity]',
      'saw 5..5 [2,4]',
      '+2 of 1 [3,9]',
      '+3 of 3 [4,5]',
      '-2 of 1 [5,8]',
      'saw -Infinity..1 [6,6]',
      '-3 of 3 [7,Infinity]',
      '+6 of -1 [8,Infinity]',
    ],
  ],
  [
    'what came back though it never went',
    '1 back@1 [0,1]; 1 back@2 [2,3]; 1 back@3 [4,5]',
    ['-1 of 1 [0,1]', '-1 of 2 [2,3]', '-1 of 3 [4,5]'],
  ],
  // Placed without its end, it could come after a sighting that it must come before.
  [
    'not what may have gone by a certain time only',
    '1 mayTake [0,1]; saw 0 [2,3]',
    ['saw 0..0 [2,3]'],
  ],
  [
    'not that an intent whose tickets went may have taken more',
    '1 taken@1 [0,1]; 1 mayTake@1 [0,]',
    ['+1 of 1 [0,1]'],
  ],
  [
    'not what came back for certain as what may have',
    '1 taken@1 [0,1]; 1 back@1 [2,3]',
    ['+1 of 1 [0,1]', '-1 of 1 [2,3]'],
  ],
  // Of four tickets of two attempts, of which one took two, only two can be there to come back.
  ['not more coming back than went', '2 taken@1 [0,1]; 4 mayBack@1 [2,]', ['+2 of 1 [0,1]']],
  ['not fewer coming back than went', '2 taken@1 [0,1]; 1 mayBack@1 [2,]', ['+2 of 1 [0,1]']],
  [
    'nothing that may have come back of what only may have gone',
    '1 mayTake@1 [0,]; 1 mayBack@1 [2,]',
    ['+1 of 1 [0,Infinity]'],
  ],
  [
    'what may have come back as what need not, whatever its end',
    '1 taken@1 [0,1]; 1 mayBack@1 [2,3]',
    ['+1 of 1 [0,1]', '-1 of 1 [2,Infinity]'],
  ],
])('lists %s', (_, notation, expected) => {
  const { stock, seen } = counterOf(notation);
  expect(listed(eventsOf(stock, seen))).toEqual(expected);
});
