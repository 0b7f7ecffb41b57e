import { sweepLeases } from '../../lib/run/sweep.ts';
import { exitCodes } from '../../lib/verdict/exit-codes.ts';
import { watchInterruption } from '../interruption.ts';
import type { OutputOptions } from '../output-options.ts';
import { openProgress } from '../progress.ts';
import { openTerminal } from '../terminal.ts';
import { judgeRun } from './judge.ts';
import { reportRun } from './report.ts';
import { tellVerdict } from './result.ts';
import { performRun, type RunRequest, type RunWatch } from './run.ts';

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
    if (!interruption.signal.aborted) throw error;
    return exitCodes.interrupted;
  } finally {
    interruption.release();
  }
}

/** The whole main job: run, judge, report, say it. Returns the verdict's exit code. */
export async function runAndTell(
  request: RunRequest,
  { watch, options }: { watch: RunWatch; options: OutputOptions },
): Promise<number> {
  const folder = await performRun(request, watch);
  watch.terminal.note('Judging …');
  const judged = await judgeRun(folder);
  const reportPath = await reportRun(judged);
  return tellVerdict(judged, { json: options.json ?? false, terminal: watch.terminal, reportPath });
}
