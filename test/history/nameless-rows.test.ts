import { describe, expect, it } from 'vitest';
import { lostPurchase } from '../../lib/invariants/lost-purchase.ts';
import { phantomOrder } from '../../lib/invariants/phantom-order.ts';
import { saleOf } from '../../lib/invariants/sale.ts';
import { stockConservation } from '../../lib/invariants/stock-conservation.ts';
import { sale } from '../invariants/notation.ts';

/** One buyer of two intents, and another of one; rows name buyers only. */
const shop =
  'A 9; buyer u1: b1, b2; buyer u2: b3; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok; b3 buy(2) A [2,9] info';
const row = (buyer: string, more = '') => `?×1 A by=${buyer}${more}`;

const judged = (notation: string) => lostPurchase.decide(sale(notation)).value;

describe('rows that name a buyer and no intent', () => {
  it('are enough for as many intents as there are rows', () => {
    const { nameless, wants } = saleOf(sale(`${shop}; F: ${row('u1')}, ${row('u1')}, ?×2 A by=u2`));
    expect([nameless.count, nameless.rows.size, nameless.intents.size]).toEqual([3, 3, 3]);
    expect([...wants.live]).toEqual([1, 1, 2]);
  });

  it.each([
    ['two rows for two purchases', `${row('u1')}, ${row('u1')}`, 'holds'],
    ['one row for two purchases', row('u1'), 'violated'],
    ['two rows, one of another quantity', `${row('u1')}, ?×2 A by=u1`, 'unknown'],
    ['a row of another buyer of the run', `${row('u1')}, ${row('u2')}`, 'violated'],
    ['a row of somebody else', '?×1 A by=u9', 'violated'],
    ['no row', '', 'violated'],
    ['one of the two cancelled', `${row('u1')}, ?×1 A cancelled by=u1`, 'holds'],
  ])('%s: lost-purchase %s → %s', (_, rows, value) => {
    expect(judged(`${shop}; F: ${rows}`)).toBe(value);
  });

  it('are compared in time only where the target’s clock is known', () => {
    const late = `${shop}; F: ${row('u1', ' at=3')}, ${row('u1', ' at=50')}`;
    expect(judged(late)).toBe('holds');
    expect(judged(`${late}; rule clockSkewMs=40`)).toBe('violated');
    expect(judged(`${late}; rule clockSkewMs=44`)).toBe('holds');
    expect(judged(`${late}; rule clockSkewMs=40; clock 4`)).toBe('holds');
  });

  it('are no phantoms, and explain no difference of sums', () => {
    const more = `${shop}; exclusive; F: ${row('u1')}, ${row('u1')}, ${row('u1')}`;
    expect(phantomOrder.decide(sale(more)).value).toBe('violated');
    expect(
      phantomOrder.decide(sale(more.replace(`, ${row('u1')}, ${row('u1')}`, `, ${row('u1')}`)))
        .value,
    ).toBe('holds');
    expect(stockConservation.decide(sale(`${shop}; F: ${row('u1')}`)).value).toBe('unknown');
  });

  it.each<[string, string, string[], boolean?]>([
    ['as many as were bought', `${row('u1')}, ${row('u1')}`, []],
    ['one less', row('u1'), ['1', '2']],
    ['one less in its time', `${row('u1', ' at=3')}, ${row('u1', ' at=90')}`, ['1', '2']],
    ['the one of who was cut off missing', `${row('u1')}, ${row('u1')}`, ['4'], true],
    ['none of who was cut off', `${row('u1')}, ${row('u1')}, ${row('u1')}`, [], true],
  ])('%s: which have one is chance', (_, rows, keys, isMore = false) => {
    const others = isMore ? '; buyer u1: b1, b2, b4; b4 buy(1) A [2,6] info' : '';
    const evidence = sale(`${shop}; rule clockSkewMs=3${others}; F: ${rows}`);
    const { doubtful } = saleOf(evidence).nameless;
    const keyOf = (intent: number) => evidence.history.intentKeys[intent]!.slice(-1);
    expect([...doubtful].map(keyOf)).toEqual(keys);
  });

  it('change nothing where rows name intents', () => {
    const keyed = sale(`${shop}; F: b1×1 A by=u1, b2×1 A by=u1, ?×1 A by=u9`);
    expect(saleOf(keyed).nameless).toMatchObject({ count: 0, intents: new Set() });
  });
});
