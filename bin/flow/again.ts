import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readArtefact } from '../../lib/artefacts/read.ts';
import { invariants } from '../../lib/invariants/registry.ts';
import { verdictSchema } from '../../lib/model/verdict.ts';
import { openRunFolder } from '../../lib/run/run-folder.ts';
import { readSla } from '../../lib/sla/load.ts';
import { exitCodes } from '../../lib/verdict/exit-codes.ts';
import type { OutputOptions } from '../output-options.ts';
import { openTerminal } from '../terminal.ts';
import { judgeRun, readRun } from './judge.ts';
import { reportRun } from './report.ts';
import { tellVerdict } from './result.ts';
import { inRun } from './run-files.ts';

/** `judge`: the verdict anew from the run's files, and its reports. Returns the verdict's exit code. */
export async function judgeAgain(
  run: string,
  { sla, json = false, quiet = false }: OutputOptions & { sla?: string },
): Promise<number> {
  const terminal = openTerminal({ quiet });
  const folder = await openRunFolder(run);
  if (sla !== undefined) {
    // Checked before it takes the place of the run's own.
    await readSla(sla, { invariants: invariants.map(({ id }) => id) });
    await copyFile(sla, inRun(folder, 'sla'));
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
  tellVerdict(judged, { json, terminal, reportPath: join(reportPath) });
  return exitCodes.pass;
}
