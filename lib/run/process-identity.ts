import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import { z } from 'zod';

/**
 * One process, for ever. A process id alone is reused: a program that ends "its" process 4711 a day later may end a
 * stranger's. With the moment the process started, and the machine, boot and process namespace in which the id means
 * anything, it is that process or none.
 */
export const processIdentitySchema = z.strictObject({
  pid: z.int().min(1),
  /** Opaque; null where the platform does not tell, and then no process is ever taken for this one. */
  startedAt: z.string().max(200).nullable(),
});
export type ProcessIdentity = z.infer<typeof processIdentitySchema>;

/** The process that has this id now; null where there is none, or only a zombie waiting to be reaped. */
export async function identifyProcess(
  pid: number,
  platform: NodeJS.Platform = process.platform,
): Promise<ProcessIdentity | null> {
  if (platform === 'linux') return identifyByProc(pid);
  if (platform !== 'win32') return identifyByPs(pid);
  return exists(pid) ? { pid, startedAt: null } : null;
}

/** Whether exactly this process still runs; `unknown` where only its id can be looked up and is taken. */
export async function stateOfProcess(
  identity: ProcessIdentity,
  platform: NodeJS.Platform = process.platform,
): Promise<'runs' | 'gone' | 'unknown'> {
  const now = await identifyProcess(identity.pid, platform);
  if (now === null) return 'gone';
  if (now.startedAt === null || identity.startedAt === null) return 'unknown';
  return now.startedAt === identity.startedAt ? 'runs' : 'gone';
}

/** /proc/<pid>/stat, see proc_pid_stat(5): the name in parentheses may itself hold spaces and parentheses. */
async function identifyByProc(pid: number): Promise<ProcessIdentity | null> {
  const stat = await readProcStat(pid);
  if (stat === null || stat.state === 'Z' || stat.state === 'X') return null;
  return { pid, startedAt: stat.startTicks };
}

async function readProcStat(pid: number) {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => null);
  if (text === null) return null;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // Field 3 of the manual is the first here.
  return { state: fields[0]!, group: Number(fields[2]), startTicks: fields[19]! };
}

async function identifyByPs(pid: number): Promise<ProcessIdentity | null> {
  const line = await ps(pid, ['stat=', 'lstart=']);
  const match = /^(\S+)\s+(.+)$/.exec(line ?? '');
  if (match === null || match[1]!.startsWith('Z')) return null;
  return { pid, startedAt: match[2]!.trim() };
}

/** Whether the process leads a group of its own, so that a signal to the group reaches what it started. */
export async function leadsGroup(pid: number): Promise<boolean> {
  if (process.platform === 'win32') return false;
  if (process.platform === 'linux') return (await readProcStat(pid))?.group === pid;
  return Number(await ps(pid, ['pgid='])) === pid;
}

async function ps(pid: number, columns: readonly string[]): Promise<string | null> {
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  const args = [...columns.flatMap((column) => ['-o', column]), '-p', `${pid}`];
  return promisify(execFile)('ps', args, { env, timeout: 5000 }).then(
    ({ stdout }) => stdout.trim(),
    () => null,
  );
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (cause) {
    // EPERM: it is there, but somebody else's.
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Where process ids mean what they mean here. */
export const placeSchema = z.strictObject({
  machine: z.string().max(300),
  /** Changes with every boot; empty where the platform does not tell. */
  boot: z.string().max(100),
  /** Containers number their processes apart; empty where there is no such thing. */
  namespace: z.string().max(100),
});
export type Place = z.infer<typeof placeSchema>;

export async function thisPlace(): Promise<Place> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return { machine: hostname(), boot: boot.trim(), namespace };
}
