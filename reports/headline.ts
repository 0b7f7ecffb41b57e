import type { Finding } from '../lib/model/finding.ts';
import type { Measurement, ObjectiveResult, Verdict } from '../lib/model/verdict.ts';
import { EXACT, showCount, showInterval, showLimit, showValue } from './quantity.ts';

/** Which run it was, the parts that are known: an imported history has neither seed nor address. */
export function originOf({ runId, createdAt, seed, url }: Verdict['run']): readonly string[] {
  const parts = [`Run ${runId}`, createdAt, seed === null ? '' : `seed ${seed}`, url];
  return parts.filter((part) => part !== '');
}

/** What a reader sees first of an objective. Empty strings where there is nothing to say. */
export interface ObjectiveFacts {
  readonly measured: string;
  readonly interval: string;
  readonly limit: string;
}

export function factsOf(objective: ObjectiveResult): ObjectiveFacts {
  const { measurement } = objective;
  return {
    measured: measurement === null ? '' : measuredOf(measurement),
    interval: (measurement && showInterval(measurement)) ?? '',
    limit: showLimit(objective) ?? '',
  };
}

/** Samples without a value are those of which it has none, such as a quantile that falls on what never ended. */
function measuredOf({ value, unit, samples }: Measurement): string {
  if (value !== null) return showValue(value, unit);
  return samples === 0 ? '' : 'no finite value';
}

/** `measured 1.38 s, interval 1.2 s to 1.55 s, limit ≤ 300 ms`: only the parts there are. */
export function sentenceOf(objective: ObjectiveResult): string {
  // What is decided exactly, such as the invariants, has no figure: its reason says it all.
  if (objective.measurement === null) return objective.because;
  const { measured, interval, limit } = factsOf(objective);
  return [
    measured === '' ? 'nothing measured' : `measured ${measured}`,
    interval && (interval === EXACT ? EXACT : `interval ${interval}`),
    limit && `limit ${limit}`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** The objectives to be named first: those that failed, else those that could not be decided. */
export function decisiveObjectives({ objectives }: Verdict): readonly ObjectiveResult[] {
  const failed = objectives.filter(({ result }) => result === 'fail');
  return failed.length > 0 ? failed : objectives.filter(({ result }) => result === 'inconclusive');
}

const ORDER = { violated: 0, unknown: 1, holds: 2 } as const;

/** Violated first, then unknown, then what holds; else in the verdict's order. */
export function findingsByWeight({ findings }: Verdict): readonly Finding[] {
  return [...findings].sort((a, b) => ORDER[a.value] - ORDER[b.value]);
}

/** `8 claims say nothing about this sale`; empty where every claim of the judge is about it. */
export function besideWords({ notJudged }: Verdict): string {
  if (notJudged.length === 0) return '';
  return notJudged.length === 1
    ? '1 claim says nothing about this sale'
    : `${showCount(notJudged.length)} claims say nothing about this sale`;
}

export function totalsLine({ totals }: Verdict): string {
  const { outcomes } = totals;
  return (
    `${showCount(totals.operations)} operations: ${showCount(outcomes.ok)} ok, ` +
    `${showCount(outcomes.refused)} refused, ${showCount(outcomes.fail)} failed, ` +
    `${showCount(outcomes.info)} uncertain; ` +
    `${showCount(totals.soldAcknowledged)} of ${showCount(totals.capacity)} tickets sold${turnsOf(totals)}`
  );
}

/** First come, first served, in a few words; nothing where no two buyers were admitted to one pool. */
function turnsOf({ fairness }: Verdict['totals']): string {
  if (fairness === undefined) return '';
  const { inversions, pairs, kendallTau } = fairness;
  return `; ${showCount(inversions)} of ${showCount(pairs)} pairs served out of turn (τ ${kendallTau.toFixed(2)})`;
}
