import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../lib/invariants/invariant.ts';
import { phantomOrder } from '../../lib/invariants/phantom-order.ts';
import { refusedButSold } from '../../lib/invariants/refused-but-sold.ts';
import {
  refusedOf,
  requestsBehind,
  type Surpluses,
  unaskedOf,
} from '../../lib/invariants/too-many-rows.ts';
import { classOf, dated, keylessSale, nameOf, owned, rowIds } from './keyless-told.ts';
import { keyOf, sale } from './notation.ts';

/** `1 too many: row-1 row-2 hold 2 of 1 asked for by 4; behind: b1/0 b2/1` */
function surplusIn(notation: string, of: (evidence: Evidence) => Surpluses | null): string | null {
  const evidence = keylessSale(notation);
  const found = of(evidence);
  if (found === null) return null;
  const { pool, buyer, rows, tickets, asked, until, toldUntil } = found.surplus;
  const behind = requestsBehind(evidence, found.surplus).map(
    (i) => `${nameOf(evidence, evidence.history.intent[i]!)}@${evidence.history.start[i]!}`,
  );
  const told = toldUntil === until ? '' : `, told until ${toldUntil}`;
  return (
    `${found.count} too many: ${classOf(evidence, pool, buyer)}: ${rowIds(evidence, rows)} with ${tickets} of ${asked} ` +
    `until ${until}${told}; ${behind.join(' ')}`
  );
}

const two = 'b1 buy A [0,5] ok; b4 buy A [2,6] ok';

