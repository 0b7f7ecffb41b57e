import { pruneRuns } from '../../lib/run/prune-runs.ts';
import { sweepLeases } from '../../lib/run/sweep.ts';
import { exitCodes } from '../../lib/verdict/exit-codes.ts';
import { shownPath } from './shown-path.ts';

export interface CleanOptions {
  readonly keep: number;
  /** Days. */
  readonly olderThan: number;
  readonly runsFolder: string;
  readonly dryRun: boolean;
}

const DAY_MS = 24 * 3600_000;

/** `clean`: old runs, and what killed commands left. Says each thing it removes. */
export async function clean({
  keep,
  olderThan,
  runsFolder,
  dryRun,
}: CleanOptions): Promise<number> {
  const say = (text: string) => process.stdout.write(`${text}\n`);
  if (!dryRun) await sweepLeases({ env: process.env, onNote: say });
  const gone = await pruneRuns(runsFolder, {
    keep,
    olderThanMs: olderThan * DAY_MS,
    dryRun,
    nowMs: Date.now(),
  });
  const verb = dryRun ? 'would remove' : 'removed';
  for (const run of gone) say(`${verb} ${shownPath(run.path)} (${run.status})`);
  say(`${gone.length} runs ${dryRun ? 'would be ' : ''}removed.`);
  return exitCodes.pass;
}
