import { describe, expect, it } from 'vitest';
import { isCertainlyLive } from '../../lib/invariants/certain-rows.ts';
import { saleOf } from '../../lib/invariants/sale.ts';
import { sale } from './notation.ts';

/** Read at 50 ms: which of the rows, by their ids, certainly hold their tickets. */
function liveIn(rows: string, more = ''): string[] {
  const evidence = sale(`A 9; b1 hold A [0,5] ok; ${more}; F: read 50, ${rows}`);
  const all = saleOf(evidence);
  return all.rows.filter((_, row) => isCertainlyLive(evidence, all, row)).map(({ id }) => id);
}

describe('a row certainly holds its tickets', () => {
  it('while it is live, but for a hold whose time is over', () => {
    expect(
      liveIn(
        [
          ...['b1×1 A #live', 'b1×1 A cancelled #cancelled', 'b1×1 A #told state=held'],
          ...['b1×1 A #paid state=paid expires=10', 'b1×1 A #untold expires=10'],
          ...['b1×1 A #over state=held expires=49', 'b1×1 A #now state=held expires=50'],
          ...['b1×1 A #later state=held expires=51'],
          'b1×1 A cancelled #both state=held expires=90',
        ].join(', '),
      ),
    ).toEqual(['live', 'told', 'paid', 'untold', 'later']);
  });

  it.each([
    ['', ['a', 'b', 'c']],
    ['rule clockSkewMs=10', ['b', 'c']],
    ['clock 10', ['b', 'c']],
    ['rule clockSkewMs=10; clock 9', ['c']],
    ['rule clockSkewMs=10; clock 10', []],
    ['rule buyerLimit=2', ['a', 'b', 'c']],
  ])('with what clocks may be off taken off: %s', (more, live) => {
    const held = { a: 55, b: 65, c: 70 };
    const rows = Object.entries(held).map(([id, at]) => `b1×1 A #${id} state=held expires=${at}`);
    expect(liveIn(rows.join(', '), more)).toEqual(live);
  });
});
