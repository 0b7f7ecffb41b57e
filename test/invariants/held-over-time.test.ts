import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Changes, HeldOverTime } from '../../lib/invariants/held-over-time.ts';
import { oracleRuns, SEED } from './oracle-runs.ts';

type Change = readonly [at: number, tickets: number];

function changesOf(changes: readonly Change[]): Changes {
  return {
    at: Float64Array.from(changes, ([at]) => at),
    tickets: Float64Array.from(changes, ([, tickets]) => tickets),
  };
}

describe('what is held over time', () => {
  const taken: Change[] = [
    [1, 1],
    [5, 2],
    [9, 4],
  ];
  const released: Change[] = [
    [5, 1],
    [7, 2],
  ];

  it.each<[string, Change[], Change[], [from: number, to: number], number]>([
    ['nothing, where nothing is taken', [], [], [0, 9], 0],
    ['nothing before the first', taken, released, [0, 0.5], 0],
    ['from the moment of being taken', taken, released, [0, 1], 1],
    ['still at the moment of being released', taken, released, [5, 5], 3],
    ['no longer after it', taken, released, [5.5, 6], 2],
    ['what was taken before the stretch', taken, released, [2, 3], 1],
    ['nothing once all is released', taken, released, [8, 8.5], 0],
    ['the most in the middle of the stretch', taken, released, [2, 8], 3],
    ['the most at its end', taken, released, [2, 9], 4],
    ['what is taken after all was released', taken, released, [20, 30], 4],
    ['more and more, where nothing is released', taken, [], [6, 30], 7],
    ['no more than by the end of the stretch, where nothing is released', taken, [], [6, 8], 3],
    ['nothing after the last was released', taken, [...released, [12, 4]], [13, 30], 0],
    ['until the last was released', taken, [...released, [12, 4]], [12, 30], 4],
  ])('%s', (_, takenThen, releasedThen, [from, to], most) => {
    const held = new HeldOverTime(changesOf(takenThen), changesOf(releasedThen));
    expect(held.most(from, to)).toBe(most);
  });

  it(`is the most of all moments, seed ${SEED}`, () => {
    const stay = fc.record({
      tickets: fc.integer({ min: 1, max: 3 }),
      at: fc.integer({ min: 0, max: 9 }),
      length: fc.option(fc.integer({ min: 0, max: 9 }), { nil: Number.POSITIVE_INFINITY }),
    });
    const stretch = fc.tuple(fc.integer({ min: -1, max: 12 }), fc.integer({ min: 0, max: 9 }));
    fc.assert(
      fc.property(fc.array(stay, { maxLength: 6 }), stretch, (stays, [from, length]) => {
        const inTime = (changes: Change[]) => changesOf(changes.sort(([a], [b]) => a - b));
        const ends = stays.map(({ at, length: stayed, tickets }): Change => [at + stayed, tickets]);
        const held = new HeldOverTime(
          inTime(stays.map(({ at, tickets }): Change => [at, tickets])),
          inTime(ends.filter(([at]) => at < Number.POSITIVE_INFINITY)),
        );
        // Whole moments and those between them are all there are.
        const moments = Array.from({ length: 2 * length + 1 }, (_, n) => from + n / 2);
        const heldAt = (moment: number) =>
          stays
            .filter(({ at, length: stayed }) => at <= moment && moment <= at + stayed)
            .reduce((sum, { tickets }) => sum + tickets, 0);
        expect(held.most(from, from + length)).toBe(Math.max(...moments.map(heldAt)));
      }),
      { numRuns: oracleRuns(2000), seed: SEED },
    );
  });
});
