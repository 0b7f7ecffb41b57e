import { describe, expect, it } from 'vitest';
import { stocksOf } from '../../../lib/invariants/counter/pool-stock.ts';
import type { Windows } from '../../../lib/invariants/counter/windows.ts';
import type { Evidence } from '../../../lib/invariants/invariant.ts';
import { saleOf } from '../../../lib/invariants/sale.ts';
import { sale } from '../notation.ts';

const NAMES = ['taken', 'mayTake', 'givenBack', 'mayGiveBack', 'momentary'] as const;

/** `b1#0 [0,5]×2`: two tickets of intent b1 by operation 0, at one moment from 0 to 5; `?` where nobody knows whose. */
function wordsOf(windows: Windows, { intentKeys }: Evidence['history']): string {
  return [...windows.start.keys()]
    .map((i) => {
      const intent = intentKeys[windows.intent[i]!]?.replace('onsale-r1-', 'b') ?? '?';
      const by = windows.operation[i] === -1 ? '' : `#${windows.operation[i]}`;
      const end = windows.end[i] === Number.POSITIVE_INFINITY ? '∞' : windows.end[i];
      return `${intent}${by} [${windows.start[i]},${end}]×${windows.tickets[i]}`;
    })
    .join(', ');
}

function stocksIn(notation: string, lenient: boolean): string[] {
  const evidence = sale(notation);
  return stocksOf(evidence, saleOf(evidence), lenient).map((stock) => {
    const windows = NAMES.filter((name) => stock[name].length > 0).map(
      (name) => `${name} ${wordsOf(stock[name], evidence.history)}`,
    );
    const flags = (['unclear', 'isExact'] as const).filter((flag) => stock[flag]);
    return [...windows, ...flags].join('; ');
  });
}

const one = 'b1 buy(1) A [0,5] ok';
const tookOne = 'taken b1#0 [0,5]×1; mayTake b1#0 [0,5]×1';
const held = 'b1 hold A [0,5] ok expires=20';

