import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { asRunFailure } from '../artefacts/write.ts';
import { folderNames, listRuns, type RunEntry } from './run-listing.ts';

export interface PruneOptions {
  /** Newest runs of each scenario that stay, whatever their age; ≥ 0. */
  readonly keep: number;
  /** Only runs that began longer ago than this go. 0 for any age. */
  readonly olderThanMs: number;
  /** Only say what would go. */
  readonly dryRun: boolean;
  /** Unix epoch milliseconds. */
  readonly nowMs: number;
}

/** Folders on their way out: a removal that was cut short is finished by the next. */
const REMOVING = '.removing-';

/**
 * Removes old runs under `base` and gives what went (with `dryRun`: would go), newest first. Nothing else is touched:
 * not a run that goes on, not a folder that only looks like a run (no manifest, no owner's mark), not what a symbolic
 * link points to. Throws a `RunFailure` where something cannot be removed.
 */
export async function pruneRuns(base: string, options: PruneOptions): Promise<RunEntry[]> {
  const old = chooseOld(await listRuns(base), options);
  if (options.dryRun) return old;
  for (const run of old) await remove(run.path);
  await finishRemovals(base);
  return old;
}

function chooseOld(runs: readonly RunEntry[], { keep, olderThanMs, nowMs }: PruneOptions) {
  const newer = new Map<string, number>();
  return runs.filter((run) => {
    if (run.inUse) return false;
    const rank = newer.get(run.scenario) ?? 0;
    newer.set(run.scenario, rank + 1);
    return rank >= keep && nowMs - run.startedAtMs > olderThanMs;
  });
}

async function remove(path: string): Promise<void> {
  // Renamed first: a half removed folder under its own name would pass for a damaged run.
  const leaving = join(dirname(path), `${REMOVING}${basename(path)}`);
  try {
    await rename(path, leaving);
    await rm(leaving, { recursive: true, force: true });
  } catch (cause) {
    throw asRunFailure(path, cause);
  }
}

async function finishRemovals(base: string): Promise<void> {
  for (const scenario of await folderNames(base)) {
    for (const name of await folderNames(join(base, scenario))) {
      if (!name.startsWith(REMOVING)) continue;
      await rm(join(base, scenario, name), { recursive: true, force: true });
    }
  }
}
