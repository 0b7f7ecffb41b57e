import pg from 'pg';
import type { UpOptions } from '../command-line.ts';
import { databaseAccount } from '../database/account.ts';
import { makeFolder, removeFolder } from '../database/folder.ts';
import { type Guard, startGuard } from '../database/guard.ts';
import { type Database, startDatabase, stopDatabase } from '../database/server.ts';
import { exitCodes, log, RunFailure } from '../failure.ts';
import { SCHEMA_SQL } from '../shop/schema.ts';
import { CONNECTIONS_PER_PROCESS, SIDE_CONNECTIONS_PER_PROCESS } from '../shop/transaction.ts';
import { Fleet, killWorkers } from './fleet.ts';

/** Connections left for whoever provisions and reads back, and for PostgreSQL's own. */
const GUEST_CONNECTIONS = 40;

/** Runs the service until it is told to end. Whatever happens, nothing is left behind. */
export async function up(options: UpOptions): Promise<number> {
  const end = endRequested(options.untilStdinCloses);
  const guard = startGuard();
  let folder: string | null = null;
  let database: Database | null = null;
  try {
    folder = makeFolder(options.folder, databaseAccount());
    guard.tell({ folder });
    database = await startDatabase(folder, connectionsMax(options.processes));
    guard.tell({ database: database.process });
    await makeTables(database.url);
    await serveUntil(end, options, database);
    return exitCodes.done;
  } finally {
    await cleanUp({ guard, folder, database });
  }
}

function connectionsMax(processes: number): number {
  return processes * (CONNECTIONS_PER_PROCESS + SIDE_CONNECTIONS_PER_PROCESS) + GUEST_CONNECTIONS;
}

async function serveUntil(end: Promise<string>, options: UpOptions, database: Database) {
  const { host, port, flaws, processes } = options;
  const fleet = await Fleet.start(processes, { databaseUrl: database.url, host, port, flaws });
  try {
    announce(options, fleet.port, database.url);
    log(`ending: ${await Promise.race([end, fleet.broken, databaseLost(database)])}`);
  } finally {
    await fleet.stop();
  }
}

/** The one line of standard output: what a program needs to use the service, its password included. */
function announce(options: UpOptions, port: number, databaseUrl: string): void {
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  const ready = {
    url: `http://${host}:${port}`,
    databaseUrl,
    processes: options.processes,
    flaws: options.flaws,
    pid: process.pid,
  };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
}

/** Resolves with the reason to end. A second signal does not wait for anything; the guard cleans up then. */
function endRequested(untilStdinCloses: boolean): Promise<string> {
  let asked = false;
  return new Promise((resolve) => {
    const onSignal = (signal: NodeJS.Signals) => {
      if (asked) endAtOnce();
      asked = true;
      resolve(signal);
    };
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
    if (!untilStdinCloses) return;
    const onClose = () => resolve('standard input closed');
    process.stdin.on('end', onClose).on('close', onClose).on('error', onClose).resume();
  });
}

function endAtOnce(): never {
  killWorkers();
  process.exit(exitCodes.couldNotRun);
}

async function databaseLost(database: Database): Promise<never> {
  await database.ended;
  throw new RunFailure({
    expected: 'PostgreSQL to stay up',
    got: 'it ended by itself',
    where: `process ${database.process.pid}`,
    remedy: 'Start the service again; if it was killed, look for memory pressure.',
  });
}

async function makeTables(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(SCHEMA_SQL);
  await client.end();
}

interface Leftovers {
  readonly guard: Guard;
  readonly folder: string | null;
  readonly database: Database | null;
}

async function cleanUp({ guard, folder, database }: Leftovers): Promise<void> {
  if (database !== null) await stopDatabase(database.process);
  if (folder !== null) await removeFolder(folder);
  await guard.release();
}