describe('what is known of a pool', () => {
  const purchases = {
    'A 9': ['isExact'],
    [`A 9; ${one}`]: [`${tookOne}; isExact`],
    'A 9; b1 buy(2) A [0,5] ok': ['taken b1#0 [0,5]×2; mayTake b1#0 [0,5]×2'],
    [`A 9; B 9; ${one}; b2 buy(1) B [1,2] ok; b3 buy(2) B [3,4] ok`]: [
      `${tookOne}; isExact`,
      'taken b2#1 [1,2]×1, b3#2 [3,4]×2; mayTake b2#1 [1,2]×1, b3#2 [3,4]×2',
    ],
    // What came to nothing may have held for a moment what it asked for; what was sold out, less.
    'A 9; b1 buy(1) A [0,5] refused': ['isExact'],
    'A 9; b1 buy(3) A [0,5] refused': ['momentary b1#0 [0,5]×2; isExact'],
    'A 9; b1 buy(3) A [0,5] refused too-many': ['momentary b1#0 [0,5]×3; isExact'],
    'A 9; b1 buy(3) A [0,5] fail': ['momentary b1#0 [0,5]×3; isExact'],
    // Without a reply: for good, or never by rows that would show it, or both where they cannot deny it.
    'A 9; b1 buy(1) A [0,5] info': ['mayTake b1#0 [0,∞]×1; isExact'],
    'A 9; b1 buy(1) A [0,5] info; F:': ['momentary b1#0 [0,∞]×1; isExact'],
    'A 9; b1 buy(1) A [0,5] info; F: unsettled': ['mayTake b1#0 [0,∞]×1; isExact'],
    'A 9; b1 buy(1) A [0,5] info; F: ?×1 A': [
      'mayTake b1#0 [0,∞]×1; momentary b1#0 [0,∞]×1; isExact',
    ],
    'A 9; b1 buy(1) A [0,5] info; F: b1×1 A, read 50': [
      'taken b1#0 [0,50]×1; mayTake b1#0 [0,50]×1; isExact',
    ],
    // However often it is tried, one certainly took effect, by the first reply; each may have.
    [`A 9; ${one}; b1 buy(1) A [6,9] ok`]: [`${tookOne}, b1#1 [6,9]×1; isExact`],
    'A 9; b1 buy(1) A [0,20] ok; b1 buy(1) A [6,9] ok': [
      'taken b1#0 [0,9]×1; mayTake b1#0 [0,20]×1, b1#1 [6,9]×1; isExact',
    ],
    'A 9; b1 buy(1) A [0,5] info; b1 buy(1) A [6,9] ok': [
      'taken b1#0 [0,9]×1; mayTake b1#0 [0,∞]×1, b1#1 [6,9]×1; isExact',
    ],
    // Who only looks, or is refused a payment or a cancellation, moves nothing or for a moment.
    'A 9; b1 avail A [0,1] ok value=9; b1 status A [1,2] ok state=none; b1 view A [2,3] ok': [
      'isExact',
    ],
    [`A 9; ${one}; b1 cancel A [6,9] refused; b1 status A [10,11] ok state=paid`]: [
      `${tookOne}; isExact`,
    ],
    [`A 9; ${one}; b1 pay A [6,9] refused; b1 pay A [6,9] fail`]: [
      `${tookOne}; momentary b1#1 [6,9]×1, b1#2 [6,9]×1; isExact`,
    ],
    // Of pools that nobody knows nothing is known.
    'A 9; b1 buy(2) Z [0,5] ok; b2 buy(2) Z [0,5] fail; b3 buy(2) Z [0,5] info; b4 cancel Z [0,1] ok; F: ?×1 Z':
      ['isExact'],
  };
  const returns = {
    [`A 9; ${one}; b1 cancel A [6,9] ok`]: [
      `${tookOne}; givenBack b1#1 [6,9]×1; mayGiveBack b1#1 [6,9]×1`,
    ],
    'A 9; b1 buy(2) A [0,5] ok; b1 cancel A [6,9] ok': [
      'taken b1#0 [0,5]×2; mayTake b1#0 [0,5]×2; givenBack b1#1 [6,9]×2; mayGiveBack b1#1 [6,9]×2',
    ],
    [`A 9; ${one}; b1 cancel A [6,9] info`]: [`${tookOne}; mayGiveBack b1#1 [6,∞]×1`],
    [`A 9; ${one}; b1 cancel A [6,9] ok; b1 cancel A [7,8] ok`]: [
      `${tookOne}; mayGiveBack b1#1 [6,∞]×1`,
    ],
    [`A 9; ${one}; b1 buy(1) A [1,6] ok; b1 cancel A [6,9] ok`]: [
      `${tookOne}, b1#1 [1,6]×1; mayGiveBack b1#2 [6,∞]×2`,
    ],
    'A 9; b1 buy(1) A [0,5] info; b1 cancel A [6,9] ok': [
      'mayTake b1#0 [0,∞]×1; mayGiveBack b1#1 [6,∞]×1',
    ],
    [`A 9; ${one}; b1 pay A [6,7] ok; b1 cancel A [8,9] ok`]: [
      `${tookOne}; givenBack b1#2 [8,9]×1; mayGiveBack b1#2 [8,9]×1`,
    ],
    // Nobody knows whose tickets come back.
    'A 9; b1 cancel A [0,1] ok': ['unclear; isExact'],
    'A 9; b1 pay A [0,1] info': ['unclear; isExact'],
    'A 9; b1 pay A [0,1] refused': ['momentary b1#0 [0,1]×1; isExact'],
    'A 9; b1 buy(1) A [0,5] refused': ['isExact'],
    'A 9; b1 buy(1) A [0,5] refused; b1 cancel A [6,9] ok': ['unclear; isExact'],
    'A 9; b1 buy(1) A [0,5] refused; b1 pay A [6,9] ok': ['unclear; isExact'],
    'A 9; b1 buy(1) A [0,5] refused; b1 pay A [6,7] ok; b1 cancel A [8,9] ok': ['unclear; isExact'],
    'A 9; B 9; b1 buy(1) A [0,5] ok; b1 buy(1) B [1,6] ok': [
      'mayTake b1#0 [0,5]×1; unclear; isExact',
      'mayTake b1#1 [1,6]×1; unclear; isExact',
    ],
    // A row shows it as cancelled, or a shop that forgets such does not have it: at any time, unless it is told when.
    [`A 9; ${one}; F: b1×1 A cancelled`]: [`${tookOne}; mayGiveBack b1#0 [0,∞]×1`],
    [`A 9; ${one}; F: forgets`]: [`${tookOne}; mayGiveBack b1#0 [0,∞]×1`],
    [`A 9; ${one}; b1 cancel A [6,9] ok; F: b1×1 A cancelled`]: [
      `${tookOne}; givenBack b1#1 [6,9]×1; mayGiveBack b1#1 [6,9]×1`,
    ],
    [`A 9; ${one}; F: b1×1 A`]: [`${tookOne}; isExact`],
  };
  const holds = {
    [`A 9; ${held}`]: [`${tookOne}; mayGiveBack b1#0 [20,∞]×1`],
    [`A 9; rule clockSkewMs=5; ${held}`]: [`${tookOne}; mayGiveBack b1#0 [15,∞]×1`],
    'A 9; rule holdMs=30; b1 hold A [2,5] ok': [
      'taken b1#0 [2,5]×1; mayTake b1#0 [2,5]×1; mayGiveBack b1#0 [32,∞]×1',
    ],
    'A 9; b1 hold A [2,5] ok': [
      'taken b1#0 [2,5]×1; mayTake b1#0 [2,5]×1; mayGiveBack b1#0 [2,∞]×1',
    ],
    'A 9; b1 hold A [0,5] ok expires=20; b1 hold A [6,9] ok expires=18': [
      `${tookOne}, b1#1 [6,9]×1; mayGiveBack b1#0 [18,∞]×2`,
    ],
    // A hold that was paid for in time does not expire; one that may not have been may be taken anew.
    [`A 9; ${held}; b1 pay A [6,7] ok`]: [`${tookOne}; isExact`],
    [`A 9; ${held}; b1 pay A [6,20] ok`]: [
      'taken b1#0 [0,5]×1; mayTake b1#0 [0,5]×1, b1#1 [6,20]×1; mayGiveBack b1#0 [20,∞]×2',
    ],
    [`A 9; clock 2; ${held}; b1 pay A [6,16] ok`]: [
      'taken b1#0 [0,5]×1; mayTake b1#0 [0,5]×1, b1#1 [6,16]×1; mayGiveBack b1#0 [20,∞]×2',
    ],
    [`A 9; clock 2; ${held}; b1 pay A [6,15] ok`]: [`${tookOne}; isExact`],
    [`A 9; ${held}; b1 pay A [6,7] info`]: [
      'taken b1#0 [0,5]×1; mayTake b1#0 [0,5]×1, b1#1 [6,∞]×1; mayGiveBack b1#0 [20,∞]×2',
    ],
    'A 9; b1 hold A [0,5] ok expires=20; b1 hold A [6,9] ok expires=18; b1 pay A [10,11] ok': [
      'taken b1#0 [0,5]×1; mayTake b1#0 [0,5]×1, b1#1 [6,9]×1, b1#2 [10,11]×1; mayGiveBack b1#0 [18,∞]×3',
    ],
    // Given back: surely, unless it may have been taken anew.
    [`A 9; ${held}; b1 cancel A [6,9] ok`]: [
      `${tookOne}; givenBack b1#1 [6,9]×1; mayGiveBack b1#1 [6,9]×1`,
    ],
    [`A 9; ${held}; b1 cancel A [30,35] ok`]: [
      `${tookOne}; givenBack b1#1 [20,35]×1; mayGiveBack b1#1 [20,35]×1`,
    ],
    [`A 9; ${held}; b1 pay A [6,7] ok; b1 cancel A [8,9] ok`]: [
      `${tookOne}; givenBack b1#2 [8,9]×1; mayGiveBack b1#2 [8,9]×1`,
    ],
    [`A 9; ${held}; b1 pay A [6,7] info; b1 cancel A [8,9] ok`]: [
      'taken b1#0 [0,5]×1; mayTake b1#0 [0,5]×1, b1#1 [6,∞]×1; mayGiveBack b1#2 [8,∞]×2',
    ],
  };
  const cases = Object.entries({ ...purchases, ...returns, ...holds });
  it.each(cases)('by its replies: %s', (notation, stocks) => {
    expect(stocksIn(notation, false)).toEqual(stocks);
  });
});

