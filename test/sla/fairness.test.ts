import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historyOf } from '../../lib/history/columns.ts';
import type { Operation } from '../../lib/model/operation.ts';
import { fairnessOf } from '../../lib/sla/fairness.ts';
import { operation, soldOut } from './evidence.ts';

const fair = (operations: readonly Operation[], clockErrorMs = 0) =>
  fairnessOf(historyOf(operations), clockErrorMs);
const sold = (intent: string, start: number, end: number, more: Partial<Operation> = {}) =>
  operation({ intent, start, end, ...more });

describe('first come, first served', () => {
  it('has no figure without two buyers in one pool', () => {
    expect(fair([])).toBeNull();
    expect(fair([sold('a', 0, 5), sold('b', 1, 6, { pool: 'q' })])).toBeNull();
    expect(fair([sold('a', 0, 5), sold('b', 1, 6, soldOut)])).toBeNull();
  });

  it('is 1 in order, −1 in reverse, and counts the inversions', () => {
    const inOrder = [sold('a', 0, 5), sold('b', 1, 6), sold('c', 2, 7)];
    expect(fair(inOrder)).toEqual({ inversions: 0, pairs: 3, kendallTau: 1 });
    const reverse = [sold('a', 0, 9), sold('b', 1, 8), sold('c', 2, 7)];
    expect(fair(reverse)).toEqual({ inversions: 3, pairs: 3, kendallTau: -1 });
  });

  it('takes nothing for an inversion that the clocks may have made', () => {
    const close = [sold('a', 0, 9), sold('b', 2, 7)];
    expect(fair(close)).toMatchObject({ inversions: 1 });
    expect(fair(close, 1)).toEqual({ inversions: 0, pairs: 1, kendallTau: -1 });
    expect(fair([sold('a', 0, 9), sold('b', 0, 7)])).toMatchObject({
      inversions: 0,
      kendallTau: 0,
    });
  });

  it('counts from the first attempt to the first acknowledgement, once a buyer', () => {
    const retried = [sold('a', 0, 1, soldOut), sold('b', 1, 4), sold('a', 5, 6), sold('a', 7, 8)];
    expect(fair(retried)).toEqual({ inversions: 1, pairs: 1, kendallTau: -1 });
  });
});

it('agrees with looking at every pair', () => {
  const one = fc.record({
    pool: fc.constantFrom('p', 'q'),
    start: fc.integer({ min: 0, max: 12 }),
    length: fc.integer({ min: 0, max: 9 }),
  });
  fc.assert(
    fc.property(
      fc.array(one, { maxLength: 30 }),
      fc.integer({ min: 0, max: 3 }),
      (drawn, error) => {
        const buyers = drawn.map(({ pool, start, length }) => ({
          pool,
          start,
          end: start + length,
        }));
        let pairs = 0;
        let inversions = 0;
        let excess = 0;
        buyers.forEach((a, i) => {
          for (const b of buyers.slice(i + 1)) {
            if (a.pool !== b.pool) continue;
            pairs++;
            excess += Math.sign(a.start - b.start) * Math.sign(a.end - b.end);
            const [first, second] = a.start < b.start ? [a, b] : [b, a];
            const isApart = second.start - first.start > 2 * error;
            if (isApart && first.end - second.end > 2 * error) inversions++;
          }
        });
        const found = fair(
          buyers.map((each, i) => operation({ intent: `i${i}`, ...each })),
          error,
        );
        expect(found).toEqual(
          pairs === 0 ? null : { inversions, pairs, kendallTau: excess / pairs },
        );
      },
    ),
  );
});
