import { describe, expect, it } from 'vitest';
import {
  bearingOn,
  type Contradiction,
  deedsOf,
  explain,
  shownOf,
  sizeOf,
} from '../../../lib/invariants/counter/contradiction.ts';
import type { Direction } from '../../../lib/invariants/counter/counter.ts';
import { saleOf } from '../../../lib/invariants/sale.ts';
import { sale } from '../notation.ts';
import { counterOf } from './counter-of.ts';

type Told = Partial<Contradiction> | null;
const since = (earlier: number | null, of: Told): Told => ({ earlier, ...of });

describe('the contradiction on which fewest operations bear', () => {
  const one = (of: Partial<Contradiction> = {}): Told => ({
    ...{ certain: 1, against: 0, intents: [101], decisive: [1] },
    ...of,
  });
  it.each<[string, number, Told]>([
    // From the beginning, or from an earlier sighting, whichever takes fewer operations.
    ['saw 0 [0,1]; 1 taken [2,3]; saw 0 [4,5]', 0, since(null, one({ later: 2 }))],
    ['saw 1 [0,1]; 1 taken [2,3]; saw 1 [4,5]; 1 mayTake [0,1]', 0, since(0, one({ later: 2 }))],
    [
      '1 taken [0,1]; 1 taken [2,3]; 1 taken [4,5]; saw 3 [6,7]; 1 taken [8,9]; saw 3 [10,11]',
      0,
      since(3, { certain: 1, intents: [104], decisive: [4] }),
    ],
    [
      '1 taken [0,1]; saw 1 [2,3]; 1 taken [4,5]; saw 1 [10,11]',
      0,
      since(null, { certain: 2, intents: [100, 102], decisive: [0, 2] }),
    ],
    // Between means strictly between, each moment with what clocks may be off.
    ['saw 1 [0,1]; 1 taken [1,3]; saw 1 [4,5]', 0, null],
    ['saw 1 [0,1]; 1 taken [2,4]; saw 1 [4,5]', 0, null],
    ['saw 1 [0,4]; 1 taken [5,6]; saw 1 [4,9]', 0, null],
    ['saw 1 [0,1]; 1 taken [2,3]; saw 1 [5,6]', 1, null],
    ['saw 1 [0,1]; 1 taken [3,4]; saw 1 [5,6]', 1, null],
    ['saw 1 [0,1]; 1 taken [3,3]; saw 1 [5,6]', 1, since(0, one({ later: 2 }))],
    ['1 taken [0,3]; saw 0 [4,6]', 1, null],
    ['1 taken [0,2]; saw 0 [4,6]', 1, since(null, { decisive: [0] })],
    // What may have come back by the end of the later one is taken off, but for what came back before the earlier one.
    ['saw 1 [3,4]; 1 taken [5,6]; saw 1 [7,8]; 1 mayBack [8,9]', 0, null],
    ['saw 1 [3,4]; 1 taken [5,6]; saw 1 [7,8]; 1 mayBack [9,9]', 0, since(0, one())],
    ['saw 1 [3,4]; 1 taken [5,6]; saw 1 [7,8]; 1 mayBack [9,9]', 1, null],
    ['saw 1 [3,4]; 1 taken [5,6]; saw 1 [7,8]; 1 mayBack [0,3]', 0, null],
    ['saw 1 [3,4]; 1 taken [5,6]; saw 1 [7,8]; 1 mayBack [0,2]', 0, since(0, one())],
    ['saw 1 [3,4]; 1 taken [6,6]; saw 1 [8,8]; 1 mayBack [0,2]', 1, null],
    [
      'saw 1 [3,4]; 2 taken [5,6]; saw 1 [7,8]; 1 mayBack [5,]',
      0,
      since(0, { certain: 2, against: 1, intents: [101, 103], decisive: [1] }),
    ],
    // Who did not certainly look before is no contradiction, whatever was seen.
    ['saw 3 [0,4]; saw 1 [4,9]', 0, null],
    ['saw 3 [0,4]; saw 1 [5,9]', 1, null],
    ['saw 3 [0,4]; saw 1 [5,9]', 0, since(0, { certain: 0, intents: [], decisive: [] })],
    // What does not lie between does not count, where something else does.
    ['saw 2 [0,1]; 1 taken [2,3]; 1 taken [1,2]; saw 2 [4,5]', 0, since(0, one())],
    ['saw 2 [0,1]; 1 taken [3,3]; 1 taken [2,3]; saw 2 [5,6]', 1, since(0, one())],
    ['saw 0 [0,9]; 1 taken [0,1]; 1 taken [0,4]; saw 0 [4,5]', 0, since(null, one())],
    ['saw 0 [0,9]; 1 taken [0,1]; 1 taken [0,3]; saw 0 [4,5]', 1, since(null, one())],
    // One that is none, though it would take fewer operations, does not hide the one that is.
    ['1 taken [0,4]; saw 5 [0,1]; saw 0 [4,5]', 0, since(1, { certain: 0, intents: [] })],
    ['1 taken [0,2]; saw 5 [0,0]; saw 0 [4,5]', 2, since(1, { certain: 0, intents: [] })],
    ...[
      'saw 1 [3,4]; 1 taken [5,6]; saw 9 [0,0]; 1 mayBack [0,1]; 1 mayBack [0,1]; saw 1 [8,9]',
      'saw 1 [3,4]; 1 taken [6,6]; saw 9 [0,0]; 1 mayBack [0,2]; 1 mayBack [0,1]; saw 1 [8,9]',
      'saw 1 [3,4]; 1 taken [6,6]; saw 9 [0,0]; 1 mayBack [9,10]; 1 mayBack [0,1]; saw 1 [8,9]',
      'saw 1 [3,4]; 1 taken [6,6]; saw 9 [0,0]; 1 mayBack [10,10]; 1 mayBack [0,1]; saw 1 [8,9]',
    ].map((notation): [string, number, Told] => [
      notation,
      1,
      since(2, one({ against: 2, intents: [101, 103, 104], decisive: [] })),
    ]),
    // As many of the certain ones as are enough, the largest first.
    [
      '1 taken [0,1]; 4 taken [0,1]; 2 taken [0,1]; saw 4 [5,6]',
      0,
      since(null, { certain: 7, decisive: [1, 2], intents: [100, 101, 102] }),
    ],
    [
      '1 taken [0,1]; 4 taken [0,1]; 2 taken [0,1]; saw 3 [5,6]',
      0,
      since(null, { certain: 7, decisive: [1] }),
    ],
    [
      '1 taken [0,1]; 4 taken [0,1]; 2 taken [0,1]; saw 4 [5,6]; 1 mayBack [2,]',
      0,
      since(null, { against: 1, decisive: [1, 2], intents: [100, 101, 102, 104] }),
    ],
    // Who looked at first may have counted what was held for a moment; who looked then, not.
    [
      'saw 1 [3,4]; 1 taken [5,6]; saw 1 [7,8]; 1 moment [4,5]; 1 moment [0,3]; 1 moment [5,9]; 1 moment [0,2]',
      0,
      since(0, one({ intents: [101, 103, 104] })),
    ],
    [
      'saw 1 [3,4]; 1 taken [7,8]; saw 1 [12,13]; 1 moment [6,6]; 1 moment [0,1]',
      2,
      since(0, one({ intents: [101, 103, 104] })),
    ],
    ['1 taken [0,1]; saw 0 [4,5]; 1 moment [4,5]', 0, since(null, { intents: [100] })],
    // A refusal is believed: what can have been gone before it, and what was held while it was made.
    [
      'refused 1 [3,4]; 1 taken [5,6]; saw 1 [7,8]; 1 mayTake [0,2]; 1 mayTake [4,9]; 1 mayTake [5,9]; 1 moment [2,3]; 1 moment [5,6]; 1 back [0,2]; 1 back [0,3]',
      0,
      null,
    ],
    [
      'refused 3 [3,4]; 1 taken [5,6]; saw 1 [7,8]; 1 mayTake [0,2]; 1 mayTake [4,9]; 1 mayTake [5,9]; 1 moment [2,3]; 1 moment [5,6]; 1 back [0,2]; 1 back [0,3]',
      0,
      since(0, { certain: 1, against: 1, intents: [101, 109, 106, 103, 104, 108] }),
    ],
  ])('%s, slack %i: too few gone', (notation, slackMs, expected) => {
    check('more', notation, slackMs, expected);
  });

  it.each<[string, number, Told]>([
    // Nothing can have gone.
    ['saw 1 [4,5]', 0, since(null, { certain: 0, against: 0, intents: [], decisive: [] })],
    ['1 mayTake [5,]; saw 1 [4,5]', 0, null],
    ['1 mayTake [6,]; saw 1 [4,5]', 0, since(null, { against: 0, intents: [] })],
    ['1 mayTake [6,]; saw 1 [4,5]', 1, null],
    ['1 mayTake [0,]; saw 2 [4,5]', 0, since(null, { against: 1, intents: [100] })],
    ['most 1 [4,5]', 0, null],
    // More had come back.
    [
      '2 taken [0,1]; 1 mayTake [0,1]; saw 2 [2,3]; 1 back [4,5]; saw 2 [6,7]',
      0,
      since(2, { certain: 1, against: 0, intents: [103], decisive: [3] }),
    ],
    ['2 taken [0,1]; 1 mayTake [0,1]; saw 2 [2,3]; 1 back [3,5]; saw 2 [6,7]', 0, null],
    ['2 taken [0,1]; 1 mayTake [0,2]; saw 2 [2,3]; 1 back [4,5]; saw 2 [6,7]', 0, null],
    [
      '2 taken [0,1]; 1 mayTake [0,1]; saw 2 [2,3]; 1 back [4,5]; saw 2 [6,7]; 1 mayTake [7,]',
      0,
      null,
    ],
    ['2 taken [0,1]; refused 2 [2,3]; 1 back [4,5]; saw 2 [6,7]', 0, since(null, { against: 2 })],
    // Who looks now may count what was held for a moment.
    [
      '2 taken [0,1]; 1 mayTake [0,1]; saw 2 [2,3]; 1 back [4,5]; saw 2 [6,7]; 1 moment [7,9]; 1 moment [2,5]',
      0,
      since(2, { intents: [103, 105] }),
    ],
    // A refusal is not to be believed.
    [
      '1 mayTake [0,]; refused 2 [4,5]; 1 moment [5,6]; 1 mayTake [6,]',
      0,
      since(null, { against: 1, intents: [100, 102] }),
    ],
  ])('%s, slack %i: too many gone', (notation, slackMs, expected) => {
    check('fewer', notation, slackMs, expected);
  });

  function check(direction: Direction, notation: string, slackMs: number, expected: Told): void {
    const given = counterOf(notation, slackMs);
    const last = given.seen.length - 1;
    const found = explain(given, direction, last);
    if (expected === null) expect(found).toBeNull();
    else {
      expect(found).toMatchObject({ direction, later: given.seen.operation[last], ...expected });
    }
  }

  it('goes by an earlier sighting where the beginning does not count', () => {
    const given = counterOf('saw 0 [0,1]; 1 taken [2,3]; saw 0 [4,5]');
    expect(explain(given, 'more', 1, true)).toMatchObject({ earlier: null });
    expect(explain(given, 'more', 1, false)).toMatchObject({ earlier: 0, certain: 1 });
    expect(explain(given, 'more', 0, false)).toBeNull();
  });

  it('is as large as its intents and sightings are many', () => {
    const given = counterOf('saw 0 [0,1]; 1 taken [2,3]; saw 0 [4,5]');
    expect(sizeOf(explain(given, 'more', 1)!)).toBe(2);
    expect(sizeOf(explain(given, 'more', 1, false)!)).toBe(3);
  });
});

