import type { Objective } from '../model/sla.ts';
import type { Measurement, ObjectiveResult, Unit } from '../model/verdict.ts';
import { compare, type Interval, type Limit } from './interval.ts';
import { formatInterval, formatLimit, formatValue, promiseOf } from './words.ts';

/** A measured value before it meets its limit. */
export interface Estimate extends Interval {
  /** NaN or infinite where there is no such number. */
  readonly value: number;
  readonly samples: number;
  readonly method: string;
}

interface Measured {
  readonly unit: Unit;
  readonly limit: Limit;
  readonly estimate: Estimate;
  /** A sentence that belongs to the measured value, such as what was never answered. */
  readonly remark?: string | undefined;
}

/** The result of an objective whose value was measured. Without samples it is inconclusive. */
export function measuredResult(objective: Objective, measured: Measured): ObjectiveResult {
  const { unit, limit, estimate, remark } = measured;
  if (estimate.samples === 0) return unmeasuredResult(objective, 'there were no samples', measured);
  const result = compare(estimate, limit);
  const because = `${sentence(result, measured)}${remark === undefined ? '' : `; ${remark}`}`;
  return {
    id: objective.id,
    kind: objective.kind,
    promise: promiseOf(objective),
    result,
    limit,
    measurement: measurementOf(unit, estimate, limit),
    because: because.slice(0, 500),
  };
}

/** The result of an objective that nothing can be said about. */
export function unmeasuredResult(
  objective: Objective,
  why: string,
  { limit }: { readonly limit: Limit | null },
): ObjectiveResult {
  return {
    id: objective.id,
    kind: objective.kind,
    promise: promiseOf(objective),
    result: 'inconclusive',
    limit,
    measurement: null,
    because: `${why}, so nothing was shown`,
  };
}

function sentence(result: ObjectiveResult['result'], { unit, limit, estimate }: Measured): string {
  const value = Number.isFinite(estimate.value)
    ? formatValue(unit, estimate.value)
    : 'no finite value';
  const measured = `measured ${value}, interval ${formatInterval(unit, estimate)}`;
  const promised = `promised ${formatLimit(unit, limit)}`;
  if (result === 'pass') return `${measured}, ${promised}`;
  if (result === 'fail') return `${measured}, all of it beyond what was ${promised}`;
  return `${measured} holds the limit, ${promised}: ${estimate.samples} samples do not tell`;
}

/**
 * Infinite bounds become null. A low bound that is itself beyond every limit has no number: the limit stands for it,
 * which the value is certainly above.
 */
function measurementOf(unit: Unit, estimate: Estimate, limit: Limit): Measurement {
  const { value, low, high, samples, method } = estimate;
  return {
    unit,
    value: finite(value),
    low: low === Infinity ? limit.value : finite(low),
    high: finite(high),
    samples,
    method,
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
