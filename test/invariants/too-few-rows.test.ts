import { describe, expect, it } from 'vitest';
import { acknowledgedForGood, lostPurchase } from '../../lib/invariants/lost-purchase.ts';
import { saleOf } from '../../lib/invariants/sale.ts';
import { lossesOf } from '../../lib/invariants/too-few-rows.ts';
import { classOf, dated, keylessSale, nameOf, owned, rowIds, times } from './keyless-told.ts';
import { sale } from './notation.ts';

/** `2 lost: b1 b2 for row-1`, with the class's buyer and the time, if any is told. */
function lossIn(notation: string): string | null {
  const evidence = keylessSale(notation);
  const losses = lossesOf(evidence, acknowledgedForGood(saleOf(evidence)));
  if (losses === null) return null;
  const { count, loss } = losses;
  if (loss === null) return `${count} lost`;
  const { pool, buyer, intents, rows, within } = loss;
  const keys = intents.map((intent) => nameOf(evidence, intent)).join(' ');
  const time = within === null ? '' : ` within ${within.from} to ${within.to}`;
  return `${count} lost: ${classOf(evidence, pool, buyer)}: ${keys} for ${rowIds(evidence, rows)}${time}`;
}

describe('the fewest purchases that are more than their rows', () => {
  it.each<[string, string | null]>([
    // One buyer, one pool, in their time.
    [
      `${owned}; b1 buy A [0,5] ok; b2 buy A [1,6] ok; F: ?×1 A by=u1`,
      '1 lost: A of u1: b1 b2 for row-1',
    ],
    [`${owned}; b1 buy A [0,5] ok; b2 buy A [1,6] ok; F: ?×1 A by=u1, ?×1 A by=u1`, null],
    [
      `${owned}; b4 buy B [0,5] ok; b1 buy A [1,6] ok; F: ?×1 A by=u1, ?×1 A by=u2`,
      '1 lost: B of u2: b4 for ',
    ],
    [
      `${dated}; b1 buy A [0,5] ok; b2 buy A [10,16] ok; F: ?×1 A by=u1 at=0, ?×1 A by=u1 at=5`,
      '1 lost: A of u1: b2 for ',
    ],
    [
      `${dated}; b1 buy A [0,5] ok; b2 buy A [10,16] ok; F: ?×1 A by=u1 at=10, ?×1 A by=u1 at=16`,
      '1 lost: A of u1: b1 for ',
    ],
    // The two that overlap, through rows that either can have; not the third, which has its own.
    [
      `${dated}; b1 buy A [0,5] ok; b2 buy A [4,9] ok; b3 buy A [20,25] ok; F: ?×1 A by=u1 at=22, ?×1 A by=u1 at=4, ?×1 A by=u1 at=23`,
      '1 lost: A of u1: b1 b2 for row-2',
    ],
    [
      `${dated}; b1 buy A [0,5] ok; b2 buy A [4,9] ok; b3 buy A [8,12] ok; F: ?×1 A by=u1 at=5, ?×1 A by=u1 at=8`,
      '1 lost: A of u1: b1 b2 b3 for row-1 row-2',
    ],
    // A row without a date may be of anyone's purchase.
    [
      `${dated}; b1 buy A [0,5] ok; b2 buy A [20,25] ok; F: ?×1 A by=u1, ?×1 A by=u1 at=12`,
      '1 lost: A of u1: b1 b2 for row-1',
    ],
    [`${dated}; b1 buy A [0,5] ok; b2 buy A [20,25] ok; F: ?×1 A by=u1, ?×1 A by=u1 at=20`, null],
    // Clocks: skew and clock error together, on both sides.
    ...[-3, 8].flatMap((at): [string, string | null][] => [
      [`${owned}; rule clockSkewMs=2; clock 1; b1 buy A [0,5] ok; F: ?×1 A by=u1 at=${at}`, null],
      [
        `${owned}; rule clockSkewMs=2; clock 1; b1 buy A [0,5] ok; F: ?×1 A by=u1 at=${at + Math.sign(at)}`,
        '1 lost: A of u1: b1 for ',
      ],
      [`${owned}; rule holdMs=2; b1 buy A [0,5] ok; F: ?×1 A by=u1 at=${99 * at}`, null],
    ]),
    // Where requests may be missing, an earlier one may have made the row.
    [`${dated}; incomplete; b1 buy A [10,12] ok; F: ?×1 A by=u1 at=1`, null],
    [`${dated}; incomplete; b1 buy A [10,12] ok; F: ?×1 A by=u1 at=13`, '1 lost: A of u1: b1 for '],
    // From the first request to the end of the last that could leave a row.
    [`${dated}; b1 hold A [0,2] ok; b1 pay A [10,12] ok; F: ?×1 A by=u1 at=11`, null],
    [`${dated}; b1 pay A [10,12] ok; b1 hold A [0,2] ok; F: ?×1 A by=u1 at=1`, null],
    [
      `${dated}; b1 hold A [0,2] ok; b1 pay A [10,12] ok; b1 cancel A [20,22] refused; b1 status A [20,22] ok; F: ?×1 A by=u1 at=20`,
      '1 lost: A of u1: b1 for ',
    ],
    [`${dated}; b1 buy A [0,5] info; b1 buy A [6,9] ok; F: ?×1 A by=u1 at=900`, null],
    [`${dated}; b1 buy A [0,5] ok; b1 buy A [2,3] refused; F: ?×1 A by=u1 at=5`, null],
    // Rows that name the intent, or are no ticket.
    [`${owned}; b1 buy A [0,5] ok; b2 buy A [0,5] ok; F: b1×1 A by=u1, ?×1 A by=u1`, null],
    [
      `${owned}; b1 buy A [0,5] ok; b2 buy A [0,5] ok; F: b1×0 A by=u1, ?×1 A by=u1`,
      '1 lost: A of u1: b1 b2 for row-2',
    ],
    [
      `${owned}; b1 buy A [0,5] ok; b2 buy A [0,5] ok; F: b1×1 B by=u1, ?×1 A by=u1`,
      '1 lost: A of u1: b1 b2 for row-2',
    ],
    [
      `${owned}; b1 buy A [0,5] ok; b2 buy A [0,5] ok; F: b1×1 B cancelled by=u1, ?×1 A by=u1`,
      null,
    ],
    [
      `${owned}; b1 buy A [0,5] ok; b2 buy A [0,5] ok; F: ?×0 A by=u1, ?×1 A by=u1`,
      '1 lost: A of u1: b1 b2 for row-2',
    ],
    [`${owned}; b1 buy A [0,5] ok; b2 buy A [0,5] ok; F: ?×0 A cancelled by=u1, ?×1 A by=u1`, null],
    // The smallest of several, wherever it stands; all are counted.
    [
      `${owned}; b1 buy A [0,5] ok; b2 buy A [0,5] ok; b4 buy A [0,5] ok; F: ?×1 A by=u1, ?×1 B by=u2`,
      '2 lost: A of u2: b4 for ',
    ],
    [
      `${owned}; b4 buy A [0,5] ok; b1 buy A [0,5] ok; b2 buy A [0,5] ok; F: ?×1 A by=u1, ?×1 B by=u2`,
      '2 lost: A of u2: b4 for ',
    ],
    [
      `${dated}; b1 buy A [0,5] ok; b2 buy A [1,4] ok; b3 buy A [20,25] ok; F: ?×1 A by=u1 at=2`,
      '2 lost: A of u1: b3 for ',
    ],
    [
      `${owned}; b1 buy A [0,5] ok; b2 buy A [1,5] ok; b3 buy A [2,5] ok; b4 buy A [0,5] ok; F: ?×1 B by=u1`,
      '4 lost: A of u1: b1 for ',
    ],
    // Rows that name nobody.
    [
      'A 9; B 9; b1 buy A [0,5] ok; b2 buy A [1,6] ok; b3 buy B [1,6] ok; F: ?×1 A, ?×1 B',
      '1 lost: A of anybody: b1 b2 for row-1',
    ],
    ['A 9; b1 buy A [0,5] ok; b2 buy A [1,6] ok; F: ?×1 A, unlisted', '0 lost'],
    // Of intents of nobody known, any row of the pool may be.
    [
      `${owned}; stranger1 buy A [0,5] ok; b1 buy A [1,6] ok; F: ?×1 A by=u1`,
      '1 lost: A of anybody: stranger1 b1 for row-1',
    ],
    [`${owned}; stranger1 buy A [0,5] ok; b1 buy A [1,6] ok; F: ?×1 A by=u1, ?×1 A by=u2`, null],
    [
      `${owned}; stranger1 buy A [0,5] ok; b1 buy A [1,6] ok; b2 buy A [1,6] ok; F: ?×1 A by=u1, ?×1 A by=u2`,
      '1 lost: A of u1: b1 b2 for row-1',
    ],
    [
      `${owned}; stranger1 buy B [0,5] ok; b1 buy A [1,6] ok; b4 buy A [1,6] ok; F: ?×1 A by=u1, ?×1 A by=u1`,
      '1 lost: B of anybody: stranger1 for ',
    ],
    // A row that names its intent is no other's.
    [
      `${owned}; stranger1 buy A [0,5] ok; b1 buy A [1,6] ok; b2 buy A [2,6] ok; F: b2×1 A by=u1, ?×1 A by=u1`,
      '1 lost: A of anybody: stranger1 b1 for row-2',
    ],
    // Where other rows may make up for it, some are lacking, and nothing is certain.
    [`${owned}; stranger1 buy A [0,5] ok; b1 buy A [1,6] ok; F: ?×1 A by=u1, unlisted`, '0 lost'],
    [
      `${owned}; stranger1 buy A [0,5] ok; b1 buy A [1,6] ok; F: ?×1 A by=u1, ?×1 A by=zed`,
      '0 lost',
    ],
    [
      `${owned}; b1 buy A [0,5] ok; b2 buy A [1,6] ok; F: ?×1 A by=u1, ?×1 A by=zed, unlisted`,
      '1 lost: A of u1: b1 b2 for row-1',
    ],
    [`${owned}; b1 buy A [0,5] ok; b2 buy A [1,6] ok; F: ?×1 A by=u1, ?×1 Z by=u1`, '0 lost'],
    [
      `${owned}; b1 buy A [0,5] ok; b2 buy A [1,6] ok; b4 buy A [0,5] ok; stranger1 buy A [0,5] ok; F: ?×1 A by=u1, ?×1 A by=zed`,
      '2 lost: A of u2: b4 for ',
    ],
  ])('%s', (notation, expected) => {
    expect(lossIn(notation)).toBe(expected);
  });

  it('are not certain beside a row that names nobody where others name buyers', () => {
    const base = sale(
      `${owned}; b1 buy A [0,5] ok; b2 buy A [1,6] ok; b3 buy A [2,6] ok; F: ?×1 A by=u1, ?×1 A by=zed, b3×1 A`,
    );
    const { state } = base;
    const namingNobody = (nameless: number) => {
      const orders = state!.orders.map((row, i) => (i === nameless ? { ...row, buyer: '' } : row));
      return { ...base, state: { ...state!, orders } };
    };
    expect(lossesOf(namingNobody(1), [0, 1])).toEqual({ count: 0, loss: null });
    expect(lostPurchase.decide(namingNobody(1)).value).toBe('unknown');
    // One that names its intent, or somebody else, is not theirs.
    for (const of of [namingNobody(2), base]) {
      expect(lossesOf(of, [0, 1])).toMatchObject({
        count: 1,
        loss: { intents: [0, 1], rows: [0] },
      });
    }
  });

  const buyer = (n: number) => `A 99; buyer u1: ${times(n, (k) => `b${k}`, ', ')}; buyer u2: b90`;
  const bought = (n: number, from = 0) => times(n, (k) => `b${from + k} buy A [${k},50] ok`);
  const keys = (n: number) => times(n, (k) => `b${k}`, ' ');

  it.each<[string, string]>([
    // Ten operations can be told one by one, eleven by their time alone.
    [
      `${buyer(10)}; ${bought(10)}; F: ${times(9, () => '?×1 A by=u1', ', ')}`,
      `1 lost: A of u1: ${keys(10)} for ${times(9, (k) => `row-${k + 1}`, ' ')}`,
    ],
    [
      `${buyer(11)}; ${bought(11)}; F: ${times(10, () => '?×1 A by=u1', ', ')}`,
      `1 lost: A of u1: ${keys(11)} for ${times(10, (k) => `row-${k + 1}`, ' ')} within -Infinity to Infinity`,
    ],
    [
      `${buyer(13)}; rule clockSkewMs=0; clock 2; ${times(11, (k) => `b${k} buy A [0,50] ok`)}; b11 buy A [55,60] ok; b12 buy A [-9,-5] ok; F: ?×1 A by=u1 at=-2, ?×1 A by=u1 at=52, ${times(8, () => '?×1 A by=u1 at=30', ', ')}, ?×1 A by=u1 at=53, ?×1 A by=u1 at=-3`,
      `1 lost: A of u1: b0 b1 b10 ${times(8, (k) => `b${k + 2}`, ' ')} for ${times(10, (k) => `row-${k + 1}`, ' ')} within 0 to 50`,
    ],
    [
      `${buyer(13)}; rule clockSkewMs=0; ${times(11, (k) => `b${k} buy A [${10 - k},${40 + k}] ok`)}; F: ${times(10, () => '?×1 A by=u1 at=30', ', ')}`,
      `1 lost: A of u1: ${times(11, (k) => `b${10 - k}`, ' ')} for ${times(10, (k) => `row-${k + 1}`, ' ')} within 0 to 50`,
    ],
    // Told by time are all within it: also a purchase with a row of its own that the set does not need.
    [
      `${buyer(13)}; rule clockSkewMs=0; ${times(6, (k) => `b${k} buy A [${k},9] ok`)}; ${times(6, (k) => `b${k + 6} buy A [${30 + k},39] ok`)}; b12 buy A [20,21] ok; F: ?×1 A by=u1, ${times(5, () => '?×1 A by=u1 at=7', ', ')}, ${times(5, () => '?×1 A by=u1 at=36', ', ')}, ?×1 A by=u1 at=20`,
      `1 lost: A of u1: ${times(6, (k) => `b${k}`, ' ')} b12 ${times(6, (k) => `b${k + 6}`, ' ')} for ${times(12, (k) => `row-${k + 1}`, ' ')} within 0 to 39`,
    ],
    // Others within that time have rows enough for all: then it cannot be told.
    [
      `${buyer(12)}; rule clockSkewMs=0; ${times(6, (k) => `b${k} buy A [${k},9] ok`)}; ${times(6, (k) => `b${k + 6} buy A [${30 + k},39] ok`)}; F: ?×1 A by=u1, ${times(5, () => '?×1 A by=u1 at=7', ', ')}, ${times(5, () => '?×1 A by=u1 at=36', ', ')}, ?×1 A by=u1 at=20`,
      '1 lost',
    ],
    // A smaller set that cannot be told takes nothing from a larger one that can.
    [
      `${buyer(20)}; rule clockSkewMs=0; ${times(6, (k) => `b${k} buy A [${k},9] ok`)}; ${times(8, (k) => `b${k + 6} buy A [${30 + k},39] ok`)}; ${times(6, (k) => `b${k + 14} buy A [${60 + k},69] ok`)}; F: ?×1 A by=u1, ${times(5, () => '?×1 A by=u1 at=7', ', ')}, ${times(7, () => '?×1 A by=u1 at=38', ', ')}, ${times(5, () => '?×1 A by=u1 at=66', ', ')}, ?×1 A by=u1 at=50, ?×1 A by=u1 at=50`,
      `2 lost: A of u1: ${keys(14)} for ${times(13, (k) => `row-${k + 1}`, ' ')} within 0 to 39`,
    ],
  ])('%s', (notation, expected) => {
    expect(lossIn(notation)).toBe(expected);
  });

  it('counts what an intent did, not what it looked at', () => {
    const looks = times(9, (k) => `b1 status A [${50 + k},60] ok`);
    const two = `${owned}; b1 hold A [0,5] ok; b1 pay A [6,9] ok; ${looks}; b1 cancel A [10,12] refused; b2 buy A [0,5] ok`;
    expect(lossIn(`${two}; F: ?×1 A by=u1`)).toBe('1 lost: A of u1: b1 b2 for row-1');
    const finding = lostPurchase.decide(sale(`${two}; F: ?×1 A by=u1`));
    expect(finding.witness?.operations.map(({ kind }) => kind)).toEqual([
      ...['hold', 'purchase', 'pay', 'cancel'],
    ]);
    expect(finding).toMatchObject({
      count: 1,
      summary: expect.stringContaining('for 2 purchases of pool A there is only 1 row that'),
      witness: {
        rows: [{ id: 'row-1' }],
        pools: [{ id: 'A' }],
        figures: { acknowledged: 2, lost: 1, purchases: 2, rows: 1 },
      },
    });
  });
});
