import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ProgramOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** After this the program and what it started are killed. */
  readonly limitMs: number;
  /** Called with the process id as soon as there is one. */
  readonly onStart?: (pid: number) => Promise<void>;
}

export type ProgramResult =
  | { readonly ended: 'exit'; readonly code: number; readonly output: string }
  | { readonly ended: 'killed' | 'limit' | 'unstartable'; readonly output: string };

const OUTPUT_CHARACTERS_MAX = 64 * 1024;
const OUTPUT_GRACE_MS = 200;

/**
 * Runs a short program to its end and gives what it said on both streams, the last 64 K characters of it. Never throws
 * for what the program does; throws the signal's reason where it was aborted. The program leads a group of its own, so
 * that its children go with it: a script that ends but leaves a child holding the pipe does not keep this waiting.
 */
export async function runProgram(
  path: string,
  args: readonly string[],
  { env, signal, limitMs, onStart }: ProgramOptions,
): Promise<ProgramResult> {
  signal.throwIfAborted();
  const ownGroup = process.platform !== 'win32';
  const child = spawn(path, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: ownGroup });
  const output = gather(child);
  const ending = endOf(child);
  const kill = () => killGroup(child, ownGroup);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    kill();
  }, limitMs);
  signal.addEventListener('abort', kill, { once: true });
  try {
    if (child.pid !== undefined) await onStart?.(child.pid);
    const end = await ending;
    signal.throwIfAborted();
    if (end instanceof Error) return { ended: 'unstartable', output: end.message };
    await Promise.race([output.done, sleep(OUTPUT_GRACE_MS)]);
    if (late) return { ended: 'limit', output: output.text() };
    if (end === null) return { ended: 'killed', output: output.text() };
    return { ended: 'exit', code: end, output: output.text() };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', kill);
    kill();
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

function gather(child: ChildProcess) {
  let text = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      text = (text + chunk).slice(-OUTPUT_CHARACTERS_MAX);
    });
  }
  const done = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return { text: () => text, done };
}

/** Exit code, null for a signal, or the reason why it could not be started. */
function endOf(child: ChildProcess): Promise<number | null | Error> {
  return new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', (code) => resolve(code));
  });
}

function killGroup(child: ChildProcess, ownGroup: boolean): void {
  if (child.pid === undefined) return;
  try {
    if (ownGroup) process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch (cause) {
    // Nobody is left in the group, which is what was wanted; macOS says EPERM where only zombies are.
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw cause;
  }
}
