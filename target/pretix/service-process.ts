import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { endProgram, identify, type ProcessIdentity } from '../database/process-identity.ts';
import { RunFailure } from '../failure.ts';

/** A program that runs beside us until we end it. */
export interface ServiceProcess {
  readonly name: string;
  /** Resolves when it ends, whatever ended it. */
  readonly ended: Promise<void>;
  readonly hasEnded: () => boolean;
  /** The end of what it has said. */
  readonly words: () => string;
  readonly stop: () => Promise<void>;
}

interface ServiceOptions {
  readonly name: string;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** A file that takes its words. */
  readonly logPath: string;
  readonly input?: string;
  readonly owns: (program: ProcessIdentity) => void;
}

const POLL_MS = 50;
const WORDS_SHOWN = 1500;

export function startService(
  command: readonly [string, ...string[]],
  options: ServiceOptions,
): ServiceProcess {
  const { name, env, cwd, logPath } = options;
  const output = openSync(logPath, 'w', 0o600);
  const [file, ...args] = command;
  const child = spawn(file, args, {
    env,
    cwd,
    stdio: ['pipe', output, output],
    // Ctrl-C is for us; we end it after its last replies.
    detached: true,
  });
  child.on('error', ({ message }) => writeSync(output, message));
  child.stdin?.on('error', () => undefined).end(options.input ?? '');
  const { ended, hasEnded } = watch(child);
  void ended.then(() => closeSync(output));
  const identity = child.pid === undefined ? null : identify(child.pid);
  if (identity !== null) options.owns(identity);
  const words = () => readFileSync(logPath, 'utf8').trim().slice(-WORDS_SHOWN);
  const stop = async () => {
    if (identity !== null) await endProgram(identity);
    await ended;
  };
  return { name, ended, hasEnded, words, stop };
}

function watch(child: ChildProcess): Pick<ServiceProcess, 'ended' | 'hasEnded'> {
  let over = false;
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  }).then(() => {
    over = true;
  });
  return { ended, hasEnded: () => over };
}

/** True once `isReady` says so, false if the program ended or `limitMs` passed before that; stops it then. */
export async function untilReady(
  service: ServiceProcess,
  isReady: () => Promise<boolean>,
  { limitMs, signal }: { limitMs: number; signal: AbortSignal },
): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (!service.hasEnded() && performance.now() < deadline && !signal.aborted) {
    if (await isReady()) return true;
    await sleep(POLL_MS);
  }
  await service.stop();
  signal.throwIfAborted();
  return false;
}

/** Rejects when one of them ends by itself. */
export async function lost(services: readonly ServiceProcess[]): Promise<never> {
  const first = await Promise.race(
    services.map(async (service) => {
      await service.ended;
      return service;
    }),
  );
  throw new RunFailure({
    expected: `${first.name} to stay up`,
    got: first.words() || 'it ended by itself, without a word',
    where: first.name,
    remedy: 'Start it again; if it was killed, look for memory pressure.',
  });
}
