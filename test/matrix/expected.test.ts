import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { invariants } from '../../lib/invariants/registry.ts';
import { expectationOf } from '../../matrix/compare.ts';
import { briefRows, rows } from '../../matrix/expected.ts';
import { withTables } from '../../matrix/table.ts';
import { apis } from '../../target/facades/registry.ts';

const ids = invariants.map(({ id }) => id);
const fired = (id: string) => rows.filter((row) => expectationOf(row, id) === 'violated');

describe('the table of what is expected', () => {
  it.each(apis.filter(({ kind }) => kind === 'facade'))(
    'has a control and one row for every flaw of $name',
    ({ name, flaws }) => {
      const own = rows.filter(({ api }) => api === name);
      const planted = own.map(({ flaw }) => flaw).filter((flaw) => flaw !== null);
      expect(planted.toSorted()).toEqual(flaws.map((flaw) => flaw.name).toSorted());
      expect(own[0]).toMatchObject({ flaw: null });
    },
  );

  it.each(ids)('has a flaw that fires %s among those that are measured every time', (id) => {
    expect(briefRows.filter((row) => expectationOf(row, id) === 'violated')).not.toEqual([]);
  });

  it.each(apis.filter(({ kind }) => kind === 'facade'))(
    'measures every control of $name every time',
    ({ name }) => {
      const controls = rows.filter(({ api, flaw }) => api === name && flaw === null);
      expect(briefRows).toEqual(expect.arrayContaining(controls));
    },
  );

  it('has names of one row each', () => {
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
  });

  it.each(ids)('has a flaw that fires %s', (id) => {
    expect(fired(id).map(({ name }) => name)).not.toEqual([]);
  });

  it('expects everything to hold of the control', () => {
    const values = ids.map((id) => expectationOf(rows[0]!, id));
    expect(new Set(values)).toEqual(new Set(['holds', 'beside']));
  });

  it.each(rows)('names each invariant at most once for $name, and only real ones', (row) => {
    const named = [...row.violated, ...row.beside, ...row.unknown, ...row.silent, ...row.either];
    expect(named.filter((id) => !ids.includes(id))).toEqual([]);
    expect(new Set(named).size).toBe(named.length);
  });

  it('accuses no shop without a flaw', () => {
    const controls = rows.filter(({ flaw }) => flaw === null);
    expect(controls.flatMap(({ violated, either }) => [...violated, ...either])).toEqual([]);
  });

  it.each(rows.filter(({ flaw }) => flaw !== null))('proves that $name was at work', (row) => {
    expect(row.violated.length > 0 || row.trace !== null).toBe(true);
  });

  it('stands in the document as it is', async () => {
    const document = await readFile(
      new URL('../../docs/accuracy-matrix.md', import.meta.url),
      'utf8',
    );
    expect(document, 'run npm run matrix -- --write').toBe(withTables(document, rows, ids));
  });
});
