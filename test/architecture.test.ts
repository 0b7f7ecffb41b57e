import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * The table in ARCHITECTURE.md is the law: an import that it does not list fails, and so does an entry that no import
 * needs any more.
 */
const root = dirname(import.meta.dirname);

interface Row {
  readonly folder: string;
  readonly folders: readonly string[];
  readonly packages: readonly string[];
}

const ticked = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);

function tableRows(): Row[] {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  const table = /<!-- imports -->([\s\S]*?)<!-- \/imports -->/.exec(text)?.[1] ?? '';
  return table
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => {
      const [, folder, folders, packages] = line.split('|');
      return {
        folder: ticked(folder!)[0]!,
        folders: ticked(folders!),
        packages: ticked(packages!),
      };
    });
}

const rows = tableRows();

/** The longest folder of the table that holds this path. */
const rowOf = (path: string): Row | undefined =>
  rows
    .filter((row) => path === row.folder || path.startsWith(`${row.folder}/`))
    .sort((a, b) => b.folder.length - a.folder.length)[0];

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s+(type\s)?(?:[^'"`;]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/g;

function importsOf(path: string): Import[] {
  const text = readFileSync(join(root, path), 'utf8');
  return [...text.matchAll(importPattern)].map((match) => {
    const specifier = (match[2] ?? match[3])!;
    return {
      from: path,
      to: specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier,
      typeOnly: match[1] !== undefined,
    };
  });
}

const sources = ['bin', 'lib', 'recheck', 'reports', 'scenarios', 'target']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true }).map((name) =>
      relative(root, join(root, folder, String(name))),
    ),
  )
  .filter((path) => path.endsWith('.ts'));
const imports = sources.flatMap(importsOf);
const isPath = (specifier: string) => sources.includes(specifier);
const packageOf = (specifier: string) =>
  specifier.startsWith('node:')
    ? 'node:*'
    : specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');

/** A scenario may name types from anywhere: they are gone before it runs. */
const counts = (one: Import) => !(one.typeOnly && one.from.startsWith('scenarios/'));

const allows = (row: Row, folder: string) => row.folder === folder || row.folders.includes(folder);

describe('the import table', () => {
  it('has a row for every source file', () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.filter((path) => rowOf(path) === undefined)).toEqual([]);
  });

  it('lists every import between folders', () => {
    const unlisted = imports
      .filter((one) => isPath(one.to) && counts(one))
      .filter((one) => !allows(rowOf(one.from)!, rowOf(one.to)!.folder))
      .map((one) => `${one.from} imports ${one.to}`);
    expect(unlisted).toEqual([]);
  });

  it('lists every package', () => {
    const unlisted = imports
      .filter((one) => !isPath(one.to) && counts(one))
      .filter((one) => !rowOf(one.from)!.packages.includes(packageOf(one.to)))
      .map((one) => `${one.from} imports ${one.to}`);
    expect(unlisted).toEqual([]);
  });

  it('lists nothing that no import needs', () => {
    const used = (row: Row, test: (one: Import) => boolean) =>
      imports.some((one) => rowOf(one.from) === row && counts(one) && test(one));
    const stale = rows.flatMap((row) => [
      ...row.folders
        .filter((folder) => !used(row, (one) => isPath(one.to) && rowOf(one.to)?.folder === folder))
        .map((folder) => `${row.folder} → ${folder}`),
      ...row.packages
        .filter((name) => !used(row, (one) => !isPath(one.to) && packageOf(one.to) === name))
        .map((name) => `${row.folder} → ${name}`),
    ]);
    expect(stale).toEqual([]);
  });

  it('lets nothing of recheck come from elsewhere, not even a type', () => {
    const own = imports.filter((one) => one.from.startsWith('recheck/'));
    const foreign = own.filter(({ to }) => !to.startsWith('recheck/') && !to.startsWith('node:'));
    expect(own.length).toBeGreaterThan(10);
    expect(foreign).toEqual([]);
    expect(rows.find(({ folder }) => folder === 'recheck')?.folders).toEqual([]);
  });

  it('names only folders that exist', () => {
    const gone = rows.filter((row) => !sources.some((path) => rowOf(path) === row));
    expect(gone.map((row) => row.folder)).toEqual([]);
  });
});
