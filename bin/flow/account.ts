import { contradictionsIn } from '../../lib/history/contradictions.ts';
import type { History } from '../../lib/history/history.ts';
import type { LoadAccount, Manifest } from '../../lib/model/manifest.ts';
import type { IntentsFile } from '../../lib/model/plan.ts';
import { arrivalsOf } from '../../lib/sla/arrivals.ts';

/** The files of a run that account for its load. */
export interface RunRecords {
  readonly manifest: Manifest;
  readonly intents: IntentsFile;
  readonly history: History;
  /** Lines of the history that cannot be read. */
  readonly damaged: number;
}

/**
 * The manifest with its account held against the other files. The runner's account was true when it was written; files
 * that no longer bear it out, or not each other, were cut, repeated, mixed up or changed since then, and a load that
 * nobody can account for must not pass. Without an account there is nothing to hold.
 */
export function reconciled(records: RunRecords): Manifest {
  const { manifest, history } = records;
  const { load } = manifest;
  if (load === null) return manifest;
  const found = [...gapsInAccount(load, records), ...contradictionsIn(history)];
  const gaps = [...load.gaps, ...found];
  if (found.length === 0 && load.complete === (gaps.length === 0)) return manifest;
  return { ...manifest, load: { ...load, recorded: history.length, complete: false, gaps } };
}

function gapsInAccount(load: LoadAccount, records: RunRecords): string[] {
  const { manifest, intents, history, damaged } = records;
  const gaps: string[] = [];
  const recorded = history.length;
  if (damaged > 0 || recorded !== load.recorded) {
    gaps.push(
      `The history had ${load.recorded} operations; now ${recorded} can be read, ${damaged} lines cannot.`,
    );
  }
  if (load.complete && load.requested !== load.recorded) {
    gaps.push(`k6 began ${load.requested ?? 'unknown'} requests, ${load.recorded} were recorded.`);
  }
  const planned = intents.intents.length;
  if (intents.runId !== manifest.runId || planned !== load.offered) {
    gaps.push(
      `The plan of intents is of run ${intents.runId} with ${planned} arrivals, the account of run ` +
        `${manifest.runId} with ${load.offered}.`,
    );
  }
  const unplanned = history.intentKeys.length - arrivalsOf(records).delivered;
  if (unplanned > 0) gaps.push(`${unplanned} intents of the history were never planned.`);
  return gaps;
}
