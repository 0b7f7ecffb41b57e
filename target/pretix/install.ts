import { existsSync, mkdirSync, readdirSync, renameSync, statfsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { log, RunFailure } from '../failure.ts';
import { environmentFolder, pretixCache } from './cache-folder.ts';
import { cleanEnvironment } from './environment-variables.ts';
import { withInstallLock } from './install-lock.ts';
import { pipFailure } from './pip-failure.ts';
import { type ProgramOptions, runProgram } from './program.ts';
import { findPython, type Python } from './python.ts';
import { PRETIX_VERSION, REQUIREMENTS } from './release.ts';

/** An environment in which `python -m pretix` and `python -m gunicorn` run. */
export interface Installation {
  /** Its own interpreter. */
  readonly python: string;
  /** For the lock of whatever else is put into the cache. */
  readonly base: Python;
  readonly folder: string;
}

export type Needs = Pick<ProgramOptions, 'env' | 'signal' | 'owns'>;

const CHECK = `
import importlib.metadata, django, gunicorn, pretix, psycopg2
print(importlib.metadata.version('pretix'))
`;
const CHECK_LIMIT_MS = 60_000;
const VENV_LIMIT_MS = 120_000;
const PIP_LIMIT_MS = 15 * 60_000;
/** The environment takes 600 MB, what pip downloads and unpacks 400 MB more, the database 100 MB. */
const ROOM_MB = 1200;
const DRAFT = '.making-';

/**
 * Installs pretix into the user's cache, unless it is there. Made beside its place and renamed into it, so it is there
 * whole or not at all; one at a time; a damaged one is made anew. Throws a RunFailure where there is no Python, no
 * way to PyPI or no room, or the signal's reason.
 */
export async function installPretix(needs: Needs): Promise<Installation> {
  const base = await findPython(needs);
  const folder = environmentFolder(needs.env, base.version);
  const installation = { python: join(folder, 'bin', 'python'), base, folder };
  if (await works(installation, needs)) return installation;
  const lock = `${folder}.lock`;
  return withInstallLock(lock, { python: base, signal: needs.signal }, async () => {
    // Whoever held the lock before has probably done the work.
    if (await works(installation, needs)) return installation;
    if (existsSync(folder)) log(`pretix: what is installed in ${folder} is damaged and made anew`);
    await removeDrafts(folder);
    await install(installation, needs);
    return installation;
  });
}

/** Takes everything of pretix out of the user's cache; returns the folder, or null where there was nothing. */
export async function purgePretix(env: NodeJS.ProcessEnv): Promise<string | null> {
  const cache = pretixCache(env);
  if (!existsSync(cache)) return null;
  await rm(cache, { recursive: true, force: true, maxRetries: 3 });
  return cache;
}

async function works({ python }: Installation, needs: Needs): Promise<boolean> {
  if (!existsSync(python)) return false;
  const env = cleanEnvironment(needs.env);
  const asked = { ...needs, env, limitMs: CHECK_LIMIT_MS };
  const { code, output } = await runProgram([python, '-I', '-c', CHECK], asked);
  return code === 0 && output.trim() === PRETIX_VERSION;
}

/** Those of the same environment: whoever made them is gone, because we hold the lock. */
async function removeDrafts(folder: string): Promise<void> {
  for (const name of readdirSync(dirname(folder)))
    if (name.startsWith(`${DRAFT}${basename(folder)}`))
      await rm(join(dirname(folder), name), { recursive: true, force: true, maxRetries: 3 });
}

async function install({ base, folder }: Installation, needs: Needs): Promise<void> {
  const cache = dirname(folder);
  expectRoom(cache);
  const draft = join(cache, `${DRAFT}${basename(folder)}-${process.pid}`);
  log(
    `pretix: installing ${REQUIREMENTS.join(' and ')} with Python ${base.version} into ${folder}; ` +
      'about a minute, once',
  );
  try {
    mkdirSync(draft, { mode: 0o700 });
    await makeEnvironment(base, draft, needs);
    await fillEnvironment(draft, needs);
    // A program that lies there and does not work.
    if (existsSync(folder)) await rm(folder, { recursive: true });
    renameSync(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function makeEnvironment(base: Python, draft: string, needs: Needs): Promise<void> {
  const env = cleanEnvironment(needs.env);
  const command = [base.path, '-I', '-m', 'venv', draft] as const;
  const { code, output, complaint } = await runProgram([...command], {
    ...needs,
    ...{ env, limitMs: VENV_LIMIT_MS },
  });
  if (code === 0) return;
  throw new RunFailure({
    expected: 'Python to make an environment',
    got: (complaint || output).trim().slice(-600) || `exit code ${code}`,
    where: command.join(' '),
    remedy:
      'Install what it misses (Debian and Ubuntu: apt-get install python3-venv), or set ONSALE_PYTHON to another.',
  });
}

async function fillEnvironment(draft: string, needs: Needs): Promise<void> {
  const python = join(draft, 'bin', 'python');
  const pip = ['-I', '-m', 'pip', 'install', '--quiet', '--no-input'];
  const env = { ...cleanEnvironment(needs.env), PIP_DISABLE_PIP_VERSION_CHECK: '1' };
  const end = await runProgram([python, ...pip, ...REQUIREMENTS], {
    ...needs,
    ...{ env, limitMs: PIP_LIMIT_MS, doing: 'pretix: installing' },
  });
  if (end.code !== 0) throw pipFailure(end, dirname(draft));
  const check = { ...needs, env, limitMs: CHECK_LIMIT_MS };
  const { code, complaint } = await runProgram([python, '-I', '-c', CHECK], check);
  if (code !== 0) throw pipFailure({ code, output: '', complaint }, dirname(draft));
}

function expectRoom(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  const freeMb = Math.floor((bavail * bsize) / 1e6);
  if (freeMb >= ROOM_MB) return;
  throw new RunFailure({
    expected: `${ROOM_MB} MB of room to install pretix`,
    got: `${freeMb} MB`,
    where: folder,
    remedy: 'Free some, or set XDG_CACHE_HOME to a folder on another disk.',
  });
}
