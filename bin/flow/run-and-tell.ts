import { sweepLeases } from '../../lib/run/sweep.ts';
import { exitCodes } from '../../lib/verdict/exit-codes.ts';
import { watchInterruption } from '../interruption.ts';
import type { OutputOptions } from '../output-options.ts';
import { openProgress } from '../progress.ts';
import { openTerminal } from '../terminal.ts';
import { type Judged, judgeRun } from './judge.ts';
import { reportRun } from './report.ts';
import { tellVerdict } from './result.ts';
import { performRun, type RunRequest, type RunWatch } from './run.ts';
import { markInterrupted } from './run-manifest.ts';

/**
 * Gives `work` a terminal, progress and an interruption, after cleaning up what killed commands left behind. Work that
 * ends because it was interrupted, with nothing to judge yet, is exit code 130.
 */
export async function withWatch(
  { quiet = false }: OutputOptions,
  work: (watch: RunWatch) => Promise<number>,
): Promise<number> {
  const terminal = openTerminal({ quiet });
  const interruption = watchInterruption(terminal.note);
  try {
    await sweepLeases({ env: process.env, onNote: terminal.note });
    return await work({ terminal, progress: openProgress(terminal), interruption });
  } catch (error) {
    terminal.settle();
    if (error !== interruption.signal.reason) throw error;
    return exitCodes.interrupted;
  } finally {
    interruption.release();
  }
}

interface Telling {
  readonly watch: RunWatch;
  readonly options: OutputOptions;
  /** Called when the target is not needed any more, before anything is judged. */
  readonly onSettled?: () => Promise<void>;
}

/** The whole main job: run, judge, report, say it. Returns the verdict's exit code. */
export async function runAndTell(
  request: RunRequest,
  { watch, options, onSettled }: Telling,
): Promise<number> {
  const folder = await performRun(request, watch);
  await onSettled?.();
  watch.terminal.note('Judging …');
  let done = await judgeAndReport(folder);
  if (watch.interruption.signal.aborted && !done.judged.verdict.interrupted) {
    // The evidence is whole, but whoever interrupted must not find a report that looks as if nobody had.
    await markInterrupted(folder);
    done = await judgeAndReport(folder);
  }
  const { judged, reportPath } = done;
  return tellVerdict(judged, { json: options.json ?? false, terminal: watch.terminal, reportPath });
}

async function judgeAndReport(folder: string): Promise<{ judged: Judged; reportPath: string }> {
  const judged = await judgeRun(folder);
  return { judged, reportPath: await reportRun(judged) };
}
