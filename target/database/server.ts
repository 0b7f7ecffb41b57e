import { execFile, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  cpSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { RunFailure, textOf } from '../failure.ts';
import { freePort } from '../processes/free-port.ts';
import { type Account, databaseAccount, giveTo } from './account.ts';
import { type Binaries, prepareBinaries } from './binaries.ts';
import { endProcess, identify, type ProcessIdentity } from './process-identity.ts';

/** A running PostgreSQL of our own. */
export interface Database {
  /** Connection string with its password: for whoever may know it, never for a log. */
  readonly url: string;
  readonly process: ProcessIdentity;
  /** Resolves when it ends, whatever ended it. */
  readonly ended: Promise<void>;
}

const NAME = 'primepass';
const START_LIMIT_MS = 60_000;
const START_ATTEMPTS = 5;
const ANSWER_LIMIT_MS = 5000;
const POLL_MS = 25;

/**
 * A throw-away: what a crash of the machine would lose is lost anyway, so nothing waits for the disk. Everything that
 * decides what other transactions may see is left as it is.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  full_page_writes: 'off',
  shared_buffers: '64MB',
  max_wal_size: '256MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  log_min_messages: 'warning',
};

/**
 * Initialises and starts a database in `folder`. `connectionsMax` must cover all pools and a few guests. `template` is
 * the data folder of such a database, ended in order, that this one begins as a copy of; its password is changed.
 */
export async function startDatabase(
  folder: string,
  connectionsMax: number,
  template: string | null = null,
): Promise<Database> {
  const account = databaseAccount();
  const binaries = prepareBinaries(folder, account);
  const password = randomBytes(24).toString('base64url');
  const data = join(folder, 'data');
  const place = { binaries, account, folder, data };
  if (template === null) await initialise({ ...place, password });
  else copyDatabase(template, { ...place, password });
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort('127.0.0.1');
    const server = launch({ binaries, account, folder, data, port, connectionsMax });
    const url = `postgresql://${NAME}:${password}@127.0.0.1:${port}/${NAME}`;
    if (await isReady(server, url)) return { url, process: server.identity, ended: server.ended };
    const said = readFileSync(join(folder, 'postgres.log'), 'utf8').trim();
    // Between finding a free port and taking it, somebody else may have taken it.
    if (attempt < START_ATTEMPTS && /could not bind|Address already in use/.test(said)) continue;
    throw couldNotStart(said.slice(-1500) || 'no word from it', folder);
  }
}

interface Place {
  readonly binaries: Binaries;
  readonly account: Account | null;
  readonly folder: string;
  readonly data: string;
}

interface Initial extends Place {
  readonly password: string;
}

async function initialise({ binaries, account, folder, data, password }: Initial) {
  const passwordFile = join(folder, 'password');
  try {
    mkdirSync(data, { mode: 0o700 });
    giveTo(account, data);
    writeFileSync(passwordFile, password, { mode: 0o600 });
    giveTo(account, passwordFile);
    const args = ['-D', data, '-U', NAME, '--pwfile', passwordFile, '--auth=scram-sha-256'];
    args.push('--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions');
    await promisify(execFile)(binaries.initdb, args, {
      ...account,
      cwd: folder,
      env: environment(binaries),
      timeout: START_LIMIT_MS,
    });
  } catch (cause) {
    const said = (cause as { stderr?: string }).stderr?.trim();
    throw couldNotStart(said || textOf(cause), folder, cause);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** The copy gets the new password before anybody can connect to it. */
function copyDatabase(template: string, { binaries, account, folder, data, password }: Initial) {
  try {
    cpSync(template, data, { recursive: true, mode: constants.COPYFILE_FICLONE });
    for (const path of ['.', ...readdirSync(data, { recursive: true, encoding: 'utf8' })])
      giveTo(account, join(data, path));
    execFileSync(binaries.postgres, ['--single', '-D', data, 'postgres'], {
      ...account,
      cwd: folder,
      env: environment(binaries),
      input: `ALTER ROLE ${NAME} PASSWORD '${password}'\n`,
      stdio: ['pipe', 'ignore', 'pipe'],
      timeout: START_LIMIT_MS,
    });
  } catch (cause) {
    const said = (cause as { stderr?: Buffer }).stderr?.toString().trim();
    throw couldNotStart(said || textOf(cause), folder, cause);
  }
}

interface Server {
  readonly identity: ProcessIdentity;
  readonly ended: Promise<void>;
  readonly hasEnded: () => boolean;
}

function launch(place: Place & { port: number; connectionsMax: number }): Server {
  const { binaries, account, folder, data, port, connectionsMax } = place;
  const settings = { ...SETTINGS, port: String(port), max_connections: String(connectionsMax) };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const output = openSync(join(folder, 'postgres.log'), 'w');
  const child = spawn(binaries.postgres, ['-D', data, ...args], {
    ...account,
    cwd: folder,
    env: environment(binaries),
    stdio: ['ignore', output, output],
    // A group of its own: Ctrl-C is for us, and the database goes last.
    detached: true,
  });
  closeSync(output);
  let over = false;
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  }).then(() => {
    over = true;
  });
  const identity = child.pid === undefined ? null : identify(child.pid);
  return { identity: identity ?? { pid: -1, startedAt: 'never' }, ended, hasEnded: () => over };
}

function environment(binaries: Binaries): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', ...binaries.environment };
}

/** True once the shop's own database is there; false if PostgreSQL ended instead. */
async function isReady(server: Server, url: string): Promise<boolean> {
  const deadline = performance.now() + START_LIMIT_MS;
  while (!server.hasEnded() && performance.now() < deadline) {
    if (await makeShopDatabase(url)) return true;
    await sleep(POLL_MS);
  }
  await stopDatabase(server.identity);
  return false;
}

async function makeShopDatabase(url: string): Promise<boolean> {
  const client = new pg.Client({
    connectionString: url.replace(/[^/]+$/, 'postgres'),
    connectionTimeoutMillis: ANSWER_LIMIT_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch {
    // Not listening yet, still starting up, or somebody else took the port: PostgreSQL ends then, and its log says so.
    return false;
  }
  await client.query(`CREATE DATABASE ${NAME}`);
  await client.end();
  return true;
}

/** Ends PostgreSQL: asked first, then without ceremony. Nothing happens if it has ended already. */
export async function stopDatabase(identity: ProcessIdentity): Promise<void> {
  await endProcess(identity, [
    { signal: 'SIGINT', limitMs: 5000 },
    { signal: 'SIGQUIT', limitMs: 3000 },
    { signal: 'SIGKILL', limitMs: 3000 },
  ]);
}

function couldNotStart(got: string, folder: string, cause?: unknown): RunFailure {
  return new RunFailure({
    expected: 'PostgreSQL to start',
    got,
    where: folder,
    remedy:
      'Needed: about 150 MB there, loopback TCP, and a system that the npm package has a build for.',
    cause,
  });
}