describe('what is known of a pool whose shop did not keep to its replies', () => {
  const cases = {
    [`A 9; ${one}`]: [`${tookOne}; isExact`],
    [`A 9; ${one}; F: b1×1 A`]: [`${tookOne}; isExact`],
    // What the rows do not have was not certainly taken, if they can be relied on.
    [`A 9; ${one}; F:`]: ['mayTake b1#0 [0,5]×1; isExact'],
    'A 9; b1 buy(2) A [0,5] ok; F: b1×1 A': ['taken b1#0 [0,5]×1; mayTake b1#0 [0,5]×2'],
    'A 9; b1 buy(2) A [0,5] ok; F: b1×1 A, unsettled': ['taken b1#0 [0,5]×2; mayTake b1#0 [0,5]×2'],
    'A 9; b1 buy(2) A [0,5] ok; F: b1×1 A, lags': ['taken b1#0 [0,5]×2; mayTake b1#0 [0,5]×2'],
    'A 9; b1 buy(2) A [0,5] ok; F: b1×1 A, b1×1 A cancelled': [
      'taken b1#0 [0,5]×2; mayTake b1#0 [0,5]×2; mayGiveBack b1#0 [0,∞]×2',
    ],
    // What they have beyond what was asked for may have been taken, from the first that was heard of the intent.
    'A 9; b1 status A [1,2] ok state=none; b1 buy(1) A [3,5] ok; F: b1×3 A': [
      'taken b1#1 [3,5]×1; mayTake b1#1 [3,5]×1, b1 [1,∞]×2; isExact',
    ],
    'A 9; b1 buy(2) A [0,5] ok; b1 buy(2) A [1,6] ok; F: b1×5 A': [
      'taken b1#0 [0,5]×2; mayTake b1#0 [0,5]×2, b1#1 [1,6]×2, b1 [0,∞]×1',
    ],
    'A 9; b1 buy(1) A [3,5] refused; F: b1×1 A': ['mayTake b1 [3,∞]×1; isExact'],
    // Rows of nobody we know, all along.
    'A 9; B 9; b1 buy(1) A [3,5] ok; b2 buy(1) A [4,5] refused; F: b1×1 A, ?×2 A': [
      'taken b1#0 [3,5]×1; mayTake b1#0 [3,5]×1, ? [3,∞]×2; isExact',
      'isExact',
    ],
    'A 9; F: ?×2 A': ['mayTake ? [0,∞]×2; isExact'],
  };
  it.each(Object.entries(cases))('%s', (notation, stocks) => {
    expect(stocksIn(notation, true)).toEqual(stocks);
  });

  it('is not asked of who keeps to his replies', () => {
    expect(stocksIn('A 9; b1 buy(1) A [3,5] ok; F: b1×3 A, ?×2 A', false)).toEqual([
      'taken b1#0 [3,5]×1; mayTake b1#0 [3,5]×1; isExact',
    ]);
  });
});
