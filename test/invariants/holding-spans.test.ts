import { describe, expect, it } from 'vitest';
import type { Spans } from '../../lib/invariants/holding-spans.ts';
import { allSpans, certainSpans, joinedSpans } from '../../lib/invariants/holding-spans.ts';
import { sale } from './notation.ts';
import { spansIn } from './spans-in.ts';

const HOLD = 'b1 hold A [0,5] ok expires=60';

describe('tickets are certainly held', () => {
  it.each<[string, string, string[]]>([
    ['for good from the end of a purchase', 'b1 buy A [0,5] ok', ['b1 purchase [5, Infinity)']],
    ['from the end of a hold until its expiry', HOLD, ['b1 hold [5, 60)']],
    [
      'for good if paid in time',
      `${HOLD}; b1 pay A [50,55] ok`,
      ['b1 hold [5, 60)', 'b1 pay [55, Infinity)'],
    ],
    [
      'not between an expiry and a late payment',
      `${HOLD}; b1 pay A [58,64] ok`,
      ['b1 hold [5, 60)', 'b1 pay [64, Infinity)'],
    ],
    [
      'by nothing that was not acknowledged, or asked for nothing',
      'b1 buy A [0,5] info; b1 buy A [1,6] refused; b1 pay A [2,7] fail; b1 status A [3,8] ok; b2 pay A [0,5] ok',
      [],
    ],
    ['in no pool that nobody knows', 'b1 buy Z [0,5] ok', []],
    ['by no intent with two wishes', 'b1 buy A [0,5] ok; b1 buy(2) A [1,6] ok', []],
    [
      'later and shorter by the clock error, and shorter by the skew of clocks',
      `clock 2; rule clockSkewMs=3; ${HOLD}`,
      ['b1 hold [7, 55)'],
    ],
    [
      'by the rules’ time after its start where the reply tells none',
      `rule holdMs=20; b1 hold A [10,15] ok; b2 hold A [10,16] ok expires=60`,
      ['b1 hold [15, 30)', 'b2 hold [16, 60)'],
    ],
    [
      'at some moment of the request where nothing tells how long',
      'b1 hold A [0,5] ok; b2 hold A [1,6] ok expires=60',
      ['b2 hold [6, 60)', 'b1 hold ~[0, 6)'],
    ],
    [
      'at some moment of the request if it expires as it ends',
      'b1 hold A [3,5] ok expires=5',
      ['b1 hold ~[3, 6)'],
    ],
    [
      'at some moment of the request, wider by the clock error',
      'clock 2; b1 hold A [3,5] ok expires=6',
      ['b1 hold ~[1, 8)'],
    ],
  ])('%s', (_, notation, spans) => {
    expect(spansIn(notation)).toEqual(spans);
  });
});

