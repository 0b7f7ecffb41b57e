import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historyOf } from '../../lib/history/columns.ts';
import { grouped, membersOf } from '../../lib/history/grouping.ts';
import { operationAt } from '../../lib/history/history.ts';
import { operations } from './operations.ts';

describe('a history', () => {
  it('is in order of start, end and intent, however its lines came', () => {
    fc.assert(
      fc.property(fc.array(operations, { maxLength: 12 }), fc.nat(), (list, turn) => {
        const history = historyOf(list);
        const sorted = Array.from({ length: history.length }, (_, i) => operationAt(history, i));
        sorted.slice(1).forEach((later, i) => {
          const earlier = sorted[i]!;
          const order =
            earlier.start - later.start ||
            earlier.end - later.end ||
            (earlier.intent <= later.intent ? -1 : 1);
          expect(order).toBeLessThan(0);
        });
        const cut = turn % (list.length + 1);
        expect(historyOf([...list.slice(cut), ...list.slice(0, cut)])).toEqual(history);
      }),
    );
  });

  it('of nothing is empty', () => {
    expect(historyOf([]).length).toBe(0);
    expect(historyOf([]).start.length).toBe(0);
  });
});

describe('grouped', () => {
  it('puts each member into its group, in order, and leaves out negative ones', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -2, max: 4 })), (groupOf) => {
        const grouping = grouped(Int32Array.from(groupOf), 5);
        for (let group = 0; group < 5; group++) {
          const expected = [...groupOf.keys()].filter((i) => groupOf[i] === group);
          expect([...membersOf(grouping, group)]).toEqual(expected);
        }
      }),
    );
  });
});
