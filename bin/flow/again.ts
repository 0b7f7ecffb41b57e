import { readArtefact } from '../../lib/artefacts/read.ts';
import { writeArtefact } from '../../lib/artefacts/write.ts';
import { verdictSchema } from '../../lib/model/verdict.ts';
import { openRunFolder } from '../../lib/run/run-folder.ts';
import { exitCodes } from '../../lib/verdict/exit-codes.ts';
import type { OutputOptions } from '../output-options.ts';
import { openTerminal } from '../terminal.ts';
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
  const folder = await openRunFolder(run);
  if (sla !== undefined) {
    const { text } = await readSlaFile(sla);
    await writeArtefact(inRun(folder, 'sla'), text);
    terminal.note(`${sla} is now the run's SLA file (${inRun(folder, 'sla')}).`);
  }
  const judged = await judgeRun(folder);
  const reportPath = await reportRun(judged);
  return tellVerdict(judged, { json, terminal, reportPath });
}

/** `report`: the pictures anew from the verdict that is there. Returns 0, whatever the verdict. */
export async function reportAgain(
  run: string,
  { json = false, quiet = false }: OutputOptions,
): Promise<number> {
  const terminal = openTerminal({ quiet });
  const folder = await openRunFolder(run);
  const verdict = await readArtefact(inRun(folder, 'verdict'), verdictSchema, 'a verdict');
  const judged = { ...(await readRun(folder)), verdict };
  const reportPath = await reportRun(judged);
  tellVerdict(judged, { json, terminal, reportPath });
  return exitCodes.pass;
}
