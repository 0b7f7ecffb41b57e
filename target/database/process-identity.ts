import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that cannot be mistaken for a later one that was given the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** As the system tells it; only compared. */
  readonly startedAt: string;
}

const POLL_MS = 20;

/** The identity of a running process; null where there is none, or where it has ended and nobody has noticed yet. */
export function identify(pid: number): ProcessIdentity | null {
  const startedAt = process.platform === 'linux' ? startFromProc(pid) : startFromPs(pid);
  return startedAt === null ? null : { pid, startedAt };
}

export function isRunning({ pid, startedAt }: ProcessIdentity): boolean {
  return identify(pid)?.startedAt === startedAt;
}

/** Sends each signal in turn until the process has ended, waiting `limitMs` after each. Never hits another process. */
export async function endProcess(
  identity: ProcessIdentity,
  steps: readonly { signal: NodeJS.Signals; limitMs: number }[],
): Promise<boolean> {
  for (const { signal, limitMs } of steps) {
    if (!isRunning(identity)) return true;
    signalProcess(identity.pid, signal);
    const deadline = performance.now() + limitMs;
    while (isRunning(identity) && performance.now() < deadline) await sleep(POLL_MS);
  }
  return !isRunning(identity);
}

/** Ends a program that uses the database: asked first, then without ceremony. */
export async function endProgram(identity: ProcessIdentity): Promise<void> {
  await endProcess(identity, [
    { signal: 'SIGTERM', limitMs: 5000 },
    { signal: 'SIGKILL', limitMs: 3000 },
  ]);
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended between the look and the signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Field 22 of /proc/<pid>/stat; the name in field 2 may hold anything, so counting begins behind it. */
function startFromProc(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : fields[19]!;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ESRCH') return null;
    throw error;
  }
}

function startFromPs(pid: number): string | null {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    return line === '' || line.startsWith('Z') ? null : line.replace(/^\S+\s+/, '');
  } catch (error) {
    // ps says with 1 that there is no such process.
    if ((error as { status?: number }).status === 1) return null;
    throw error;
  }
}
