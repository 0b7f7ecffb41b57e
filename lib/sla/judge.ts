import { PAY, PURCHASE } from '../history/history.ts';
import type { Finding } from '../model/finding.ts';
import type { Fixture } from '../model/fixture.ts';
import type { Objective } from '../model/sla.ts';
import type { ObjectiveResult } from '../model/verdict.ts';
import { sliceFlags } from './availability.ts';
import { errorFlags, errorFlagsOfIntents, worstWindow } from './error-ratio.ts';
import { goodput, instantGoodput, type Span } from './goodput.ts';
import { judgeInvariants } from './invariants-objective.ts';
import { estimateQuantile } from './quantile.ts';
import { estimateRatio } from './ratio.ts';
import { type Estimate, measuredResult, unmeasuredResult } from './result.ts';
import { inScope, latenciesMs } from './scope.ts';
import { soldOut } from './sold-out.ts';
import type { LoadEvidence } from './validity.ts';
import { formatValue } from './words.ts';

export { judgeValidity } from './validity.ts';

/** All that objectives are judged by; what {@link judgeValidity} and totalsOf need is part of it. */
export interface SlaEvidence extends LoadEvidence {
  readonly fixture: Pick<Fixture, 'pools' | 'exclusive'>;
  /** What the registry of invariants found. */
  readonly findings: readonly Finding[];
}

/**
 * Every objective of the SLA file, in its order; pure. Each is `pass` or `fail` only if the whole interval is on one
 * side of the limit, else `inconclusive`; without samples it is inconclusive, never pass.
 */
export function judgeObjectives(evidence: SlaEvidence): ObjectiveResult[] {
  return evidence.sla.objectives.map((objective) => judgeObjective(objective, evidence));
}

function judgeObjective(objective: Objective, evidence: SlaEvidence): ObjectiveResult {
  switch (objective.kind) {
    case 'latency':
      return judgeLatency(objective, evidence);
    case 'errorRatio':
      return judgeErrorRatio(objective, evidence);
    case 'goodput':
      return judgeGoodput(objective, evidence);
    case 'timeToSoldOut':
      return judgeTimeToSoldOut(objective, evidence);
    case 'availability':
      return judgeAvailability(objective, evidence);
    case 'longest':
      return judgeLongest(objective, evidence);
    case 'resource':
      return unmeasuredResult(objective, 'no source of metrics is given', { limit: null });
    case 'invariants':
      return judgeInvariants(objective, evidence.findings);
  }
}

type Of<Kind extends Objective['kind']> = Extract<Objective, { kind: Kind }>;

/** T₀; where it is not known, windows and the time to sold-out are inconclusive. */
const startedAtOf = ({ manifest }: SlaEvidence): number | null => manifest.load?.startedAt ?? null;

function judgeLatency(objective: Of<'latency'>, evidence: SlaEvidence): ObjectiveResult {
  const { history, sla } = evidence;
  const { quantile, lte, outcomes } = objective;
  const indices = inScope(history, objective, startedAtOf(evidence));
  const latencies = latenciesMs(history, indices, outcomes === 'ok');
  const unanswered = latencies.reduce((sum, latency) => sum + (latency === Infinity ? 1 : 0), 0);
  return measuredResult(objective, {
    unit: 'ms',
    limit: { direction: 'lte', value: lte },
    estimate: estimateQuantile(latencies, quantile, sla.confidence),
    remark:
      unanswered > 0
        ? `${unanswered} of ${latencies.length} were never told how it ended and count as longer than any limit`
        : undefined,
  });
}

function judgeErrorRatio(objective: Of<'errorRatio'>, evidence: SlaEvidence): ObjectiveResult {
  const { history, sla } = evidence;
  const { expected, unit, of } = objective;
  const all = inScope(history, objective, startedAtOf(evidence));
  const { flags, firsts: indices } =
    unit === 'intent'
      ? errorFlagsOfIntents(history, all, expected)
      : { flags: errorFlags(history, all, expected), firsts: all };
  const whole = measuredResult(objective, {
    unit: 'ratio',
    limit: { direction: 'lte', value: objective.lte },
    estimate: of === 'run' ? exactRatio(flags) : estimateRatio(flags, sla.confidence),
  });
  if (objective.sliding === undefined || flags.length === 0) return whole;
  const starts = Float64Array.from(indices, (i) => history.start[i]!);
  const lengthMs = objective.sliding;
  const limit = objective.lte;
  const bad = worstWindow(starts, flags, { lengthMs, limit, confidence: sla.confidence });
  if (bad === null) return whole;
  const sinceMs = bad.from - (startedAtOf(evidence) ?? starts[0]!);
  const because =
    `${bad.errors} of ${bad.operations} operations were errors in the ` +
    `${formatValue('ms', lengthMs)} from ${formatValue('ms', sinceMs)} on; over all: ${whole.because}`;
  return { ...whole, result: 'fail', because: because.slice(0, 500) };
}

