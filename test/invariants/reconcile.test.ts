import { describe, expect, it } from 'vitest';
import { PURCHASE } from '../../lib/history/history.ts';
import { NEVER, OPEN, reconciled, TOOK } from '../../lib/invariants/reconcile.ts';
import { sale } from './notation.ts';

const words = { [OPEN]: 'open', [TOOK]: 'took', [NEVER]: 'never' };

/** What became of each operation, by start; and until when. */
function fates(notation: string): [string, number][] {
  const { took, latest } = reconciled(sale(notation));
  return [...took].map((fate, i) => [words[fate as 0 | 1 | 2], latest[i]!]);
}

const one = 'A 9; b1 buy(1) A [0,5] info';

describe('what became of an operation that was cut off', () => {
  it.each([
    ['it has a row', `${one}; F: b1×1 A, read 50`, 'took', 50],
    ['its row was cancelled', `${one}; F: b1×1 A cancelled, read 50`, 'took', 50],
    ['it has a row elsewhere', `${one}; B 9; F: b1×1 B, read 50`, 'took', 50],
    ['it left nothing', `${one}; F:`, 'never', Infinity],
    ['nobody read back', one, 'open', Infinity],
    ['cancelled rows are forgotten', `${one}; F: forgets`, 'open', Infinity],
    ['the reading lags', `${one}; F: lags`, 'open', Infinity],
    ['the reading had not settled', `${one}; F: b1×1 A, unsettled`, 'open', Infinity],
    ['a row of the pool names nobody', `${one}; F: ?×1 A`, 'open', Infinity],
    ['a row of another pool names nobody', `${one}; B 9; F: ?×1 B`, 'never', Infinity],
    ['an attempt may be missing', `${one}; incomplete; F: b1×1 A`, 'open', Infinity],
    ['its row has no ticket', `${one}; F: b1×0 A`, 'open', Infinity],
    ['one of its rows has tickets', `${one}; F: b1×0 A, b1×2 A, read 50`, 'took', 50],
    ['it left nothing, and that had not settled', `${one}; F: unsettled`, 'open', Infinity],
    ['a row of an unknown pool names nobody', `${one}; F: ?×1 Z`, 'open', Infinity],
    ['its pool is unknown', 'A 9; b1 buy Z [0,5] info; F:', 'never', Infinity],
    [
      'its pool is unknown, a row names nobody',
      'A 9; b1 buy Z [0,5] info; F: ?×1 A',
      'open',
      Infinity,
    ],
    [
      'its pool is unknown, and it has a row',
      'A 9; b1 buy Z [0,5] info; F: b1×1 A',
      'open',
      Infinity,
    ],
  ])('%s', (_, notation, fate, until) => {
    expect(fates(notation)).toEqual([[fate, until]]);
  });

  it('is open for two attempts and one row, and settled for two and none', () => {
    const two = `${one}; b1 buy(1) A [6,9] info`;
    expect(fates(`${two}; F: b1×1 A`).map(([fate]) => fate)).toEqual(['open', 'open']);
    expect(fates(`${two}; F:`).map(([fate]) => fate)).toEqual(['never', 'never']);
  });

  it('is open beside an acknowledged attempt, told by one that was refused', () => {
    const ok = `${one}; b1 buy(1) A [6,9] ok; F: b1×1 A`;
    expect(fates(ok)).toEqual([
      ['open', Infinity],
      ['took', 9],
    ]);
    const refused = `${one}; b1 buy(1) A [6,9] refused; F: b1×1 A, read 50`;
    expect(fates(refused)).toEqual([
      ['took', 50],
      ['never', Infinity],
    ]);
  });

  it.each([
    ['was paid', 'b1 pay A [6,9] ok', 'took', 9],
    ['was paid while it was being asked for', 'b1 pay A [1,4] ok', 'took', 4],
    ['was paid as it was asked for', 'b1 pay A [0,0] ok', 'took', 0],
    ['was paid before it was asked for', 'b1 pay A [-3,-1] ok', 'open', Infinity],
    ['was not paid', 'b1 pay A [6,9] refused', 'open', Infinity],
    ['may have been paid', 'b1 pay A [6,9] info', 'open', Infinity],
    ['was held', 'b1 status A [6,9] ok state=held', 'took', 9],
    ['was cancelled, says the shop', 'b1 status A [6,9] ok state=cancelled', 'took', 9],
    ['never was, says the shop', 'b1 status A [6,9] ok state=none', 'open', Infinity],
    ['is not told of', 'b1 status A [6,9] ok', 'open', Infinity],
    ['is not told of beside a price', 'b1 status A [6,9] ok amount=3', 'open', Infinity],
    ['was told of with an error', 'b1 status A [6,9] info state=held', 'open', Infinity],
    ['was cancelled', 'b1 cancel A [6,9] ok state=cancelled', 'open', Infinity],
    ['was viewed', 'b1 view A [6,9] ok state=held', 'open', Infinity],
    ['was seen twice', 'b1 pay A [6,19] ok; b1 status A [10,12] ok state=paid', 'took', 12],
    ['was seen before it was read', 'b1 pay A [6,9] ok; F: b1×1 A, read 50', 'took', 9],
    ['was read before it was seen', 'b1 pay A [6,90] ok; F: b1×1 A, read 95', 'took', 90],
  ])('is told by what was seen later: it %s', (_, more, fate, until) => {
    const { history } = sale(`${one}; ${more}`);
    const hold = history.kind.indexOf(PURCHASE);
    const all = fates(`${one}; ${more}`);
    expect(all[hold]).toEqual([fate, until]);
    // Of what asks for no tickets nothing is told.
    expect(all.filter((_each, i) => i !== hold)).toEqual(
      Array.from({ length: history.length - 1 }, () => ['open', Infinity]),
    );
  });

  it('is about what asks for tickets, whatever else was cut off', () => {
    const beside = 'A 9; b1 hold A [0,5] info; b1 pay A [6,9] info';
    expect(fates(`${beside}; F: b1×1 A, read 50`)).toEqual([
      ['took', 50],
      ['open', Infinity],
    ]);
    expect(fates(`${beside}; F:`)).toEqual([
      ['never', Infinity],
      ['open', Infinity],
    ]);
    expect(fates('A 9; b1 hold A [0,5] ok; b1 pay A [6,9] info; F: b1×1 A')).toEqual([
      ['took', 5],
      ['open', Infinity],
    ]);
  });

  it('is open where the intent asked for different things', () => {
    const mixed = `${one}; b1 buy(2) A [6,9] refused`;
    expect(fates(`${mixed}; F: b1×1 A`)).toEqual([
      ['open', Infinity],
      ['never', Infinity],
    ]);
  });

  it('never came about where only others have rows', () => {
    expect(fates(`${one}; b2 buy A [1,6] ok; F: b2×1 A`)).toEqual([
      ['never', Infinity],
      ['took', 6],
    ]);
  });

  it('is worked out once', () => {
    const evidence = sale(one);
    expect(reconciled(evidence)).toBe(reconciled(evidence));
  });

  it('gives nothing for nothing', () => {
    expect(fates('A 9')).toEqual([]);
  });
});
