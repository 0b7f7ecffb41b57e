import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { UpOptions } from '../command-line.ts';
import { databaseAccount, giveTo } from '../database/account.ts';
import { makeFolder, removeFolder } from '../database/folder.ts';
import { type Guard, startGuard } from '../database/guard.ts';
import { endProgram, type ProcessIdentity } from '../database/process-identity.ts';
import { type Database, startDatabase, stopDatabase } from '../database/server.ts';
import type { Installed, Serving } from '../facades/facade.ts';
import { exitCodes, log, RunFailure } from '../failure.ts';
import { connectionsOf, serveFacade } from './facade.ts';
import { killWorkers } from './fleet.ts';

/** Connections left for whoever provisions and reads back, and for PostgreSQL's own. */
const GUEST_CONNECTIONS = 40;

/** Runs the service until it is told to end. Whatever happens, nothing is left behind. */
export async function up(options: UpOptions): Promise<number> {
  const end = endRequested(options.untilStdinCloses);
  const guard = startGuard();
  const leftovers: Leftovers = { guard, folder: null, database: null, programs: [] };
  try {
    const folder = makeFolder(options.folder, databaseAccount());
    leftovers.folder = folder;
    guard.tell({ folder });
    const { serve, databaseTemplate } = await prepare(options, { ...leftovers, folder, end });
    const connections = connectionsMax(options);
    const database = await startDatabase(folder, connections, databaseTemplate);
    leftovers.database = database;
    guard.tell({ database: database.process });
    await serveUntil(end, options, { database, serving: await serve(database) });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof EndedEarly) return exitCodes.done;
    throw error;
  } finally {
    await cleanUp(leftovers);
  }
}

function connectionsMax({ api, processes }: UpOptions): number {
  const own = api.kind === 'facade' ? connectionsOf(api, processes) : api.connections(processes);
  return own + GUEST_CONNECTIONS;
}

async function serveUntil(
  end: Promise<string>,
  options: UpOptions,
  { database, serving }: { database: Database; serving: Serving },
) {
  try {
    announce(options, serving, database);
    log(`ending: ${await Promise.race([end, serving.ended, databaseLost(database)])}`);
  } finally {
    await serving.stop();
  }
}

/** What is left to do once there is a database. */
interface Plan {
  readonly databaseTemplate: string | null;
  readonly serve: (database: Database) => Promise<Serving>;
}

function prepare(options: UpOptions, mine: Leftovers & Beginning): Promise<Plan> | Plan {
  const { api } = options;
  if (api.kind === 'installed') return prepareInstalled(api, options, mine);
  const serve = (database: Database) => serveFacade(api, options, database);
  return { databaseTemplate: null, serve };
}

/** Everything a program of somebody else leaves behind lies in a folder of its own, and it is ended by the guard, too. */
async function prepareInstalled(
  api: Installed,
  { host, port, processes, flaws, options }: UpOptions,
  { end, ...mine }: Leftovers & Beginning,
): Promise<Plan> {
  const folder = join(mine.folder, api.name);
  mkdirSync(folder);
  giveTo(databaseAccount(), folder);
  const interruption = new AbortController();
  void end.then((reason) => interruption.abort(new EndedEarly(reason)));
  const owns = (program: ProcessIdentity) => {
    mine.programs.push(program);
    mine.guard.tell({ programs: [...mine.programs] });
  };
  const needs = { folder, signal: interruption.signal, owns };
  const { databaseTemplate, up: start } = await api.prepare(needs);
  const request = { ...needs, host, port, processes, flaws, options };
  return { databaseTemplate, serve: (database) => start(request, database) };
}

/** The end was asked for before there was anything to use. */
class EndedEarly extends Error {}

/** The one line of standard output: what a program needs to use the service, its secrets included. */
function announce(options: UpOptions, { url, environment }: Serving, database: Database): void {
  const ready = {
    api: options.api.name,
    target: options.api.target,
    url,
    databaseUrl: database.url,
    environment,
    processes: options.processes,
    flaws: options.flaws,
    options: options.options,
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

interface Leftovers {
  readonly guard: Guard;
  folder: string | null;
  database: Database | null;
  /** Those of an installed API. */
  readonly programs: ProcessIdentity[];
}

interface Beginning {
  readonly folder: string;
  readonly end: Promise<string>;
}

async function cleanUp({ guard, folder, database, programs }: Leftovers): Promise<void> {
  for (const program of programs) await endProgram(program);
  if (database !== null) await stopDatabase(database.process);
  if (folder !== null) await removeFolder(folder);
  await guard.release();
}
