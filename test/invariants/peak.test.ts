import { describe, expect, it } from 'vitest';
import type { Spans } from '../../lib/invariants/holding-spans.ts';
import { heldAt, peakOf, peaksByPool, spansByPool } from '../../lib/invariants/peak.ts';
import { saleOf } from '../../lib/invariants/sale.ts';
import { sale } from './notation.ts';

const never = Number.POSITIVE_INFINITY;

/** Spans of [intent, from, until]. */
function spansOf(...spans: readonly (readonly [number, number, number])[]): Spans {
  return {
    length: spans.length,
    intent: Int32Array.from(spans, ([intent]) => intent),
    operation: Int32Array.from(spans.keys()),
    from: Float64Array.from(spans, ([, from]) => from),
    until: Float64Array.from(spans, ([, , until]) => until),
  };
}

/** Intents 1, 2, 3 asked for as many tickets. */
const quantityOf = (intent: number) => intent;

describe('the peak of what is held', () => {
  it.each<[string, Spans, number, [most: number, at: number, crossing: number]]>([
    ['of nothing', spansOf(), 0, [0, -never, -1]],
    ['of one within the limit', spansOf([2, 5, 9]), 2, [2, 5, -1]],
    ['of one above the limit', spansOf([2, 5, 9]), 1, [2, 5, 0]],
    ['of two that overlap, within the limit', spansOf([1, 5, 9], [2, 6, 8]), 3, [3, 6, -1]],
    ['of two that overlap, above the limit', spansOf([1, 5, 9], [2, 6, 8]), 2, [3, 6, 1]],
    ['of two that begin in the other order', spansOf([1, 6, 9], [2, 5, 8]), 2, [3, 6, 0]],
    ['of two that touch', spansOf([1, 5, 9], [2, 9, 12]), 2, [2, 9, -1]],
    ['crosses before it is highest', spansOf([1, 5, 9], [2, 6, 8], [3, 7, 8]), 1, [6, 7, 1]],
    [
      'is the first of several as high',
      spansOf([1, 1, 3], [2, 5, 9], [3, 20, 30], [1, 40, 50], [2, 40, 50]),
      3,
      [3, 20, -1],
    ],
    ['is not what is held last', spansOf([3, 1, 3], [1, 5, 9]), 9, [3, 1, -1]],
    [
      'falls by all that end at once, in the order in which they end',
      spansOf([1, 1, 4], [2, 1, 3], [3, 5, 9]),
      9,
      [3, 1, -1],
    ],
    [
      'counts an intent once however many spans it has',
      spansOf([2, 5, 9], [2, 6, never]),
      2,
      [2, 5, -1],
    ],
    [
      'counts an intent until the last of its spans is over',
      spansOf([2, 5, 9], [2, 6, 20], [1, 12, 15], [3, 20, 25]),
      9,
      [3, 12, -1],
    ],
    [
      'counts an intent anew that had nothing in between',
      spansOf([2, 1, 3], [2, 5, 20], [1, 6, 8]),
      2,
      [3, 6, 2],
    ],
    [
      'counts an intent once whose spans are not side by side',
      spansOf([1, 5, 9], [2, 6, 9], [1, 7, 9]),
      9,
      [3, 6, -1],
    ],
  ])('%s', (_, spans, limit, [most, at, crossing]) => {
    const peak = peakOf(spans, [...spans.intent.keys()], { limit, quantityOf });
    expect(peak).toEqual({ most, at, crossing });
  });

  it('is only of the members', () => {
    const spans = spansOf([3, 1, 9], [1, 2, 9], [2, 3, 9], [3, 4, 9]);
    const found = peakOf(spans, [1, 2], { limit: 2, quantityOf });
    expect(found).toEqual({ most: 3, at: 3, crossing: 2 });
    expect(peakOf(spans, [3], { limit: 2, quantityOf })).toEqual({ most: 3, at: 4, crossing: 3 });
  });
});

describe('what is held at 7', () => {
  it.each<[string, Spans, number[]]>([
    ['has begun by then', spansOf([1, 7, 9], [2, 8, 9]), [0]],
    ['is not over by then', spansOf([1, 1, 7], [2, 1, 8]), [1]],
    ['is in order of its beginnings', spansOf([1, 6, 9], [2, 4, 9], [3, 5, 9]), [1, 2, 0]],
    ['begins at once in any order', spansOf([1, 5, 9], [2, 6, 9], [3, 5, 9]), [0, 2, 1]],
    ['is of each intent the first', spansOf([1, 6, 9], [1, 4, 9], [1, 5, 9]), [1]],
    ['is of each intent one of those that begin at once', spansOf([1, 5, 8], [1, 5, 9]), [0]],
    ['is of each intent the first that is not over', spansOf([1, 2, 3], [1, 4, 9], [1, 5, 9]), [1]],
  ])('%s', (_, spans, held) => {
    expect(heldAt(spans, [...spans.intent.keys()], 7)).toEqual(held);
  });

  it('is only of the members', () => {
    const spans = spansOf([1, 1, 9], [2, 4, 9], [3, 2, 9]);
    expect(heldAt(spans, [2, 1], 7)).toEqual([2, 1]);
    // Those that begin at once are in the order of the spans, whichever is named first.
    expect(heldAt(spansOf([1, 4, 9], [2, 4, 9]), [1, 0], 7)).toEqual([0, 1]);
  });
});

it('finds the peak of each pool, once', () => {
  const evidence = sale('A 2; B 1; b1 buy(2) B [0,5] ok; b2 buy A [1,6] ok; b3 buy(2) A [2,9] ok');
  const all = saleOf(evidence);
  expect(spansByPool(evidence, all).map((own) => [...own])).toEqual([[1, 2], [0]]);
  expect(peaksByPool(evidence, all)).toEqual([
    { most: 3, at: 9, crossing: 2 },
    { most: 2, at: 5, crossing: 0 },
  ]);
  expect(peaksByPool(evidence, all)).toBe(peaksByPool(evidence, all));
});