describe('a cancellation', () => {
  const BUY = 'b1 buy A [0,5] ok';
  /** Each request is one of its own. */
  const EACH = 'rule idempotency=none';

  it.each<[string, string, string[]]>([
    ['ends it as it begins', `${BUY}; b1 cancel A [10,12] ok`, ['b1 purchase [5, 10)']],
    [
      'ends it earlier by the clock error',
      `clock 2; ${BUY}; b1 cancel A [10,12] ok`,
      ['b1 purchase [7, 8)'],
    ],
    [
      'ends it if nobody knows how it went',
      `${BUY}; b1 cancel A [10,12] info`,
      ['b1 purchase [5, 10)'],
    ],
    [
      'ends it at the first',
      `${BUY}; b1 cancel A [20,22] ok; b1 cancel A [10,30] ok`,
      ['b1 purchase [5, 10)'],
    ],
    ['ends it before the expiry', `${HOLD}; b1 cancel A [10,12] ok`, ['b1 hold [5, 10)']],
    ['ends nothing after the expiry', `${HOLD}; b1 cancel A [70,72] ok`, ['b1 hold [5, 60)']],
    [
      'does not end it if it was refused or failed',
      `${BUY}; b1 cancel A [10,12] refused; b1 cancel A [11,13] fail; b1 cancel A [20,22] ok`,
      ['b1 purchase [5, 20)'],
    ],
    [
      'of another intent does not end it',
      `${BUY}; b2 buy A [0,6] ok; b2 cancel A [10,12] ok`,
      ['b1 purchase [5, Infinity)', 'b2 purchase [6, 10)'],
    ],
    [
      'of the next intent does not end it',
      `${BUY}; b1 cancel A [20,22] ok; b2 cancel A [10,12] ok`,
      ['b1 purchase [5, 20)'],
    ],
    [
      'does not end what was bought after it',
      `${EACH}; b1 buy A [0,2] ok; b1 cancel A [3,4] ok; b1 buy A [5,8] ok`,
      ['b1 purchase [2, 3)', 'b1 purchase [8, Infinity)'],
    ],
    [
      'may end what was bought in the millisecond of its end',
      `${EACH}; b1 buy A [0,2] ok; b1 cancel A [3,5] ok; b1 buy A [5,8] ok`,
      ['b1 purchase [2, 3)', 'b1 purchase ~[5, 9)'],
    ],
    [
      'may end what was bought after it if its clocks may differ so much',
      `${EACH}; clock 1; b1 buy A [0,1] ok; b1 cancel A [4,5] ok; b1 buy A [7,9] ok`,
      ['b1 purchase [2, 3)', 'b1 purchase ~[6, 11)'],
    ],
    [
      'does not end what was bought after it by more than its clocks may differ',
      `${EACH}; clock 1; b1 buy A [0,1] ok; b1 cancel A [4,5] ok; b1 buy A [8,9] ok`,
      ['b1 purchase [2, 3)', 'b1 purchase [10, Infinity)'],
    ],
    [
      'does not end what was bought after it by clocks that hardly differ',
      `${EACH}; clock 0.25; b1 buy A [0,1] ok; b1 cancel A [3,4] ok; b1 buy A [5,8] ok`,
      ['b1 purchase [1.25, 2.75)', 'b1 purchase [8.25, Infinity)'],
    ],
    [
      'without a reply may end what was bought long after it',
      `${EACH}; b1 buy A [0,2] ok; b1 cancel A [3,4] info; b1 buy A [50,58] ok`,
      ['b1 purchase [2, 3)', 'b1 purchase ~[50, 59)'],
    ],
  ])('%s', (_, notation, spans) => {
    expect(spansIn(notation)).toEqual(spans);
  });
});

describe('tickets that may have gone at a time that nothing tells are not certainly held', () => {
  const BUY = 'b1 buy(2) A [0,5] ok';
  const KEPT = ['b1 purchase [5, Infinity)'];
  /** Somebody held, so others may have cancelled, unseen. */
  const LACKING = `incomplete; ${BUY}; b2 hold A [0,5] refused`;

  it.each<[string, string, string[]]>([
    ['a row is cancelled', `${BUY}; F: b1×2 A cancelled`, []],
    ['one row of two is cancelled', `${BUY}; F: b1×2 A, b1×2 A cancelled`, []],
    ['all rows are live', `${BUY}; F: b1×2 A`, KEPT],
    ['rows are missing and the shop keeps cancelled ones', `${BUY}; F: b1×1 A`, KEPT],
    ['rows are missing and the shop forgets cancelled ones', `${BUY}; F: b1×1 A, forgets`, []],
    ['no row is missing at a shop that forgets', `${BUY}; F: b1×2 A, forgets`, KEPT],
    [
      'a row is cancelled, and a cancellation tells when',
      `${BUY}; b1 cancel A [10,12] ok; F: b1×2 A cancelled`,
      ['b1 purchase [5, 10)'],
    ],
    [
      'a row is cancelled of a hold, which its expiry tells',
      `${HOLD}; F: b1×1 A cancelled`,
      ['b1 hold [5, 60)'],
    ],
    [
      'a row is cancelled of a hold that was paid',
      `${HOLD}; b1 pay A [9,12] ok; F: b1×1 A cancelled`,
      [],
    ],
    [
      'a row is cancelled of a hold that may have been paid',
      `${HOLD}; b1 pay A [9,12] info; F: b1×1 A cancelled`,
      [],
    ],
    [
      'a row is cancelled of a hold whose payment was refused',
      `${HOLD}; b1 pay A [9,12] refused; F: b1×1 A cancelled`,
      ['b1 hold [5, 60)'],
    ],
    ['purchases may be missing where nobody holds or cancels', `incomplete; ${BUY}`, KEPT],
    [
      'purchases may be missing, and nobody’s order that is there is cancelled',
      `incomplete; ${BUY}; F: b2×1 A`,
      KEPT,
    ],
    ['cancellations may be missing where somebody holds', LACKING, []],
    [
      'cancellations may be missing where somebody cancels',
      `incomplete; ${BUY}; b2 cancel A [0,5] refused`,
      [],
    ],
    [
      'cancellations may be missing where another order is cancelled',
      `incomplete; ${BUY}; F: b2×1 A cancelled`,
      [],
    ],
    ['cancellations may be missing, but it is still there', `${LACKING}; F: b1×2 A`, KEPT],
    ['cancellations may be missing, and a part is not there', `${LACKING}; F: b1×1 A`, []],
    [
      'cancellations may be missing, and it was there in an old copy',
      `${LACKING}; F: b1×2 A, lags`,
      [],
    ],
    [
      'cancellations may be missing, and it was there before it settled',
      `${LACKING}; F: b1×2 A, unsettled`,
      [],
    ],
    [
      'cancellations may be missing in a history that is complete',
      LACKING.replace('incomplete; ', ''),
      KEPT,
    ],
  ])('%s', (_, notation, spans) => {
    expect(spansIn(notation)).toEqual(spans);
  });
});

