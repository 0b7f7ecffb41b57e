import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { identify, isRunning, type ProcessIdentity } from '../database/process-identity.ts';
import { log } from '../failure.ts';

export interface ProgramOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Written to its standard input, which is closed then. */
  readonly input?: string;
  readonly limitMs: number;
  /** Ends it; the promise rejects with the signal's reason. */
  readonly signal: AbortSignal;
  readonly owns: (program: ProcessIdentity) => void;
  /** What it does, for a line now and then where it takes long; null for what is quick. */
  readonly doing?: string;
}

export interface ProgramEnd {
  /** Null where it could not be started or was ended. */
  readonly code: number | null;
  readonly output: string;
  /** The end of what it said on standard error, or why it could not be started. */
  readonly complaint: string;
}

const WORDS_MAX = 100_000;
const REMINDER_MS = 20_000;

/** Runs a program to its end, or to ours. A code other than 0 is no exception: the caller knows what it means. */
export async function runProgram(
  command: readonly [string, ...string[]],
  options: ProgramOptions,
): Promise<ProgramEnd> {
  options.signal.throwIfAborted();
  const [file, ...args] = command;
  const child = spawn(file, args, {
    env: options.env,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdio: ['pipe', 'pipe', 'pipe'],
    // Ctrl-C is for us; we end it.
    detached: true,
    timeout: options.limitMs,
  });
  const said = listen(child);
  const identity = child.pid === undefined ? null : identify(child.pid);
  if (identity !== null) options.owns(identity);
  // One that ends without reading its input is told by its exit code.
  child.stdin.on('error', () => undefined).end(options.input ?? '');
  const abort = () => identity !== null && endGroup(identity);
  options.signal.addEventListener('abort', abort, { once: true });
  const reminder = remind(options.doing);
  try {
    const code = await endOf(child, said);
    options.signal.throwIfAborted();
    return { code, output: said.output, complaint: said.complaint };
  } finally {
    clearInterval(reminder);
    options.signal.removeEventListener('abort', abort);
  }
}

/** What it has started belongs to its group. */
function endGroup(leader: ProcessIdentity): void {
  if (isRunning(leader)) process.kill(-leader.pid, 'SIGTERM');
}

interface Said {
  output: string;
  complaint: string;
}

function listen(child: ChildProcess): Said {
  const said: Said = { output: '', complaint: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said.output = (said.output + text).slice(-WORDS_MAX);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said.complaint = (said.complaint + text).slice(-WORDS_MAX);
  });
  return said;
}

async function endOf(child: ChildProcess, said: Said): Promise<number | null> {
  try {
    const [code] = await once(child, 'close');
    return code;
  } catch (error) {
    said.complaint = (error as Error).message;
    return null;
  }
}

function remind(doing: string | undefined): NodeJS.Timeout | undefined {
  if (doing === undefined) return undefined;
  const startedAt = performance.now();
  const say = () => log(`${doing}: ${Math.round((performance.now() - startedAt) / 1000)} s so far`);
  return setInterval(say, REMINDER_MS);
}
