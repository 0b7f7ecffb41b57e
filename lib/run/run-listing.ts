import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { asRunFailure } from '../artefacts/write.ts';
import { ownerOfRun, readJson } from './run-owner.ts';

/** As much of manifest.json as every version of it has: enough to list and remove runs of newer versions too. */
const manifestHeadSchema = z.looseObject({
  schemaVersion: z.int().min(1),
  runId: z.string(),
  status: z.string(),
});

/** UTC, to the second, without colons for the sake of Windows; runs of one second are numbered from 2. */
const RUN_NAME = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z(?:-(\d{1,4}))?$/;

/** One run as a folder listing shows it. */
export interface RunEntry {
  /** Absolute. */
  readonly path: string;
  readonly scenario: string;
  /** Unix epoch milliseconds, to the second, from the folder's name. */
  readonly startedAtMs: number;
  /** `running` only while the process that began it lives; `broken` has no manifest that can be read. */
  readonly status: 'running' | 'killed' | 'complete' | 'interrupted' | 'failed' | 'broken';
  /** The process that began it lives: it may still be judging what is complete already. */
  readonly inUse: boolean;
}

/**
 * All runs under `base`, newest first. Symbolic links, folders with other names and folders that carry neither a
 * manifest nor the mark of a run are passed over. No such folder: no runs.
 */
export async function listRuns(base: string): Promise<RunEntry[]> {
  const runs: RunEntry[] = [];
  for (const scenario of await folderNames(base)) {
    runs.push(...(await listRunsOf(resolve(base, scenario))));
  }
  return runs.sort(newestFirst);
}

/** The runs of one scenario's folder, newest first. */
export async function listRunsOf(parent: string): Promise<RunEntry[]> {
  const names = (await folderNames(parent)).filter((name) => RUN_NAME.test(name));
  const runs: RunEntry[] = [];
  for (const name of names) {
    const path = resolve(parent, name);
    const found = await look(path);
    if (found === null) continue;
    runs.push({ path, scenario: basename(parent), startedAtMs: startOf(name), ...found });
  }
  return runs.sort(newestFirst);
}

function startOf(name: string): number {
  const [, day, hour, minute, second] = RUN_NAME.exec(name)!;
  return Date.parse(`${day}T${hour}:${minute}:${second}Z`);
}

export function newestFirst(a: RunEntry, b: RunEntry): number {
  const number = (run: RunEntry) => Number(RUN_NAME.exec(basename(run.path))![5] ?? 1);
  return b.startedAtMs - a.startedAtMs || number(b) - number(a) || (a.path < b.path ? -1 : 1);
}

/** Names of the real folders in `folder`, links left out; none where it is missing or closed to us. */
export async function folderNames(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return [];
    throw asRunFailure(folder, cause);
  });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

async function look(path: string): Promise<Pick<RunEntry, 'status' | 'inUse'> | null> {
  const manifest = await readJson(join(path, 'manifest.json'), manifestHeadSchema);
  const owner = await ownerOfRun(path);
  if (manifest === null && owner === null) return null;
  const inUse = owner === 'somebody';
  const status = manifest?.status;
  if (status === 'complete' || status === 'interrupted' || status === 'failed') {
    return { status, inUse };
  }
  if (inUse) return { status: 'running', inUse };
  return { status: manifest === null ? 'broken' : 'killed', inUse };
}

/** Of the time in a run's name, as `createRunFolder` writes it. */
export function runName(now: Date): string {
  return `${now.toISOString().slice(0, 19).replaceAll(':', '-')}Z`;
}
