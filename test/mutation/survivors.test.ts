import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  asYaml,
  compare,
  explanationPath,
  linesOf,
  readExplanations,
  readReport,
} from '../../mutation/survivors.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'onsale-mutants-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const source =
  'export function decide(a: number, b: number) {\n  return a < b && {\n    a,\n  };\n}\n';
const mutant = (status: string, replacement: string, [line, from, end, to]: number[]) => ({
  ...{ id: replacement, mutatorName: 'x', status, replacement },
  location: { start: { line, column: from }, end: { line: end, column: to } },
});

function tallyOf(...mutants: ReturnType<typeof mutant>[]) {
  const path = join(folder, 'report.json');
  const file = { language: 'typescript', source, mutants };
  writeFileSync(path, JSON.stringify({ files: { 'lib/invariants/peak.ts': file } }));
  return readReport(path)[0]!;
}

describe('what mutation testing found', () => {
  const survived = mutant('Survived', 'a <= b', [2, 10, 2, 15]);

  it('counts what ran, and knows a survivor by what stands there', () => {
    const tally = tallyOf(
      survived,
      mutant('Killed', 'true', [2, 10, 2, 15]),
      mutant('Timeout', 'false', [2, 10, 2, 15]),
      mutant('NoCoverage', '{}', [2, 19, 4, 4]),
      mutant('Ignored', 'x', [2, 10, 2, 15]),
      mutant('CompileError', 'y', [2, 10, 2, 15]),
    );
    expect(tally).toEqual({
      file: 'lib/invariants/peak.ts',
      noticed: [
        { at: 'return a < b && {', was: 'a < b', became: 'true' },
        { at: 'return a < b && {', was: 'a < b', became: 'false' },
      ],
      survivors: [
        { at: 'return a < b && {', was: 'a < b', became: 'a <= b' },
        { at: 'return a < b && {', was: '{ a, }', became: '{}' },
      ],
    });
  });

  it('tells survivors without an explanation, and explanations of what was noticed', () => {
    const tally = tallyOf(survived, mutant('Killed', 'a > b', [2, 10, 2, 15]));
    const { survivors } = tally;
    const why = { ...survivors[0]!, why: 'both are zero there' };
    const gone = [
      { ...why, became: 'a > b' },
      { ...why, became: 'a ≥ b' },
    ];
    const notTried = { ...why, at: 'export function decide(a: number, b: number) {' };
    expect(compare(tally, [why, notTried])).toEqual({ unexplained: [], outdated: [] });
    expect(compare(tally, gone)).toEqual({ unexplained: survivors, outdated: gone });
    expect(asYaml(survivors)).toContain('became: a <= b\n');
  });
});

describe('the explanations of survivors', () => {
  const files = readdirSync(join(root, 'lib', 'invariants'), { recursive: true })
    .map((name) => `lib/invariants/${String(name)}`)
    .filter((name) => name.endsWith('.ts'));

  it('are each for a file there is', () => {
    const names = files.map((file) => explanationPath(file));
    const folder = join(root, 'mutation', 'explained');
    for (const name of readdirSync(folder)) expect(names).toContain(join(folder, name));
  });

  it.each(files)('speak of lines that stand in %s', (file) => {
    const lines = linesOf(readFileSync(join(root, file), 'utf8'));
    for (const { at } of readExplanations(file)) expect(lines).toContain(at);
  });
});