it('works spans out once', () => {
  const evidence = sale(`A 9; ${HOLD}`);
  expect(certainSpans(evidence)).toBe(certainSpans(evidence));
});

/** Spans of [intent, operation, from, until]. */
function spansOf(...spans: readonly (readonly [number, number, number, number])[]): Spans {
  return {
    length: spans.length,
    intent: Int32Array.from(spans, ([intent]) => intent),
    operation: Int32Array.from(spans, ([, operation]) => operation),
    from: Float64Array.from(spans, ([, , from]) => from),
    until: Float64Array.from(spans, ([, , , until]) => until),
  };
}

describe('several lists of spans', () => {
  it('are one, in order', () => {
    const [a, b] = [spansOf([0, 1, 2, 3], [1, 2, 3, 4]), spansOf([0, 3, 4, 5])];
    expect(allSpans(a, spansOf(), b)).toEqual(spansOf([0, 1, 2, 3], [1, 2, 3, 4], [0, 3, 4, 5]));
    expect(allSpans()).toEqual(spansOf());
  });
});

describe('joined spans', () => {
  it.each<[string, Spans, Spans]>([
    ['of nothing', spansOf(), spansOf()],
    ['that overlap, by the first', spansOf([7, 1, 5, 60], [7, 2, 55, 80]), spansOf([7, 1, 5, 80])],
    ['that touch', spansOf([7, 1, 5, 60], [7, 2, 60, 80]), spansOf([7, 1, 5, 80])],
    ['one within another', spansOf([7, 1, 5, 60], [7, 2, 20, 30]), spansOf([7, 1, 5, 60])],
    [
      'in order of their beginnings',
      spansOf([7, 1, 20, 30], [7, 2, 5, 25]),
      spansOf([7, 2, 5, 30]),
    ],
    ['apart', spansOf([7, 1, 5, 60], [7, 2, 61, 80]), spansOf([7, 1, 5, 60], [7, 2, 61, 80])],
    [
      'of several intents, by intent',
      spansOf(
        [8, 1, 1, 9],
        [7, 2, 5, 9],
        [8, 3, 4, 12],
        [7, 4, 2, 6],
        [8, 5, 20, 21],
        [6, 6, 5, 8],
      ),
      spansOf([6, 6, 5, 8], [7, 4, 2, 9], [8, 1, 1, 12], [8, 5, 20, 21]),
    ],
  ])('%s', (_, spans, joined) => {
    expect(joinedSpans(spans)).toEqual(joined);
  });
});
