import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PrefixMaximum } from '../../../lib/invariants/counter/prefix-maximum.ts';
import { oracleRuns, SEED } from '../oracle-runs.ts';

/** A number to append, or one to add to the first `count` of those that are there. */
type Step = { readonly append: number } | { readonly count: number; readonly value: number };

/** The largest after each step, of a row of which every number is kept. */
function largestOf(steps: readonly Step[]): number[] {
  const row: number[] = [];
  return steps.map((step) => {
    if ('append' in step) row.push(step.append);
    else for (let i = 0; i < Math.min(step.count, row.length); i++) row[i]! += step.value;
    return Math.max(...row);
  });
}

function toldOf(steps: readonly Step[]): number[] {
  const rising = new PrefixMaximum(steps.filter((step) => 'append' in step).length);
  let length = 0;
  return steps.map((step) => {
    if ('append' in step) {
      rising.append(step.append);
      length++;
    } else rising.addToFirst(Math.min(step.count, length), step.value);
    return rising.most;
  });
}

describe('the largest of a row', () => {
  it('is −∞ where there is none, and after nothing was added to nobody', () => {
    const rising = new PrefixMaximum(0);
    expect(rising.most).toBe(Number.NEGATIVE_INFINITY);
    rising.addToFirst(0, 5);
    expect(rising.most).toBe(Number.NEGATIVE_INFINITY);
  });

  it.each<[string, Step[], number[]]>([
    ['grows with the first', [{ append: 3 }, { count: 1, value: 2 }], [3, 5]],
    [
      'stays while a smaller one grows',
      [{ append: 1 }, { append: 5 }, { count: 1, value: 3 }],
      [1, 5, 5],
    ],
    [
      'is overtaken by what grew',
      [{ append: 1 }, { append: 5 }, { count: 1, value: 6 }],
      [1, 5, 7],
    ],
    [
      'is overtaken by what came near it before',
      [{ append: 1 }, { append: 5 }, { count: 1, value: 3 }, { count: 1, value: 3 }],
      [1, 5, 5, 7],
    ],
    [
      'stays where nobody is added to',
      [{ append: 1 }, { count: 0, value: 3 }, { append: 2 }],
      [1, 1, 2],
    ],
    [
      'is overtaken after it was caught up with',
      [{ append: 1 }, { append: 5 }, { count: 1, value: 4 }, { count: 1, value: 1 }, { append: 6 }],
      [1, 5, 5, 6, 6],
    ],
    [
      'forgets those that are no more than an earlier one',
      [{ append: 4 }, { append: 4 }, { append: 2 }, { append: 6 }, { count: 3, value: 1 }],
      [4, 4, 4, 6, 6],
    ],
    [
      'of which the beginning is below zero',
      [{ append: -4 }, { append: -2 }, { count: 1, value: 1 }, { count: 2, value: 5 }],
      [-4, -2, -2, 3],
    ],
    [
      'of which nothing is told of some',
      [{ append: Number.NEGATIVE_INFINITY }, { append: 1 }, { count: 1, value: 9 }],
      [Number.NEGATIVE_INFINITY, 1, 1],
    ],
  ])('%s', (_, steps, most) => {
    expect(toldOf(steps)).toEqual(most);
  });

  it(`is the largest of all that are kept, seed ${SEED}`, () => {
    const append = fc.record({ append: fc.integer({ min: -5, max: 5 }) });
    const add = fc.record({ count: fc.nat(12), value: fc.integer({ min: 1, max: 4 }) });
    fc.assert(
      fc.property(fc.array(fc.oneof(append, add), { maxLength: 30 }), (steps) => {
        expect(toldOf(steps)).toEqual(largestOf(steps));
      }),
      { numRuns: oracleRuns(2000), seed: SEED },
    );
  });
});
