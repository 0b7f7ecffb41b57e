import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const examplesFolder = fileURLToPath(new URL('.', import.meta.url));
const PROGRAM = fileURLToPath(new URL('../bin/loadtest', import.meta.url));
const LIMIT_MS = 120_000;

/**
 * What a history of another tool is judged with, there being no run's folder: by its fixture and plan, or by a pool of so many
 * tickets.
 */
const FOREIGN_FLAGS: Readonly<Record<string, readonly string[]>> = {
  foreign: ['--pool', 'front=4'],
  'foreign-holds': ['--fixture', 'fixture.json', '--intents', 'intents.json'],
  'foreign-reads': ['--pool', 'front=3'],
};
const FOREIGN_COMMON = [
  ...['--history', 'history.ndjson', '--state', 'state.json'],
  ...['--history-complete', '--exclusive'],
];

/** An import is made when it is made; every other byte follows from the files. */
export const IMPORTED_AT = '2025-11-21T10:01:00.000Z';

export interface JudgedExample {
  readonly code: number;
  /** As on stdout of `judge --json`, and byte for byte as in verdict.json. */
  readonly verdict: string;
}

/** The names of all examples: each is a folder here with the verdict it must get. */
export async function exampleNames(): Promise<string[]> {
  const entries = await readdir(examplesFolder, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return folders.filter((name) => existsSync(join(examplesFolder, name, 'verdict.json'))).sort();
}

/** Judges a copy by the real command, elsewhere, and leaves nothing behind. `prepare` may change the copy before. */
export async function judgeExample(
  name: string,
  prepare: (folder: string) => Promise<void> = async () => undefined,
): Promise<JudgedExample> {
  const folder = await mkdtemp(join(tmpdir(), 'onsale-example-'));
  try {
    const copy = join(folder, 'run');
    await cp(join(examplesFolder, name), copy, { recursive: true });
    await rm(join(copy, 'verdict.json'), { force: true });
    await prepare(copy);
    const isRun = (await readdir(copy)).includes('manifest.json');
    const { code, stdout } = await judge(
      isRun ? ['.'] : [...FOREIGN_COMMON, ...FOREIGN_FLAGS[name]!],
      copy,
    );
    const written = await readFile(join(isRun ? copy : await importedIn(copy), 'verdict.json'));
    if (String(written) !== stdout) throw new Error(`${name}: stdout is not verdict.json`);
    return { code, verdict: isRun ? stdout : withFixedTime(stdout) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function importedIn(folder: string): Promise<string> {
  const imported = join(folder, 'runs', 'imported');
  return join(imported, (await readdir(imported))[0]!);
}

const withFixedTime = (verdict: string): string =>
  verdict.replace(/"createdAt": "[^"]*"/, `"createdAt": "${IMPORTED_AT}"`);

async function judge(
  args: readonly string[],
  cwd: string,
): Promise<{ code: number; stdout: string }> {
  const home = join(cwd, '..', 'home');
  await mkdir(home);
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [PROGRAM, 'judge', ...args, '--json', '--quiet'],
      { cwd, env: { PATH: process.env.PATH, HOME: home }, timeout: LIMIT_MS, maxBuffer: 1 << 26 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : error.code;
        if (typeof code !== 'number' || stdout === '') reject(new Error(stderr, { cause: error }));
        else resolve({ code, stdout });
      },
    );
  });
}