describe('the fewest rows that are more than was asked for', () => {
  const alone = `${owned}; exclusive`;
  const aloneDated = `${dated}; exclusive`;
  it.each<[string, string | null]>([
    [`${owned}; ${two}; F: ?×9 A by=u1`, null],
    [`${alone}; ${two}; F: ?×1 A by=u1, ?×1 A by=u2`, null],
    [`${alone}; ${two}; F: ?×1 A by=u1, ?×1 A by=u2, ?×1 A cancelled by=u2`, null],
    [
      `${alone}; ${two}; F: ?×1 A by=u1, ?×2 A by=u2`,
      '1 too many: A of u2: row-2 with 2 of 1 until Infinity; b4@2',
    ],
    [
      `${alone}; ${two}; F: ?×3 A by=u1, ?×2 A by=u2`,
      '3 too many: A of u1: row-1 with 3 of 1 until Infinity; b1@0',
    ],
    // All of the pool, where that shows more; counted by whichever is more.
    [
      `${alone}; stranger1 buy A [3,9] ok; ${two}; F: ?×2 A by=u1, ?×2 A by=u2`,
      '1 too many: A of anybody: row-1 row-2 with 4 of 3 until Infinity; b1@0 b4@2 stranger1@3',
    ],
    [`${alone}; stranger1 buy A [3,9] ok; ${two}; F: ?×2 A by=u1, ?×1 A by=u2`, null],
    [
      `${alone}; stranger1 buy A [3,9] info; ${two}; F: ?×3 A by=u1, ?×1 A by=u2`,
      '1 too many: A of u1: row-1 with 3 of 2 until Infinity; b1@0 stranger1@3',
    ],
    // Another pool's requests explain nothing.
    [
      `${alone}; b1 buy(2) A [0,5] ok; b2 buy B [0,5] info; F: ?×2 A by=u1, ?×2 B by=u1`,
      '1 too many: B of anybody: row-2 with 2 of 1 until Infinity; b2@0',
    ],
    // By the moment of a row: what was begun by then, with what clocks may be off.
    [
      `${aloneDated}; b1 buy A [0,5] ok; b2 buy A [7,9] ok; F: ?×1 A by=u1 at=7, ?×1 A by=u1 at=6`,
      null,
    ],
    [
      `${aloneDated}; b1 buy A [0,5] ok; b2 buy A [7,9] ok; F: ?×1 A by=u1 at=8, ?×1 A by=u1 at=6, ?×1 A by=u1 at=5`,
      '1 too many: A of anybody: row-2 row-3 with 2 of 1 until 6; b1@0',
    ],
    [
      `${aloneDated}; clock 1; b1 buy A [0,5] ok; b2 buy A [7,9] ok; F: ?×1 A by=u1 at=6, ?×1 A by=u1 at=5`,
      null,
    ],
    [
      `${owned}; exclusive; rule clockSkewMs=1; clock 1; b1 buy A [0,5] ok; b2 buy A [7,9] ok; F: ?×1 A by=u1 at=5, ?×1 A by=u1 at=4, ?×1 A by=u1 at=4`,
      '1 too many: A of anybody: row-2 row-3 with 2 of 1 until 4; b1@0',
    ],
    [
      `${aloneDated}; b1 buy A [0,5] ok; b2 buy A [7,9] ok; F: ?×1 A by=u1, ?×1 A by=u1 at=5, ?×1 A by=u1`,
      '1 too many: A of anybody: row-1 row-2 row-3 with 3 of 2 until Infinity; b1@0 b2@7',
    ],
    [
      `${aloneDated}; b1 buy A [0,5] ok; F: ?×2 A by=u1 at=5, ?×2 A by=u1 at=6`,
      '3 too many: A of anybody: row-1 with 2 of 1 until 5; b1@0',
    ],
    [
      `${aloneDated}; b1 buy A [0,5] ok; b2 buy(3) A [7,9] ok; F: ?×3 A by=u1 at=5, ?×1 A by=u1 at=8`,
      '2 too many: A of anybody: row-1 with 3 of 1 until 5; b1@0',
    ],
    [
      `${owned}; exclusive; rule clockSkewMs=1; clock 1; b1 buy A [0,5] ok; b2 buy A [6,9] ok; b3 buy A [7,9] ok; F: ?×3 A by=u1 at=4`,
      '1 too many: A of anybody: row-1 with 3 of 2 until 4; b1@0 b2@6',
    ],
    // Cancelled rows, where nobody at all can have asked for them.
    [
      `${alone}; ${two}; F: ?×1 A by=u1, ?×1 B cancelled by=u1, ?×1 B cancelled by=u1`,
      '2 too many: B of anybody: row-2 row-3 with 0 of 0 until Infinity; ',
    ],
    [
      `${aloneDated}; b1 buy A [5,9] ok; F: ?×1 A cancelled by=u1 at=4, ?×1 A by=u1 at=6`,
      '1 too many: A of anybody: row-1 with 0 of 0 until 4; ',
    ],
    [`${aloneDated}; b1 buy A [5,9] ok; F: ?×1 A cancelled by=u1 at=5, ?×1 A by=u1 at=6`, null],
    [`${alone}; b4 buy A [5,9] refused; F: ?×1 A cancelled by=u2`, null],
    // Refused and failed requests asked, too; payments where nobody was seen to ask.
    [`${alone}; b1 buy A [0,5] refused; b1 buy A [6,9] fail; F: ?×2 A by=u1`, null],
    [`${alone}; b1 hold A [0,5] ok; b1 pay A [6,9] ok; F: ?×1 A by=u1`, null],
    [
      `${alone}; b1 hold A [0,5] ok; b1 pay A [6,9] ok; b1 status A [6,9] ok; b1 cancel A [6,9] refused; F: ?×2 A by=u1`,
      '1 too many: A of anybody: row-1 with 2 of 1 until Infinity; b1@0 b1@6',
    ],
    [`${alone}; b1 pay A [6,9] ok; F: ?×1 A by=u1`, null],
    [
      `${alone}; b1 pay A [6,9] ok; F: ?×2 A by=u1`,
      '1 too many: A of anybody: row-1 with 2 of 1 until Infinity; b1@6',
    ],
    [`${alone}; b1 hold A [0,5] ok; b1 pay B [6,9] ok; F: ?×1 A by=u1, ?×1 B by=u1`, null],
    // Requests of a pool that the fixture does not know may have been for any; refused ones got nothing.
    [`${alone}; b1 buy A [0,5] ok; b2 buy Z [0,5] ok; F: ?×2 A by=u1`, null],
    [`${alone}; b1 buy A [0,5] ok; b2 buy Z [0,5] info; F: ?×2 A by=u1`, null],
    [
      `${alone}; b1 buy A [0,5] ok; b2 buy Z [0,5] refused; b2 status Z [0,5] ok; F: ?×2 A by=u1`,
      '1 too many: A of anybody: row-1 with 2 of 1 until Infinity; b1@0',
    ],
    // Rows of pools that the fixture does not know, and of buyers it does not, are nobody's here.
    [`${alone}; b1 buy A [0,5] ok; F: ?×1 A by=u1, ?×9 Z by=u1, ?×9 A by=zed`, null],
    // Rows that name nobody.
    [
      `A 9; exclusive; ${two}; F: ?×1 A, ?×1 A, ?×1 A`,
      '1 too many: A of anybody: row-1 row-2 row-3 with 3 of 2 until Infinity; b1@0 b4@2',
    ],
    // The fewest rows, wherever they stand.
    [
      `${alone}; ${two}; F: ?×2 A by=u2, ?×1 A by=u1, ?×1 A by=u1`,
      '2 too many: A of u2: row-1 with 2 of 1 until Infinity; b4@2',
    ],
    [
      `${alone}; ${two}; F: ?×1 A by=u1, ?×1 A by=u1, ?×2 A by=u2`,
      '2 too many: A of u2: row-3 with 2 of 1 until Infinity; b4@2',
    ],
  ])('%s', (notation, expected) => {
    expect(surplusIn(notation, unaskedOf)).toBe(expected);
  });

  it('shows them, and the requests that may have made them', () => {
    const finding = phantomOrder.decide(
      sale(`${alone}; ${two}; b2 buy A [3,9] refused; F: ?×1 A by=u1, ?×1 A by=u2, ?×1 A by=u2`),
    );
    expect(finding).toMatchObject({
      value: 'violated',
      count: 1,
      summary: expect.stringContaining('2 tickets in 2 rows of pool A exceed the 1 asked for'),
      witness: {
        operations: [{ intent: keyOf('b4') }],
        rows: [{ id: 'row-2' }, { id: 'row-3' }],
        pools: [{ id: 'A' }],
        figures: { rows: 3, tickets: 2, asked: 1 },
      },
    });
    const gone = phantomOrder.decide(sale(`${alone}; ${two}; F: ?×1 B cancelled by=u1`));
    expect(gone).toMatchObject({
      summary: expect.stringContaining('1 cancelled order in 1 row of pool B exceed the 0'),
      witness: { operations: [], figures: { rows: 1, tickets: 0, asked: 0 } },
    });
  });
});

