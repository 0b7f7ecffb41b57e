import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { RunFailure, UsageFailure } from '../../lib/model/failure.ts';
import { userFolders } from '../../lib/run/user-folders.ts';
import { exitCodes } from '../../lib/verdict/exit-codes.ts';
import { apis } from '../../target/facades/registry.ts';

/** What the reference service says when it is ready. `databaseUrl` and the values of `environment` are secret. */
const readySchema = z.object({
  api: z.string().min(1),
  target: z.string().min(1),
  url: z.url(),
  databaseUrl: z.string().min(1),
  environment: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string()),
  processes: z.int().min(1),
  flaws: z.array(z.string()),
  pid: z.int().positive(),
});
export type Reference = z.infer<typeof readySchema>;

export interface ReferenceOptions {
  /** What it speaks; PrimePass where it is not said. */
  readonly api?: string;
  /** Options of that API, "name=value" each. */
  readonly options?: readonly string[];
  /** 0 is any free port. */
  readonly port: number;
  readonly processes: number;
  readonly flaws: readonly string[];
  /** It outlives this process; otherwise it ends, database and folder included, when this process does. */
  readonly detach: boolean;
}

export interface RunningReference extends Reference {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  /** Ends it in order and waits until nothing of it is left; calling it twice is harmless. */
  readonly stop: () => Promise<void>;
  /** Lets this process end before it does. */
  readonly release: () => void;
}

const START_LIMIT_MS = 60_000;
/** An installed program may have to be fetched and built first. */
const INSTALL_LIMIT_MS = 20 * 60_000;
const STOP_LIMIT_MS = 20_000;
/** Its last words that are kept, and how many of them go into a failure. */
const WORDS_LENGTH_MAX = 4000;
const WORDS_SHOWN_MAX = 800;

/**
 * Starts the reference service, a program of its own. Once it serves, its words go to `onNote`, line by line, until it
 * is stopped; what it says before that is the reason if it does not come to serve. Throws its own failure, or the signal's reason.
 */
export async function startReference(
  options: ReferenceOptions,
  { signal, onNote }: { signal: AbortSignal; onNote: (text: string) => void },
): Promise<RunningReference> {
  const program = join(process.env.ONSALE_BUILD ?? '', 'target', 'main.js');
  // A detached one must be able to speak when nobody listens any more, so it speaks into a file.
  const log = options.detach ? openSync(detachedLogPath(), 'w', 0o600) : null;
  const child = spawn(process.execPath, [program, ...argumentsFor(options)], {
    stdio: [options.detach ? 'ignore' : 'pipe', 'pipe', log ?? 'pipe'],
    // A group of its own: Ctrl-C on the terminal reaches the runner, and the runner decides.
    detached: true,
  });
  if (log !== null) closeSync(log);
  let words = '';
  let serves = false;
  const installs = apis.find(({ name }) => name === options.api)?.kind === 'installed';
  let stopping = false;
  if (child.stderr !== null)
    createInterface({ input: child.stderr }).on('line', (line) => {
      words = `${words}${line}\n`.slice(-WORDS_LENGTH_MAX);
      if ((serves || installs) && !stopping) onNote(`  ${line}`);
    });
  const lastWords = () =>
    log === null ? words : readFileSync(detachedLogPath(), 'utf8').slice(-WORDS_LENGTH_MAX).trim();
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    stopping = true;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await ended;
    clearTimeout(timer);
  };
  try {
    const ready = await readiness(child, {
      ...{ signal, words: lastWords },
      limitMs: installs ? INSTALL_LIMIT_MS : START_LIMIT_MS,
    });
    serves = true;
    return { ...ready, child, ended, stop, release: () => release(child) };
  } catch (error) {
    await stop();
    throw error;
  }
}

function detachedLogPath(): string {
  const { state } = userFolders(process.env);
  mkdirSync(state, { recursive: true, mode: 0o700 });
  return join(state, 'reference.log');
}

const argumentsFor = (asked: ReferenceOptions): string[] => {
  const { api, options = [], port, processes, flaws, detach } = asked;
  return [
    'up',
    ...(api === undefined ? [] : [api]),
    ...options.flatMap((option) => ['--option', option]),
    ...(detach ? [] : ['--until-stdin-closes']),
    ...['--port', String(port), '--processes', String(processes)],
    ...(flaws.length === 0 ? [] : ['--flaw', flaws.join(',')]),
  ];
};

/** Its pipe is closed, so that neither process waits for the other. */
function release(child: ChildProcess): void {
  (child.stdout as Readable).destroy();
  child.unref();
}

/** The announcement on its standard output; rejects when it ends before that, takes too long, or is interrupted. */
function readiness(
  child: ChildProcess,
  { signal, words, limitMs }: { signal: AbortSignal; words: () => string; limitMs: number },
): Promise<Reference> {
  let timer: NodeJS.Timeout | undefined;
  let abort: () => void = () => undefined;
  const ready = new Promise<Reference>((resolve, reject) => {
    timer = setTimeout(
      () => reject(failure(`no answer within ${limitMs / 1000} s`, null)),
      limitMs,
    );
    abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    child.once('error', (error) => reject(failure(error.message, null)));
    child.once('close', (code) => reject(failure(words() || `exit code ${code}`, code)));
    createInterface({ input: child.stdout as Readable }).once('line', (line) => {
      resolve(readySchema.parse(JSON.parse(line)));
    });
  });
  // Either would keep this process, or hold on to its memory, after the service has failed to start.
  return ready.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  });
}

/** The four parts in which the service says what kept it from starting. */
const FOUR_PARTS =
  /target: expected (.*)\n {2}got: {4}(.*)\n {2}where: {2}(.*)\n {2}to do: {2}(.*)/;

function failure(words: string, exitCode: number | null): Error {
  const [, expected, got, where, remedy] = FOUR_PARTS.exec(words) ?? [];
  return new (exitCode === exitCodes.usage ? UsageFailure : RunFailure)({
    expected: expected ?? 'the reference service to start',
    got: got ?? words.slice(-WORDS_SHOWN_MAX).trim(),
    where: where ?? 'target/main.ts',
    remedy: remedy ?? 'See what bin/loadtest doctor says, then try again.',
  });
}
