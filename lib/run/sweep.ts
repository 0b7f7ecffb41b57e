import { lstat, readdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { comparePlaces, FOLDER_MARKER, type Lease, leaseSchema, leasesFolder } from './leases.ts';
import {
  leadsGroup,
  type Place,
  type ProcessIdentity,
  stateOfProcess,
  thisPlace,
} from './process-identity.ts';
import { userFolders } from './user-folders.ts';

export interface SweepOptions {
  readonly env: NodeJS.ProcessEnv;
  /** One sentence for each thing that was done or had to be left. */
  readonly onNote: (text: string) => void;
  /** How long a left-over process has between SIGTERM and SIGKILL. */
  readonly graceMs?: number;
}

const TORN_MS = 60_000;
const ELSEWHERE_MS = 7 * 24 * 3600_000;
const KILLED_WAIT_MS = 5000;

/**
 * Ends and removes what commands that were killed left behind: for each lease whose owner is gone, the process (only
 * the very process of the lease, never one that merely has its id now) by SIGTERM and then SIGKILL, its group with it,
 * then its folder (only one that carries the lease's marker and lies in the temporary folder or the cache; symbolic
 * links are not followed), then the lease. What cannot be cleaned up is said and does not stop the sweep. Two sweeps at
 * once do no harm. Gives the number of leases that were ended.
 */
export async function sweepLeases(options: SweepOptions): Promise<number> {
  const folder = leasesFolder(options.env);
  const names = await readdir(folder).catch(() => []);
  const here = await thisPlace();
  const left: string[] = [];
  // Processes first, under whatever lease: one that still writes into a folder would stop its removal.
  for (const phase of [endAbandoned, removeAbandoned]) {
    for (const name of names) {
      const path = join(folder, name);
      try {
        if (await phase(path, here, options)) left.push(path);
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        options.onNote(`could not clean up after ${path}: ${reason}`);
      }
    }
  }
  return left.length;
}

async function endAbandoned(path: string, here: Place, options: SweepOptions): Promise<false> {
  const lease = await readLease(path);
  if (typeof lease === 'object' && (await isAbandoned(lease, path, here))) {
    await endLeftOver(lease, here, options);
  }
  return false;
}

/** True when the lease is gone with all it stood for. */
async function removeAbandoned(path: string, here: Place, options: SweepOptions): Promise<boolean> {
  const lease = await readLease(path);
  if (lease === 'gone' || lease === 'newer') return false;
  if (lease === 'torn') {
    if ((await ageMs(path)) < TORN_MS) return false;
    options.onNote(`removed an unreadable lease, ${path}`);
  } else {
    if (!(await isAbandoned(lease, path, here)) || (await stillRuns(lease, here))) return false;
    await removeLeftFolder(lease, options);
  }
  await rm(path, { force: true });
  return true;
}

async function readLease(path: string): Promise<Lease | 'gone' | 'torn' | 'newer'> {
  return path.endsWith('.json') ? parseLease(await readOrNull(path)) : 'torn';
}

function parseLease(text: string | null): Lease | 'gone' | 'torn' | 'newer' {
  if (text === null) return 'gone';
  try {
    const value: unknown = JSON.parse(text);
    const parsed = leaseSchema.safeParse(value);
    if (parsed.success) return parsed.data;
    const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
    return typeof version === 'number' && version > 1 ? 'newer' : 'torn';
  } catch (cause) {
    if (cause instanceof SyntaxError) return 'torn';
    throw cause;
  }
}

async function isAbandoned(lease: Lease, path: string, here: Place): Promise<boolean> {
  const place = comparePlaces(lease.place, here);
  if (place === 'elsewhere') return (await ageMs(path)) > ELSEWHERE_MS;
  return place === 'rebooted' || (await stateOfProcess(lease.owner)) === 'gone';
}

async function stillRuns({ process: left, place }: Lease, here: Place): Promise<boolean> {
  if (left === null || comparePlaces(place, here) !== 'here') return false;
  return (await stateOfProcess(left)) === 'runs';
}

async function endLeftOver(lease: Lease, here: Place, options: SweepOptions): Promise<void> {
  const { process: left, what, place } = lease;
  if (left === null || comparePlaces(place, here) !== 'here') return;
  const state = await stateOfProcess(left);
  if (state === 'gone') return;
  if (state === 'unknown') {
    options.onNote(`${what} (process ${left.pid}) may still run; end it by hand if it does`);
  } else if (await endProcess(left, options.graceMs ?? 5000)) {
    options.onNote(`ended ${what} (process ${left.pid}), left over from a killed command`);
  } else {
    options.onNote(`${what} (process ${left.pid}) is left over and could not be ended`);
  }
}

/**
 * Asks this very process and its group to end, then kills them; false where it runs on. Gone or never there is true.
 */
export async function endProcess(identity: ProcessIdentity, graceMs: number): Promise<boolean> {
  let target = 0;
  for (const [signal, waitMs] of [
    ['SIGTERM', graceMs],
    ['SIGKILL', KILLED_WAIT_MS],
  ] as const) {
    const wholeGroup = await leadsGroup(identity.pid);
    // Looked at again right before each signal: in between the id may have become somebody else's.
    if ((await stateOfProcess(identity)) !== 'runs') break;
    target = wholeGroup ? -identity.pid : identity.pid;
    send(target, signal);
    await waitForEnd(identity, waitMs);
  }
  const ended = (await stateOfProcess(identity)) === 'gone';
  // The leader may have gone without its children; as long as there are any, the group keeps its number.
  if (ended && target < 0) send(target, 'SIGKILL');
  return ended;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    // Gone already, or not ours to end: whether it runs is looked at afterwards.
    if (code !== 'ESRCH' && code !== 'EPERM') throw cause;
  }
}

async function waitForEnd(identity: ProcessIdentity, limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (performance.now() < deadline && (await stateOfProcess(identity)) === 'runs') {
    await sleep(25);
  }
}

async function removeLeftFolder(lease: Lease, { env, onNote }: SweepOptions): Promise<void> {
  const { folder } = lease;
  if (folder === null || !(await isRealFolder(folder))) return;
  if ((await readOrNull(join(folder, FOLDER_MARKER))) !== lease.id) {
    onNote(`left ${folder} alone: it does not carry the marker of its lease`);
  } else if (!(await liesInside(folder, [tmpdir(), userFolders(env).cache]))) {
    onNote(`left ${folder} alone: it lies outside the temporary folder and the cache`);
  } else {
    await rm(folder, { recursive: true, force: true });
    onNote(`removed ${folder}, left over from a killed command`);
  }
}

async function isRealFolder(path: string): Promise<boolean> {
  return lstat(path).then(
    (there) => there.isDirectory(),
    () => false,
  );
}

async function liesInside(path: string, folders: readonly string[]): Promise<boolean> {
  const real = await realpath(path);
  for (const folder of folders) {
    const base = await realpath(folder).catch(() => null);
    if (base === null) continue;
    const way = relative(base, real);
    if (way !== '' && way !== '..' && !way.startsWith(`..${sep}`)) return true;
  }
  return false;
}

async function readOrNull(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null);
}

async function ageMs(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
}
