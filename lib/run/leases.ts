import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { asRunFailure, writeArtefact } from '../artefacts/write.ts';
import { SCHEMA_VERSION } from '../model/schema-version.ts';
import {
  identifyProcess,
  type Place,
  placeSchema,
  processIdentitySchema,
  thisPlace,
} from './process-identity.ts';
import { userFolders } from './user-folders.ts';

/**
 * A promise to clean up that outlives the process that made it. Whoever starts a process or makes a temporary folder
 * holds a lease on it; after `kill -9`, a crash or a closed lid the next command finds the lease, sees that its owner
 * is gone, and ends and removes what was left (`sweepLeases`).
 */
export const leaseSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  id: z.uuid(),
  /** For people: `k6`, `PostgreSQL`. */
  what: z.string().max(100),
  place: placeSchema,
  /** As long as this process runs, everything is left alone. */
  owner: processIdentitySchema,
  process: processIdentitySchema.nullable(),
  /** Absolute path of a temporary folder that carries the marker. */
  folder: z.string().max(4096).nullable(),
});
export type Lease = z.infer<typeof leaseSchema>;

/** In a held folder; holds the lease's id. A folder without it is never removed. */
export const FOLDER_MARKER = '.onsale-lease';

export interface LeaseHeld {
  readonly what: string;
  /** A process that runs now; if it leads a process group, it answers for the group. */
  readonly pid?: number;
  /**
   * A folder that exists, in the OS's temporary folder or Onsale's cache; the marker is put in. A program that wants
   * its folder empty (initdb) gets a folder inside.
   */
  readonly folder?: string;
  /** Who answers for it; this process by default. A detached service answers for itself. */
  readonly ownerPid?: number;
}

export interface LeaseOptions {
  /** For XDG_STATE_HOME and HOME. */
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Takes a lease and gives the function that ends it; calling that twice is harmless. Ending a lease ends no process
 * and removes no folder: do that first, then end the lease. A process that is gone already needs none, and a `pid` of
 * one is passed over. Throws a `RunFailure` where the lease cannot be written.
 */
export async function holdLease(
  held: LeaseHeld,
  { env }: LeaseOptions,
): Promise<() => Promise<void>> {
  const owner = await identifyProcess(held.ownerPid ?? process.pid);
  if (owner === null) throw new Error(`the owner ${held.ownerPid} of a lease has to run`);
  const lease: Lease = {
    schemaVersion: SCHEMA_VERSION,
    id: randomUUID(),
    what: held.what,
    place: await thisPlace(),
    owner,
    process: held.pid === undefined ? null : await identifyProcess(held.pid),
    folder: held.folder === undefined ? null : resolve(held.folder),
  };
  return writeLease(lease, leasesFolder(env));
}

async function writeLease(lease: Lease, folder: string): Promise<() => Promise<void>> {
  const path = join(folder, `${lease.id}.json`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (lease.folder !== null) {
      await writeFile(join(lease.folder, FOLDER_MARKER), lease.id, { flag: 'wx', mode: 0o600 });
    }
  } catch (cause) {
    throw asRunFailure(path, cause);
  }
  await writeArtefact(path, JSON.stringify(lease), { mode: 0o600 });
  return () => rm(path, { force: true });
}

export function leasesFolder(env: NodeJS.ProcessEnv): string {
  return join(userFolders(env).state, 'leases');
}

/**
 * Whether a process id of `there` can be judged from `here`. `rebooted`: the same machine, but every process of then
 * is certainly gone. Another container or another machine with the same home folder is `elsewhere`.
 */
export function comparePlaces(there: Place, here: Place): 'here' | 'rebooted' | 'elsewhere' {
  if (there.machine !== here.machine) return 'elsewhere';
  if (there.boot !== here.boot) return 'rebooted';
  return there.namespace === here.namespace ? 'here' : 'elsewhere';
}
