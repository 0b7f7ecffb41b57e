import { describe, expect, it } from 'vitest';
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

  it('gives nothing for nothing', () => {
    expect(fates('A 9')).toEqual([]);
  });
});
