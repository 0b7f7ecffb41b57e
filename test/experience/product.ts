import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { k6ForTests } from '../k6.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/loadtest', import.meta.url));
/** Far more than any of these commands needs; a hanging one fails instead of holding up all others. */
const LIMIT_MS = 90_000;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

export interface How {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** `closed` by default; `silent` is a pipe that stays open and never says anything. */
  readonly stdin?: 'closed' | 'silent';
}

/** A user's machine in a folder: home, state, temporary files and runs are all in there. */
export interface Machine {
  readonly folder: string;
  /** Where commands are run; `runs/` and `sla.yaml` are here. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  start(args: readonly string[], how?: How): Running;
  /** Runs `node bin/loadtest …` to its end. */
  loadtest(args: readonly string[], how?: How): Promise<Ended>;
  /** The folders of all runs, the oldest first. */
  runs(): Promise<string[]>;
}

const endings: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** Promises that a run on a busy machine can keep: what decides is whether the sale was right. */
export const LENIENT_SLA = `apiVersion: onsale/v1
validity: {maxDroppedRatio: 50%, lateAfter: 20s, maxAchievedDeficitRatio: 50%, maxGeneratorCpuRatio: 100%, maxStealRatio: 100%}
objectives:
  - {id: purchase-p50, kind: latency, operation: purchase, quantile: 0.5, lte: 1min}
  - {id: correct, kind: invariants}
`;

/** A machine with nothing on it but k6, gone when the test file is through. */
export async function newMachine(): Promise<Machine> {
  const folder = await mkdtemp(join(tmpdir(), 'onsale-machine-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  const cwd = join(folder, 'work');
  const temporary = join(folder, 'tmp');
  for (const one of [cwd, temporary]) await mkdir(one);
  await writeFile(join(cwd, 'sla.yaml'), LENIENT_SLA);
  // A repository of its own, so that no settings file above it is found.
  await mkdir(join(cwd, '.git'));
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    TMPDIR: temporary,
    K6_PATH: await k6ForTests(),
  };
  const start: Machine['start'] = (args, how = {}) => startProgram(args, { env, cwd }, how);
  return {
    folder,
    cwd,
    env,
    start,
    loadtest: (args, how) => start(args, how).ended,
    runs: () => runsIn(join(cwd, 'runs', 'purchase-burst')),
  };
}

async function runsIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).sort().map((name) => join(folder, name));
}

function startProgram(
  args: readonly string[],
  base: { env: NodeJS.ProcessEnv; cwd: string },
  { env, cwd, stdin = 'closed' }: How,
): Running {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: cwd ?? base.cwd,
    env: { ...base.env, ...env },
    stdio: [stdin === 'closed' ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  return { child, ended: untilEnd(child) };
}

/** What a process said, once it has ended; it is killed at the limit. */
export function untilEnd(child: ChildProcess): Promise<Ended> {
  const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(limit);
      resolve({ code, stdout, stderr });
    });
  });
}

/** `run` against `url`: 80 buyers rush 20 tickets within a second, judged by the lenient file. */
export function smallRun(url: string, ...more: readonly string[]): string[] {
  const plan = ['--buyers', '80', '--capacity', '20', '--duration', '1s', '--timeout', '2s'];
  const target = ['--target', 'primepass', '--url', url, '--sla', 'sla.yaml', '--seed', '1'];
  return ['run', 'purchase-burst', ...target, ...plan, ...more];
}
