import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Claimant, matchRows } from '../../lib/history/matching.ts';

const RUNS = 2000 * Number(process.env.ONSALE_ORACLE_RUNS ?? 1);

const fits = ({ start, end }: Claimant, moment: number) =>
  Number.isNaN(moment) || (start <= moment && moment <= end);

/** Every assignment, tried: the most claimants that expire with a row, and with these the most of all. */
function best(claimants: readonly Claimant[], moments: readonly number[]): [number, number] {
  const [first, ...rest] = claimants;
  if (first === undefined) return [0, 0];
  let most = best(rest, moments);
  moments.forEach((moment, row) => {
    if (!fits(first, moment)) return;
    const [expiring, all] = best(rest, moments.toSpliced(row, 1));
    const found: [number, number] = [expiring + (Number.isFinite(first.end) ? 1 : 0), all + 1];
    if (found[0] > most[0] || (found[0] === most[0] && found[1] > most[1])) most = found;
  });
  return most;
}

it(
  'serves as many as any assignment does',
  () => {
    const time = fc.integer({ min: 0, max: 9 });
    const claimant = fc.tuple(
      time,
      fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constant(Infinity)),
    );
    const moment = fc.oneof({ weight: 4, arbitrary: time }, fc.constant(Number.NaN));
    fc.assert(
      fc.property(
        fc.array(claimant, { maxLength: 5 }),
        fc.array(moment, { maxLength: 5 }),
        (drawn, moments) => {
          const claimants = drawn.map(([start, length]) => ({ start, end: start + length }));
          const rowOf = matchRows(claimants, moments);
          const served = [...rowOf.keys()].filter((i) => rowOf[i] !== -1);
          for (const i of served) expect(fits(claimants[i]!, moments[rowOf[i]!]!)).toBe(true);
          expect(new Set(served.map((i) => rowOf[i])).size).toBe(served.length);
          const expiring = served.filter((i) => Number.isFinite(claimants[i]!.end)).length;
          expect([expiring, served.length]).toEqual(best(claimants, moments));
        },
      ),
      { numRuns: RUNS },
    );
  },
  30_000 + RUNS * 5,
);

it('serves nobody with nothing', () => {
  expect([...matchRows([], [1])]).toEqual([]);
  expect([...matchRows([{ start: 0, end: 5 }], [])]).toEqual([-1]);
});
