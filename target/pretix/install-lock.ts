import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { log, RunFailure, textOf } from '../failure.ts';
import { cleanEnvironment } from './environment-variables.ts';
import type { Python } from './python.ts';

/**
 * Holds the lock for as long as its standard input is open. The system takes it back whatever way the holder goes, so
 * there is no such thing as an abandoned one.
 */
const HOLD = `
import fcntl, signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
with open(sys.argv[1], 'a') as lock:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print('busy', flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)
    print('held', flush=True)
    sys.stdin.read()
`;

/** Runs `work` while nobody else on this machine holds the lock file; waits for its turn. */
export async function withInstallLock<T>(
  path: string,
  { python, signal }: { python: Python; signal: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  makeFolderOf(path);
  const holder = spawn(python.path, ['-I', '-c', HOLD, path], {
    env: cleanEnvironment(process.env),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(holder, 'close');
  const abort = () => holder.kill('SIGTERM');
  signal.addEventListener('abort', abort, { once: true });
  try {
    for await (const word of createInterface({ input: holder.stdout })) {
      if (word === 'held') return await work();
      log('pretix: waiting for another Onsale that is installing it');
    }
    signal.throwIfAborted();
    throw cannotLock(path, 'the program that holds the lock ended');
  } finally {
    signal.removeEventListener('abort', abort);
    holder.stdin.end();
    await ended;
  }
}

function makeFolderOf(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw cannotLock(path, textOf(cause), cause);
  }
}

function cannotLock(path: string, got: string, cause?: unknown): RunFailure {
  return new RunFailure({
    expected: 'a cache folder that can be written',
    got,
    where: path,
    remedy: 'Make it writable, or set XDG_CACHE_HOME to a folder that is.',
    cause,
  });
}
