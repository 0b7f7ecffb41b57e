import { readArtefact } from '../../lib/artefacts/read.ts';
import { writeArtefact } from '../../lib/artefacts/write.ts';
import type { History } from '../../lib/history/history.ts';
import { readHistory } from '../../lib/history/read.ts';
import { heldToItsClocks } from '../../lib/invariants/clocks.ts';
import { decideAll, notJudged } from '../../lib/invariants/registry.ts';
import { type Fixture, fixtureSchema } from '../../lib/model/fixture.ts';
import { type Manifest, manifestSchema } from '../../lib/model/manifest.ts';
import { type IntentsFile, intentsFileSchema } from '../../lib/model/plan.ts';
import { SCHEMA_VERSION } from '../../lib/model/schema-version.ts';
import { stateSchema } from '../../lib/model/state.ts';
import type { Verdict } from '../../lib/model/verdict.ts';
import { splitLog } from '../../lib/run/k6-log.ts';
import { judgeObjectives, judgeValidity } from '../../lib/sla/judge.ts';
import { totalsOf } from '../../lib/sla/totals.ts';
import { decideVerdict } from '../../lib/verdict/decide.ts';
import { reconciled } from './account.ts';
import { writeCertificates } from './certificates.ts';
import { hasWholeHistory, heldToItsWord, historyDoubtOf } from './foreign-account.ts';
import { foundInRun, inRun } from './run-files.ts';
import { readSlaFile } from './sla-file.ts';

/** A run's files as far as they are there, the manifest's account of the load held against the history. */
export interface RunInFiles {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly intents: IntentsFile;
  readonly history: History;
}

/** A run with its verdict: what reports are drawn from. */
export interface Judged extends RunInFiles {
  readonly verdict: Verdict;
}

/** k6 stamps whole milliseconds, so an operation may have begun or ended up to one later than it says. */
const RESOLUTION_MS = 1;

/** What the run's clocks may be off by: as it was measured, or by the word of who brought the history. */
function clockErrorMsOf({ load, imported }: Manifest): number {
  if (imported !== undefined) return imported.clockErrorMs;
  const { deviationMsMax = 0, targetDriftMs = 0 } = load?.clock ?? {};
  return RESOLUTION_MS + deviationMsMax + targetDriftMs;
}

/** What a run that never came to provisioning knows of its target. */
const nothingProvisioned: Fixture = {
  schemaVersion: SCHEMA_VERSION,
  access: 'http',
  event: '',
  pools: [],
  buyers: [],
  baselineOrders: [],
};

/**
 * Reads a run's folder. A run that was killed has its history still in k6's log: it is taken out first.
 * Throws a `UsageFailure` for a folder or file that cannot be used.
 */
export async function readRun(folder: string): Promise<RunInFiles> {
  const manifest = await readArtefact(inRun(folder, 'manifest'), manifestSchema, 'a manifest');
  const intents = await readArtefact(
    inRun(folder, 'intents'),
    intentsFileSchema,
    'a plan of intents',
  );
  const historyPath = inRun(folder, 'history');
  if (foundInRun(folder, 'history') === null)
    await splitLog({ logPath: inRun(folder, 'log'), historyPath });
  const { history, damaged } = await readHistory(historyPath);
  const held = heldToItsWord(reconciled({ manifest, intents, history, damaged }), {
    history,
    damaged,
  });
  return { folder, manifest: held, intents, history };
}

/**
 * Judges a run's folder as far as it goes and writes certificates and verdict.json into it. The same files
 * give the same bytes.
 * Throws a `UsageFailure` for a folder or file that cannot be used.
 */
export async function judgeRun(folder: string): Promise<Judged> {
  const { sla } = await readSlaFile(inRun(folder, 'sla'));
  const run = await readRun(folder);
  const { manifest, intents, history } = run;
  const fixture =
    foundInRun(folder, 'fixture') !== null
      ? await readArtefact(inRun(folder, 'fixture'), fixtureSchema, 'a fixture')
      : nothingProvisioned;
  const state =
    foundInRun(folder, 'state') !== null
      ? await readArtefact(inRun(folder, 'state'), stateSchema, 'a final state')
      : null;
  const recorded = {
    history,
    historyComplete: hasWholeHistory(manifest),
    ...historyDoubtOf(manifest),
    fixture,
    intents,
    state,
    clockErrorMs: clockErrorMsOf(manifest),
    clocksUnvouched: manifest.imported !== undefined && manifest.imported.vouched.clocks !== true,
    shopClockUnvouched: fixture.rules?.clockSkewMs === undefined,
  };
  const evidence = heldToItsClocks(recorded, { imported: manifest.imported !== undefined });
  const findings = decideAll(evidence);
  const judging = {
    sla,
    history,
    manifest,
    intents,
    fixture,
    findings,
    clockDoubt: evidence.clockDoubt,
  };
  const verdict = decideVerdict({
    manifest,
    totals: totalsOf({ ...judging, clockErrorMs: evidence.clockErrorMs }),
    validity: judgeValidity(judging),
    objectives: judgeObjectives(judging),
    findings,
    notJudged: notJudged(evidence),
  });
  await writeCertificates(folder, evidence, findings);
  await writeArtefact(inRun(folder, 'verdict'), `${JSON.stringify(verdict, null, 2)}\n`);
  return { ...run, verdict };
}
