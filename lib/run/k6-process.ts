import { type ChildProcess, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { asRunFailure } from '../artefacts/write.ts';
import { RunFailure } from '../model/failure.ts';

/** How long k6 may take to end in good order after SIGINT: it writes its summary and closes connections. */
const GRACE_MS = 10_000;
/** k6's own words on stderr that are kept. */
const STDERR_LENGTH_MAX = 20_000;
/** Variables of the runner that k6 is given; no other: they may hold secrets, or a proxy that leads load elsewhere. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'SSL_CERT_FILE', 'TZ'];

export type K6End = 'complete' | 'interrupted' | 'killed' | 'timed-out' | 'failed';

export interface K6Ended {
  readonly end: K6End;
  readonly exitCode: number | null;
  readonly stderr: string;
}

export interface K6Process {
  readonly pid: number;
  readonly ended: Promise<K6Ended>;
  /** Ends k6 and what it may have started, at once; synchronous, and harmless when it is gone. */
  readonly kill: () => void;
}

export interface K6Asked {
  readonly k6Path: string;
  readonly scriptPath: string;
  /** Where everything goes that k6 and the scenario log. A new file, or one that is appended to. */
  readonly logPath: string;
  /** A folder for what k6 might want to keep; its user's own configuration is not read. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** k6 is interrupted when it is still running after this long. */
  readonly limitMs: number;
  /** How long k6 may take to end after an interrupt before it is killed; 10 s where nothing is said. */
  readonly graceMs?: number;
  /** Interrupts in good order: what is in flight is cut off, the summary is written. */
  readonly signal: AbortSignal;
}

/**
 * Starts k6 in a process group of its own, so that a Ctrl-C in a terminal reaches only the runner, which passes it on
 * once. The log is k6's standard output, which is the file itself: k6's own log file keeps up to 4 KB and 100 lines
 * in memory, and a killed k6 would take them along.
 * @throws RunFailure if the log cannot be opened or k6 cannot be started.
 */
export async function startK6(asked: K6Asked): Promise<K6Process> {
  const log = await open(asked.logPath, 'a').catch((cause: unknown) => {
    throw asRunFailure(asked.logPath, cause);
  });
  try {
    const child = spawn(asked.k6Path, argumentsFor(asked.scriptPath), {
      cwd: asked.folder,
      env: environmentFor(asked),
      stdio: ['ignore', log.fd, 'pipe'],
      detached: true,
    });
    await started(child, asked.k6Path);
    return watch(child, asked);
  } finally {
    await log.close();
  }
}

function argumentsFor(scriptPath: string): string[] {
  return [
    'run',
    ...['--address', '127.0.0.1:0'],
    '--no-usage-report',
    '--quiet',
    '--no-color',
    ...['--log-format', 'raw'],
    ...['--log-output', 'stdout'],
    scriptPath,
  ];
}

function environmentFor(asked: K6Asked): NodeJS.ProcessEnv {
  const passedOn = PASSED_ON.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...Object.fromEntries(passedOn),
    XDG_CONFIG_HOME: asked.folder,
    // k6 would otherwise fetch a build of itself when a script asks for an extension.
    K6_AUTO_EXTENSION_RESOLUTION: 'false',
    ...asked.environment,
  };
}

function started(child: ChildProcess, k6Path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) =>
      reject(
        new RunFailure({
          expected: 'k6 to start',
          got: cause.message,
          where: k6Path,
          remedy: 'Run `bin/loadtest doctor`, or set K6_PATH to a k6 that runs.',
          cause,
        }),
      ),
    );
  });
}

function watch(child: ChildProcess, asked: K6Asked): K6Process {
  const pid = child.pid as number;
  let asWanted: 'interrupted' | 'timed-out' | null = null;
  let gone = false;
  let stderr = '';
  let grace: NodeJS.Timeout | undefined;
  const send = (signal: NodeJS.Signals) => {
    if (!gone) sendToGroup(pid, signal);
  };
  const interrupt = (why: 'interrupted' | 'timed-out') => {
    if (asWanted !== null) return;
    asWanted = why;
    send('SIGINT');
    grace = setTimeout(() => send('SIGKILL'), asked.graceMs ?? GRACE_MS);
  };
  const onAbort = () => interrupt('interrupted');
  const limit = setTimeout(() => interrupt('timed-out'), asked.limitMs);
  if (asked.signal.aborted) onAbort();
  else asked.signal.addEventListener('abort', onAbort, { once: true });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_LENGTH_MAX);
  });
  const ended = new Promise<K6Ended>((resolve) => {
    child.once('exit', () => {
      gone = true;
    });
    child.once('close', (exitCode) => {
      clearTimeout(limit);
      clearTimeout(grace);
      asked.signal.removeEventListener('abort', onAbort);
      resolve({ end: asWanted ?? endOf(exitCode), exitCode, stderr });
    });
  });
  return { pid, ended, kill: () => send('SIGKILL') };
}

/** The exit code says little (0 even where every iteration threw); what was delivered is judged from the history. */
function endOf(exitCode: number | null): K6End {
  if (exitCode === null) return 'killed';
  return exitCode === 0 ? 'complete' : 'failed';
}

function sendToGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // It ended between the look and the signal: what was wanted has happened.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
