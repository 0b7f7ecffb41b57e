import { lstat, mkdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { asRunFailure } from '../artefacts/write.ts';
import { Failure, RunFailure, UsageFailure } from '../model/failure.ts';
import { listRuns, listRunsOf, newestFirst, runName } from './run-listing.ts';
import { ownRunFolder } from './run-owner.ts';

const SCENARIO_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const SAME_SECOND_MAX = 1000;

/**
 * Makes `<base>/<scenario>/<UTC time>/`, a folder of its own for every call, and gives its absolute path. Throws a
 * `UsageFailure` for a scenario's name that is no plain name, a `RunFailure` where the folder cannot be made.
 */
export async function createRunFolder(base: string, scenario: string, now: Date): Promise<string> {
  if (!SCENARIO_NAME.test(scenario)) throw badName(scenario);
  const parent = resolve(base, scenario);
  try {
    await mkdir(parent, { recursive: true });
    await refuseLink(parent);
    const folder = await makeUnique(join(parent, runName(now)));
    await ownRunFolder(folder);
    return folder;
  } catch (cause) {
    throw cause instanceof Failure ? cause : asRunFailure(parent, cause);
  }
}

function badName(scenario: string): UsageFailure {
  return new UsageFailure({
    expected: 'a plain scenario name (letters, digits, `.`, `_`, `-`)',
    got: JSON.stringify(scenario.slice(0, 100)),
    where: 'the name of the run',
    remedy: 'Name a scenario of `bin/loadtest scenarios`.',
  });
}

async function refuseLink(parent: string): Promise<void> {
  if (!(await lstat(parent)).isSymbolicLink()) return;
  throw new RunFailure({
    expected: 'a folder of its own for runs',
    got: 'a symbolic link',
    where: parent,
    remedy: 'Remove the link; to keep runs elsewhere, name that place with --runs-folder.',
  });
}

async function makeUnique(path: string): Promise<string> {
  for (let n = 1; n <= SAME_SECOND_MAX; n++) {
    const folder = n === 1 ? path : `${path}-${n}`;
    try {
      await mkdir(folder);
      return folder;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    }
  }
  throw new Error(`over ${SAME_SECOND_MAX} runs began in one second at ${path}`);
}

/**
 * The absolute path of the run that `path` names: its folder, a folder of runs (then the newest run in it), or `latest`
 * instead of a run's name (`latest` alone is under `base`). Throws a `UsageFailure` where there is no run, or only a
 * folder without a manifest.
 */
export async function openRunFolder(path: string, { base = 'runs' } = {}): Promise<string> {
  if (path.includes('\0')) throw noRun(JSON.stringify(path), 'a NUL byte in the path');
  const asked = await resolveLatest(path, base);
  const there = await stat(asked).catch(() => null);
  if (there === null) throw noRun(asked, 'no such folder');
  if (!there.isDirectory()) throw noRun(asked, 'a file');
  if (await isFile(join(asked, 'manifest.json'))) return asked;
  const runs = [...(await listRunsOf(asked)), ...(await listRuns(asked))].sort(newestFirst);
  const newest = runs.find((run) => run.status !== 'broken');
  if (newest !== undefined && (await isFile(join(newest.path, 'manifest.json')))) {
    return newest.path;
  }
  throw noRun(asked, 'a folder with no manifest.json, and no run in it');
}

async function resolveLatest(path: string, base: string): Promise<string> {
  const whole = resolve(path);
  if (basename(whole) !== 'latest' || (await stat(whole).catch(() => null)) !== null) return whole;
  return path === 'latest' ? resolve(base) : dirname(whole);
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (there) => there.isFile(),
    () => false,
  );
}

function noRun(where: string, got: string): UsageFailure {
  return new UsageFailure({
    expected: 'the folder of a run (runs/<scenario>/<time>)',
    got,
    where,
    remedy: 'Make a run with `bin/loadtest run` or `bin/loadtest demo`, or correct the path.',
  });
}
