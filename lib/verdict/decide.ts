import type { Finding } from '../model/finding.ts';
import type { Manifest } from '../model/manifest.ts';
import { SCHEMA_VERSION } from '../model/schema-version.ts';
import type { ObjectiveResult, Totals, ValidityResult, Verdict } from '../model/verdict.ts';

/** All that a verdict rests on. */
export interface Judgements {
  /** As it is left on the disk: a run found `running` was killed and counts as interrupted. */
  readonly manifest: Manifest;
  readonly validity: readonly ValidityResult[];
  readonly objectives: readonly ObjectiveResult[];
  readonly findings: readonly Finding[];
  /** Claims that say nothing about this sale. */
  readonly notJudged: Verdict['notJudged'];
  readonly totals: Totals;
}

/** Longest reason that fits the schema. */
const REASON_LENGTH_MAX = 600;

/**
 * One verdict from all judgements; pure. Precedence: an invariant violated (an oversell is real whatever the generator
 * did) > the load not delivered > an objective failed > anything inconclusive > pass. No weights: they let a good
 * metric pay for a bad one. A run that did not come to its end never passes, nor does one without objectives.
 */
export function decideVerdict(judgements: Judgements): Verdict {
  const { manifest, validity, objectives, findings, totals } = judgements;
  const { runId, scenario, target, url, createdAt, plan } = manifest;
  return {
    schemaVersion: SCHEMA_VERSION,
    run: { runId, scenario, target, url, createdAt, seed: plan?.seed ?? null },
    result: resultOf(judgements),
    interrupted: interrupted(manifest),
    reasons: reasonsOf(judgements).map(cut),
    totals,
    validity: [...validity],
    objectives: [...objectives],
    findings: [...findings],
    notJudged: [...judgements.notJudged],
  };
}

/** By a person or by a kill. A run that `failed` was ended by what it met, and is an ordinary verdict. */
function interrupted({ status }: Manifest): boolean {
  return status === 'interrupted' || status === 'running';
}

function resultOf({ manifest, validity, objectives, findings }: Judgements): Verdict['result'] {
  if (findings.some(({ value }) => value === 'violated')) return 'fail';
  if (validity.some(({ result }) => result !== 'pass')) return 'inconclusive';
  if (objectives.some(({ result }) => result === 'fail')) return 'fail';
  const allPass = objectives.length > 0 && objectives.every(({ result }) => result === 'pass');
  return allPass && manifest.status === 'complete' ? 'pass' : 'inconclusive';
}

/** In the order of precedence, so that the first one is what decided. */
function reasonsOf({ manifest, validity, objectives, findings }: Judgements): string[] {
  const violated = findings.filter(({ value }) => value === 'violated');
  const unmet = validity.filter(({ result }) => result !== 'pass');
  // The objective about invariants says again what the findings say with their figures.
  const measured = objectives.filter(({ kind }) => kind !== 'invariants' || violated.length === 0);
  const reasons = [
    ...violated.map(({ invariant, summary }) => `Invariant ${invariant} is violated: ${summary}`),
    ...(manifest.status === 'complete' ? [] : [cutShort(manifest)]),
    ...unmet.map(({ id, because }) => `The load does not count as delivered (${id}): ${because}`),
    ...withResult(measured, 'fail').map((o) => `Objective ${o.id} failed: ${o.because}`),
    ...withResult(measured, 'inconclusive').map(
      (o) => `Objective ${o.id} is inconclusive: ${o.because}`,
    ),
  ];
  if (reasons.length > 0) return reasons;
  return objectives.length === 0
    ? ['No objective was asked about.']
    : [summaryOf(objectives, findings), ...wordsTaken(manifest, validity)];
}

/** A pass that rests on somebody's word says so where it is read first. */
function wordsTaken({ imported }: Manifest, validity: readonly ValidityResult[]): string[] {
  if (imported === undefined) return [];
  return validity.map(({ id, because }) => `Taken on its bearer's word (${id}): ${because}.`);
}

function withResult(objectives: readonly ObjectiveResult[], result: ObjectiveResult['result']) {
  return objectives.filter((objective) => objective.result === result);
}

function cutShort({ status, stage, trouble }: Manifest): string {
  const how =
    status === 'running' ? 'was killed' : status === 'failed' ? 'failed' : 'was interrupted';
  const why = trouble[0] === undefined ? '' : `: ${trouble[0]}`;
  return `The run ${how} in the stage "${stage}" and is judged as far as it goes${why}`;
}

function summaryOf(objectives: readonly ObjectiveResult[], findings: readonly Finding[]): string {
  const holds = findings.filter(({ value }) => value === 'holds').length;
  return (
    `All ${objectives.length} objectives were met; ${holds} of ${findings.length} invariants ` +
    'were shown to hold and none was violated.'
  );
}

function cut(reason: string): string {
  return reason.length <= REASON_LENGTH_MAX
    ? reason
    : `${reason.slice(0, REASON_LENGTH_MAX - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
