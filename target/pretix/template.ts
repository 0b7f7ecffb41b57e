import { createHash } from 'node:crypto';
import { constants, cpSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { databaseBuild } from '../database/binaries.ts';
import { type Database, startDatabase, stopDatabase } from '../database/server.ts';
import { log, RunFailure, textOf } from '../failure.ts';
import { BOOTSTRAP } from './bootstrap.ts';
import type { Installation, Needs } from './install.ts';
import { withInstallLock } from './install-lock.ts';
import { type ProgramOptions, runProgram } from './program.ts';
import { PRETIX_VERSION } from './release.ts';
import { writeSettings } from './settings.ts';

export const DATABASE_NAME = 'pretix';

const CONNECTIONS = 20;
const MIGRATE_LIMIT_MS = 15 * 60_000;
const SHELL_LIMIT_MS = 120_000;

/**
 * The data folder of a PostgreSQL in which pretix has migrated its tables and has its organizer, team and token. The
 * 400 migrations take longer than everything else together and always come to the same, so they are run once and the
 * result is kept in the user's cache. `folder` must be reachable for the database's user.
 */
export async function pretixTemplate(
  installation: Installation,
  { folder, ...needs }: Needs & { folder: string },
): Promise<string> {
  const template = join(dirname(installation.folder), `database-${templateKey()}`);
  if (existsSync(template)) return template;
  const held = { python: installation.base, signal: needs.signal };
  return withInstallLock(`${template}.lock`, held, async () => {
    if (existsSync(template)) return template;
    // Whoever was making it is gone, because we hold the lock.
    await rm(draftOf(template), { recursive: true, force: true, maxRetries: 3 });
    log('pretix: making its database, once; about a minute and a half');
    const made = join(folder, 'template');
    mkdirSync(made, { mode: 0o755 });
    await makeDatabase(installation, { ...needs, folder: made });
    keep(join(made, 'data'), template);
    await rm(made, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    return template;
  });
}

/** Changes with everything that decides what is in the folder and who can read it. */
function templateKey(): string {
  const parts = [PRETIX_VERSION, databaseBuild(), BOOTSTRAP];
  const hash = createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 12);
  return `${PRETIX_VERSION}-${hash}`;
}

async function makeDatabase(
  installation: Installation,
  { folder, ...needs }: Needs & { folder: string },
): Promise<void> {
  const database = await startDatabase(folder, CONNECTIONS);
  needs.owns(database.process);
  try {
    const databaseUrl = await ownDatabase(database);
    const site = { databaseUrl, url: 'http://localhost', redisUrl: null, flags: [] };
    const own = join(folder, 'pretix');
    mkdirSync(own);
    const env = writeSettings({ ...site, folder: own });
    const run = { ...needs, env, cwd: own };
    const pretix = [installation.python, '-m', 'pretix'] as const;
    await demand([...pretix, 'migrate', '--verbosity', '0'], {
      ...run,
      ...{ limitMs: MIGRATE_LIMIT_MS, doing: 'pretix: making its database' },
    });
    await demand([...pretix, 'shell'], { ...run, limitMs: SHELL_LIMIT_MS, input: BOOTSTRAP });
  } finally {
    await stopDatabase(database.process);
  }
}

/** Every start makes the database of the reference service anew, so it has no place in a template. */
async function ownDatabase({ url }: Database): Promise<string> {
  const own = url.replace(/[^/]+$/, DATABASE_NAME);
  await once(url, `CREATE DATABASE ${DATABASE_NAME}`);
  await once(own, `DROP DATABASE ${new URL(url).pathname.slice(1)}`);
  return own;
}

async function once(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}

async function demand(
  command: readonly [string, ...string[]],
  options: ProgramOptions,
): Promise<void> {
  const { code, output, complaint } = await runProgram(command, options);
  // Django's shell ends with 0 whatever becomes of what it reads.
  const failed = options.input !== undefined && !output.includes('made');
  if (code === 0 && !failed) return;
  throw new RunFailure({
    expected: `pretix to make its database (${command.at(-1) === 'shell' ? 'shell' : 'migrate'})`,
    got: (complaint || output).trim().slice(-1000) || `exit code ${code}`,
    where: command.join(' '),
    remedy: 'Needed: 300 MB in the temporary folder. If that is there, remove the cache and retry.',
  });
}

const draftOf = (template: string) => `${template}.making`;

function keep(data: string, template: string): void {
  const draft = draftOf(template);
  try {
    cpSync(data, draft, { recursive: true, mode: constants.COPYFILE_FICLONE });
    renameSync(draft, template);
  } catch (cause) {
    throw new RunFailure({
      expected: 'to keep a database of 100 MB in the cache',
      got: textOf(cause),
      where: template,
      remedy: 'Make room there, or set XDG_CACHE_HOME to another folder.',
      cause,
    });
  }
}
