import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunFailure } from '../../lib/model/failure.ts';
import { manifestSchema } from '../../lib/model/manifest.ts';
import { verdictSchema } from '../../lib/model/verdict.ts';
import { renderers } from '../../reports/registry.ts';
import { writeReports } from '../../reports/write.ts';
import { exampleRun } from './example.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onsale-reports-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('writing reports', () => {
  it('writes every file where it is told, and says which', async () => {
    const target = join(folder, 'deep', 'report');
    const paths = await writeReports(exampleRun({ story: 'fail', hostile: true }), target);
    expect(paths.map((path) => basename(path))).toEqual(
      expect.arrayContaining(['report.html', 'summary.md', 'junit.xml', 'latency-over-time.png']),
    );
    expect((await readdir(target)).sort()).toEqual(paths.map((path) => basename(path)).sort());
    for (const path of paths) {
      expect(dirname(path)).toBe(target);
      expect((await stat(path)).size).toBeGreaterThan(100);
    }
  });

  it('gives the same bytes for the same run', async () => {
    const folders = ['first', 'second'].map((name) => join(folder, name));
    for (const one of folders) await writeReports(exampleRun({ story: 'pass' }), one);
    for (const name of await readdir(folders[0]!)) {
      const [a, b] = await Promise.all(folders.map((one) => readFile(join(one, name))));
      expect(a!.equals(b!), name).toBe(true);
    }
  });

  it('fails in words where it cannot write', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    await expect(writeReports(exampleRun({ story: 'pass' }), join(file, 'report'))).rejects.toThrow(
      RunFailure,
    );
  });

  it('has a name of its own for every file', async () => {
    const input = exampleRun({ story: 'pass', buyers: 10 });
    const files = await Promise.all(renderers.map(({ render }) => render(input)));
    const names = files.flat().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9-]+\.[a-z]+$/);
  });
});

describe('the examples of these tests', () => {
  it.each(['pass', 'fail', 'inconclusive', 'empty'] as const)('%s fits the schemas', (story) => {
    const { verdict, manifest } = exampleRun({ story, hostile: true });
    verdictSchema.parse(verdict);
    manifestSchema.parse(manifest);
  });
});
