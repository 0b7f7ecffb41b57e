import { describe, expect, it } from 'vitest';
import { decideAll } from '../../lib/invariants/registry.ts';
import { sale } from './notation.ts';
import { spansIn } from './spans-in.ts';

describe('a reply that may tell again what an earlier one told', () => {
  const RETRIED = 'rule holdMs=20; b1 hold A [0,5] info; b1 hold A [6,9] ok';
  const BOUGHT = 'b1 buy A [0,2] ok; b1 cancel A [3,4] ok; b1 buy A [5,8] ok';

  it.each<[string, string, string[]]>([
    ['is of a hold that was made as early', RETRIED, ['b1 hold [9, 20)']],
    [
      'is so where keys are promised to be known',
      `rule idempotency=replay; ${RETRIED}`,
      ['b1 hold [9, 20)'],
    ],
    [
      'tells of itself where keys mean nothing',
      `rule idempotency=none; ${RETRIED}`,
      ['b1 hold [9, 26)'],
    ],
    [
      'is of a hold as early as the first of several',
      `${RETRIED}; b1 hold A [7,10] ok`,
      ['b1 hold [9, 20)', 'b1 hold [10, 20)'],
    ],
    [
      'ends when it says',
      `b1 hold A [0,5] info; b1 hold A [6,9] ok expires=60`,
      ['b1 hold [9, 60)'],
    ],
    [
      'does not tell of what was refused or failed',
      'rule holdMs=20; b1 hold A [0,5] refused; b1 hold A [1,5] fail; b1 hold A [6,9] ok',
      ['b1 hold [9, 26)'],
    ],
    [
      'does not tell of another kind of request',
      'rule holdMs=20; b1 status A [0,5] ok; b1 pay A [1,5] info; b1 hold A [6,9] ok',
      ['b1 hold [9, 26)'],
    ],
    [
      'does not tell of others',
      'rule holdMs=20; b1 hold A [0,5] ok; b2 hold A [6,9] ok; b3 hold A [3,4] info',
      ['b1 hold [5, 20)', 'b2 hold [9, 26)'],
    ],
    [
      'may be of what was given back in the meantime',
      BOUGHT,
      ['b1 purchase [2, 3)', 'b1 purchase ~[0, 9)'],
    ],
    [
      'may be of what was given back in the meantime, by clocks that differ',
      'clock 1; b1 buy A [0,1] ok; b1 cancel A [4,5] ok; b1 buy A [8,9] ok',
      ['b1 purchase [2, 3)', 'b1 purchase ~[-1, 11)'],
    ],
    [
      'is not of what was given back before the first',
      'b1 cancel A [0,1] ok; b1 buy A [2,3] ok; b1 buy A [4,5] ok',
      ['b1 purchase [3, Infinity)', 'b1 purchase [5, Infinity)'],
    ],
    [
      'is not of a first payment after what was given back',
      `b1 hold A [0,2] ok expires=60; b1 cancel A [3,4] ok; b1 pay A [5,8] ok`,
      ['b1 hold [2, 3)', 'b1 pay [8, Infinity)'],
    ],
  ])('%s', (_, notation, spans) => {
    expect(spansIn(notation)).toEqual(spans);
  });

  it.each([
    ['expired', 'rule holdMs=20; b1 hold A [0,5] info; b1 hold A [6,9] ok; b2 buy A [24,25] ok'],
    ['was given back', `${BOUGHT}; b2 buy A [5,6] ok`],
  ])('accuses nobody who sold again what %s', (_, notation) => {
    const verdictOf = (text: string) =>
      decideAll(sale(`A 1; ${text}`), ['oversell-instant'])[0]!.value;
    expect(verdictOf(notation)).toBe('unknown');
    expect(verdictOf(`rule idempotency=none; ${notation}`)).toBe('violated');
  });
});