describe('what is shown of a contradiction', () => {
  const told = (more: Partial<Contradiction>): Contradiction => ({
    ...{ direction: 'more', earlier: null, later: 0, intents: [], certain: 1, against: 0 },
    ...{ decisive: [], ...more },
  });
  const looks = 'A 9; B 9; b1 avail A [0,1] ok value=9; b2 hold A [2,3] ok; b2 view A [4,5] ok';
  const evidence = sale(
    `${looks}; b2 avail A [6,7] ok value=9; b2 pay A [8,9] ok; b2 buy B [10,11] ok; b3 cancel A [12,13] ok`,
  );
  const all = saleOf(evidence);

  it('is all that its intents did in the pool, but for reads', () => {
    expect(deedsOf(evidence.history, all, { intent: 1, pool: 0 })).toEqual([1, 4]);
    expect(deedsOf(evidence.history, all, { intent: 1, pool: 1 })).toEqual([5]);
    const of = { pool: 0, besides: [6] };
    const known = { ...of, contradiction: told({ earlier: 0, later: 3, intents: [1, -1] }) };
    expect(bearingOn(evidence, all, known)).toEqual([3, 0, 6, 1, 4]);
    expect(shownOf(evidence, all, known)).toEqual([3, 0, 6, 1, 4]);
    const first = { ...of, contradiction: told({ later: 3, intents: [1] }), besides: [4] };
    expect(bearingOn(evidence, all, first)).toEqual([3, 4, 1]);
  });

  it('is only what is decisive where all is more than ten', () => {
    const many = Array.from({ length: 12 }, (_, k) => `b${k} buy A [${2 * k},50] ok`).join('; ');
    const crowded = sale(`A 99; ${many}`);
    const of = (contradiction: Partial<Contradiction>, besides: readonly number[] = []) =>
      shownOf(crowded, saleOf(crowded), { contradiction: told(contradiction), pool: 0, besides });
    const nine = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    expect(of({ intents: nine, decisive: [7] })).toEqual([0, ...nine]);
    expect(of({ intents: [...nine, 10], decisive: [7, -1, 0] })).toEqual([0, 7]);
    expect(of({ earlier: 11, intents: nine, decisive: [7] }, [3])).toEqual([0, 11, 3, 7]);
    expect(of({ intents: [...nine, 10], decisive: [...nine, 10] })).toEqual([0, ...nine]);
  });
});
