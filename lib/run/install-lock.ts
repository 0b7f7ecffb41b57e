import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { asRunFailure } from '../artefacts/write.ts';
import { comparePlaces } from './leases.ts';
import {
  identifyProcess,
  placeSchema,
  processIdentitySchema,
  stateOfProcess,
  thisPlace,
} from './process-identity.ts';

const holderSchema = z.strictObject({ holder: processIdentitySchema, place: placeSchema });

export interface LockOptions {
  readonly signal: AbortSignal;
  /** Called once, with the holder's process id, when there is somebody to wait for. */
  readonly onWait: (pid: number) => void;
  /** After this the work is done twice rather than never. */
  readonly waitMs: number;
}

const POLL_MS = 100;

/**
 * Waits until nobody else holds the lock file and runs `work` with it held. The lock only saves work: whatever it
 * guards must stay right when two hold it, because a holder on another machine cannot be looked at and waiting ends
 * after `waitMs`. The lock of a process that is gone, or a torn one, is taken over.
 */
export async function withLock<T>(
  path: string,
  options: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  const mine = await acquire(path, options);
  try {
    return await work();
  } finally {
    // Not ours where it was taken over in the meantime.
    if (mine !== null && (await read(path)) === mine) await rm(path, { force: true });
  }
}

async function acquire(path: string, options: LockOptions): Promise<string | null> {
  const holder = await identifyProcess(process.pid);
  const content = JSON.stringify({ holder, place: await thisPlace() });
  const deadline = performance.now() + options.waitMs;
  let waited = false;
  while (performance.now() < deadline) {
    options.signal.throwIfAborted();
    if (await claim(path, content)) return content;
    const pid = await takeOverOrHolder(path);
    if (pid === null) continue;
    if (!waited) options.onWait(pid);
    waited = true;
    await sleep(POLL_MS);
  }
  return null;
}

/** A link appears with its whole content or not at all, so a lock is never seen half written. */
async function claim(path: string, content: string): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(draft, content, { flag: 'wx', mode: 0o600 });
    await link(draft, path);
    return true;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    // Some file systems know no links; without the lock the work may be done twice, which is right too.
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'ENOSYS') return true;
    throw asRunFailure(path, cause);
  } finally {
    await rm(draft, { force: true });
  }
}

/** The process to wait for; null where there is none any more and the lock can be claimed anew. */
async function takeOverOrHolder(path: string): Promise<number | null> {
  const content = await read(path);
  if (content === null) return null;
  const pid = await livingHolder(content);
  if (pid !== null) return pid;
  // Of several that find the lock abandoned only one can rename it away; what it got is looked at once more.
  const aside = `${path}.${randomUUID()}`;
  const renamed = await rename(path, aside).then(
    () => true,
    () => false,
  );
  if (renamed && (await read(aside)) !== content) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
  return null;
}

async function livingHolder(content: string): Promise<number | null> {
  try {
    const { holder, place } = holderSchema.parse(JSON.parse(content));
    if (comparePlaces(place, await thisPlace()) === 'rebooted') return null;
    if (comparePlaces(place, await thisPlace()) === 'elsewhere') return holder.pid;
    return (await stateOfProcess(holder)) === 'gone' ? null : holder.pid;
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof z.ZodError) return null;
    throw cause;
  }
}

function read(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null);
}
