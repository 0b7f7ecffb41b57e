import { readArtefact } from '../../lib/artefacts/read.ts';
import { writeArtefact } from '../../lib/artefacts/write.ts';
import { UsageFailure } from '../../lib/model/failure.ts';
import { manifestSchema } from '../../lib/model/manifest.ts';
import { verdictSchema } from '../../lib/model/verdict.ts';
import { openRunFolder } from '../../lib/run/run-folder.ts';
import { ownerOfRun } from '../../lib/run/run-owner.ts';
import { sweepLeases } from '../../lib/run/sweep.ts';
import { exitCodes } from '../../lib/verdict/exit-codes.ts';
import type { OutputOptions } from '../output-options.ts';
import { openTerminal, type Terminal } from '../terminal.ts';
import { judgeRun, readRun } from './judge.ts';
import { reportRun } from './report.ts';
import { tellVerdict } from './result.ts';
import { inRun } from './run-files.ts';
import { readSlaFile } from './sla-file.ts';

/** `judge`: the verdict anew from the run's files, and its reports. Returns the verdict's exit code. */
export async function judgeAgain(
  run: string,
  { sla, json = false, quiet = false }: OutputOptions & { sla?: string },
): Promise<number> {
  const terminal = openTerminal({ quiet });
  const folder = await openRecorded(run, terminal);
  if (sla !== undefined) {
    const { text } = await readSlaFile(sla);
    await writeArtefact(inRun(folder, 'sla'), text);
    terminal.note(`${sla} is now the run's SLA file (${inRun(folder, 'sla')}).`);
  }
  const judged = await judgeRun(folder);
  const reportPath = await reportRun(judged);
  return tellVerdict(judged, { json, terminal, reportPath });
}

/**
 * A run that can be taken in hand. The history of a killed runner is taken out of k6's log, so a left-over k6 that still
 * writes there is ended first, and a run that goes on is refused.
 */
async function openRecorded(run: string, terminal: Terminal): Promise<string> {
  const folder = await openRunFolder(run);
  await sweepLeases({ env: process.env, onNote: terminal.note });
  const { status } = await readArtefact(inRun(folder, 'manifest'), manifestSchema, 'a manifest');
  if (status !== 'running' || (await ownerOfRun(folder)) !== 'somebody') return folder;
  throw new UsageFailure({
    expected: 'a run that has ended',
    got: 'one that goes on',
    where: folder,
    remedy: 'Wait until it ends, or interrupt it (Ctrl-C): what was recorded is judged then.',
  });
}

/** `report`: the pictures anew from the verdict that is there. Returns 0, whatever the verdict. */
export async function reportAgain(
  run: string,
  { json = false, quiet = false }: OutputOptions,
): Promise<number> {
  const terminal = openTerminal({ quiet });
  const folder = await openRecorded(run, terminal);
  const verdict = await readArtefact(inRun(folder, 'verdict'), verdictSchema, 'a verdict');
  const judged = { ...(await readRun(folder)), verdict };
  const reportPath = await reportRun(judged);
  tellVerdict(judged, { json, terminal, reportPath });
  return exitCodes.pass;
}