describe('the fewest rows that only refused requests explain', () => {
  const no = 'b1 buy A [0,5] ok; b2 buy A [3,9] refused';
  it.each<[string, string | null]>([
    [`${owned}; ${no}; F: ?×1 A by=u1`, null],
    // Of a buyer who bought, too: only where nobody else buys.
    [`${owned}; ${no}; F: ?×2 A by=u1`, null],
    [
      `${owned}; exclusive; ${no}; F: ?×2 A by=u1`,
      '1 too many: A of u1: row-1 with 2 of 1 until Infinity; b1@0 b2@3',
    ],
    // Beyond what was refused nobody asked: that is no refused buyer's.
    [
      `${owned}; exclusive; ${no}; F: ?×5 A by=u1`,
      '1 too many: A of u1: row-1 with 5 of 1 until Infinity; b1@0 b2@3',
    ],
    [`${owned}; exclusive; b1 buy A [0,5] ok; F: ?×5 A by=u1`, null],
    // Nor is what a refused request of nobody known asked for: it says nothing about rows of buyers.
    [`${owned}; exclusive; b1 buy A [0,5] ok; stranger1 buy A [3,9] refused; F: ?×2 A by=u1`, null],
    // Of a buyer who was only refused or failed.
    [
      `${owned}; ${no}; b4 buy A [0,5] fail; F: ?×1 A by=u1, ?×1 A by=u2`,
      '1 too many: A of u2: row-2 with 1 of 0 until Infinity; b4@0',
    ],
    [`${owned}; ${no}; b4 buy A [0,5] fail; b4 buy A [6,9] info; F: ?×1 A by=u2`, null],
    [`${owned}; ${no}; b4 buy A [0,5] fail; b5 buy B [6,9] ok; F: ?×1 A by=u2`, null],
    [`${owned}; ${no}; b4 buy A [0,5] fail; b5 pay B [6,9] info; F: ?×1 A by=u2`, null],
    [`${owned}; b4 buy A [0,5] fail; stranger1 buy B [6,9] ok; F: ?×1 A by=u2`, null],
    [
      `${owned}; b4 buy A [0,5] fail; stranger1 buy B [6,9] refused; F: ?×1 A by=u2`,
      '1 too many: A of u2: row-1 with 1 of 0 until Infinity; b4@0',
    ],
    [`${owned}; b4 hold A [0,5] refused; b4 pay A [6,9] info; F: ?×1 A by=u2`, null],
    // Whenever it was made.
    [
      `${dated}; b4 buy A [10,15] refused; F: ?×1 A by=u2 at=5`,
      '1 too many: A of u2: row-1 with 1 of 0 until 5, told until Infinity; b4@10',
    ],
    [
      `${dated}; exclusive; b4 buy A [10,15] refused; b5 buy(2) A [4,9] ok; F: ?×1 A by=u2 at=5, ?×2 A by=u2 at=12`,
      '1 too many: A of u2: row-1 row-2 with 3 of 2 until 12, told until Infinity; b5@4 b4@10',
    ],
    // One intent that asked for different things may have got another than it was refused.
    [`${owned}; b4 buy A [0,5] refused; b4 buy B [6,9] refused; F: ?×1 A by=u2`, null],
    // Rows that name nobody: only what refused requests asked for by then.
    [`A 9; ${no}; F: ?×1 A, ?×1 A`, null],
    [
      `A 9; exclusive; ${no}; F: ?×1 A, ?×1 A`,
      '1 too many: A of anybody: row-1 row-2 with 2 of 1 until Infinity; b1@0 b2@3',
    ],
    [
      `A 9; exclusive; rule clockSkewMs=0; ${no}; F: ?×1 A at=2, ?×1 A at=3, ?×1 A at=4`,
      '1 too many: A of anybody: row-1 row-2 with 2 of 1 until 3; b1@0 b2@3',
    ],
    [`A 9; exclusive; rule clockSkewMs=0; ${no}; F: ?×1 A at=1, ?×1 A at=2`, null],
    [
      `A 9; exclusive; rule clockSkewMs=0; ${no}; F: ?×1 A at=1, ?×1 A at=2, ?×1 A cancelled at=9`,
      null,
    ],
    [
      `A 9; exclusive; rule clockSkewMs=0; ${no}; F: ?×1 A at=1, ?×1 A at=2, ?×1 A at=4`,
      '1 too many: A of anybody: row-1 row-2 row-3 with 3 of 1 until 4; b1@0 b2@3',
    ],
    [
      `A 9; exclusive; rule clockSkewMs=0; ${no}; b3 buy A [20,25] ok; F: ?×1 A at=1, ?×1 A at=4, ?×1 A at=21`,
      '1 too many: A of anybody: row-1 row-2 with 2 of 1 until 4; b1@0 b2@3',
    ],
  ])('%s', (notation, expected) => {
    expect(surplusIn(notation, refusedOf)).toBe(expected);
  });

  it('shows them, and the requests that may have made them', () => {
    const finding = refusedButSold.decide(
      sale(
        `${owned}; exclusive; ${no}; b4 buy A [0,5] ok; F: ?×1 A by=u1, ?×1 A by=u1, ?×1 A by=u2`,
      ),
    );
    expect(finding).toMatchObject({
      value: 'violated',
      count: 1,
      summary: expect.stringContaining('1 ticket that only refused buyers asked for'),
      witness: {
        operations: [{ intent: keyOf('b1') }, { intent: keyOf('b2') }],
        rows: [{ id: 'row-1' }, { id: 'row-2' }],
        pools: [{ id: 'A' }],
        figures: { refused: 1, tickets: 2, asked: 1 },
      },
    });
  });
});