/** Of these operations and no others. */
function exactRatio(flags: Uint8Array): Estimate {
  const value = flags.reduce((sum, flag) => sum + flag, 0) / flags.length;
  return { value, low: value, high: value, samples: flags.length, method: 'exact, this run alone' };
}

function judgeLongest(objective: Of<'longest'>, evidence: SlaEvidence): ObjectiveResult {
  const { history } = evidence;
  const indices = inScope(history, objective, startedAtOf(evidence));
  const value = latenciesMs(history, indices).reduce((most, each) => Math.max(most, each), 0);
  return measuredResult(objective, {
    unit: 'ms',
    limit: { direction: 'lte', value: objective.lte },
    estimate: {
      value,
      low: value,
      high: value,
      samples: indices.length,
      method: 'exact, this run alone',
    },
    remark: value === Infinity ? 'somebody was never told how it ended' : undefined,
  });
}

function judgeGoodput(objective: Of<'goodput'>, evidence: SlaEvidence): ObjectiveResult {
  const indices = goodputScope(objective, evidence);
  const withinMs = objective.within ?? Infinity;
  const { fixture, history, sla } = evidence;
  const span = timeOnSale(objective, evidence, indices);
  const limit = { direction: 'gte', value: objective.gte } as const;
  const { confidence } = sla;
  const estimate = goodput(history, indices, { span, withinMs, confidence });
  const measured = { unit: 'perSecond', limit, estimate } as const;
  const result = measuredResult(objective, measured);
  if (result.result !== 'fail') return result;
  const most = instantGoodput(history, indices, { pools: fixture.pools, from: span.from });
  if (most >= objective.gte) return result;
  const asked = `a shop that answers at once would have sold ${formatValue('perSecond', most)}`;
  const because = `too little was asked of it: ${asked}; ${result.because}`.slice(0, 500);
  return { ...result, result: 'inconclusive', because };
}

/** Where no kind of operation is named, sales: purchases and payments. Pages that were looked at sell nothing. */
function goodputScope(objective: Of<'goodput'>, evidence: SlaEvidence): Int32Array {
  const { history } = evidence;
  const indices = inScope(history, objective, startedAtOf(evidence));
  if (objective.operation !== undefined) return indices;
  return indices.filter((i) => history.kind[i] === PURCHASE || history.kind[i] === PAY);
}

/** From T₀ to the moment of selling out, else to the last reply, cut to the window: then there is nothing to buy. */
function timeOnSale({ window }: Of<'goodput'>, evidence: SlaEvidence, indices: Int32Array): Span {
  const { history, fixture } = evidence;
  const origin = startedAtOf(evidence) ?? history.start[0] ?? 0;
  const end = soldOut(history, fixture);
  const lastEnd = indices.reduce((last, i) => Math.max(last, history.end[i]!), -Infinity);
  const closed = end.seen === 'sold-out' ? end.at : lastEnd;
  return {
    from: origin + (window?.from ?? 0),
    to: Math.min(closed, origin + (window?.to ?? Infinity)),
  };
}

function judgeTimeToSoldOut(
  objective: Of<'timeToSoldOut'>,
  evidence: SlaEvidence,
): ObjectiveResult {
  const limit = { direction: 'lte', value: objective.lte } as const;
  const startedAt = startedAtOf(evidence);
  if (startedAt === null) return unmeasuredResult(objective, 'T₀ is not known', { limit });
  const { history, fixture } = evidence;
  const end = soldOut(history, fixture);
  if (end.seen === 'unknown') return unmeasuredResult(objective, end.why, { limit });
  const value = end.seen === 'sold-out' ? end.at - startedAt : Number.NaN;
  if (value < 0) return unmeasuredResult(objective, 'it was sold out before T₀', { limit });
  const exact = { value, low: value, high: value };
  const unsold = end.seen === 'unsold' ? end.until - startedAt : Number.NaN;
  const estimate =
    end.seen === 'sold-out' ? exact : { value: Infinity, low: unsold, high: Infinity };
  return measuredResult(objective, {
    unit: 'ms',
    limit,
    estimate: { ...estimate, samples: history.length, method: 'exact' },
    remark: end.seen === 'unsold' ? 'it was not sold out although enough was asked for' : undefined,
  });
}

function judgeAvailability(objective: Of<'availability'>, evidence: SlaEvidence): ObjectiveResult {
  const { history, sla } = evidence;
  const startedAt = startedAtOf(evidence);
  const indices = inScope(history, objective, startedAt);
  const origin = startedAt ?? history.start[0] ?? 0;
  const flags = sliceFlags(history, indices, { origin, sliceMs: objective.slice });
  return measuredResult(objective, {
    unit: 'ratio',
    limit: { direction: 'gte', value: objective.gte },
    estimate: estimateRatio(flags, sla.confidence),
  });
}
