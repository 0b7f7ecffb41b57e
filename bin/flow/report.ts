import { join } from 'node:path';
import { invariants } from '../../lib/invariants/registry.ts';
import { writeReports } from '../../reports/write.ts';
import type { Judged } from './judge.ts';
import { inRun } from './run-files.ts';
import { shownPath } from './shown-path.ts';
import { typedTarget } from './typed-target.ts';

/** Draws every report of a judged run into `report/` in its folder; returns the path of the page. */
export async function reportRun(judged: Judged): Promise<string> {
  const { manifest, intents, history, verdict, folder } = judged;
  const statements = Object.fromEntries(invariants.map(({ id, statement }) => [id, statement]));
  await writeReports(
    {
      verdict,
      manifest,
      intents,
      history,
      statements,
      runFolder: shownPath(folder),
      typedTarget: typedTarget(verdict.run.target),
    },
    inRun(folder, 'report'),
  );
  return join(inRun(folder, 'report'), 'report.html');
}
