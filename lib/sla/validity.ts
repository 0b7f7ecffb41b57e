import type { ClockAccount, LoadAccount, Manifest } from '../model/manifest.ts';
import type { Sla } from '../model/sla.ts';
import type { ValidityResult } from '../model/verdict.ts';
import { type ArrivalEvidence, type Arrivals, arrivalsOf } from './arrivals.ts';
import { doubtfulClock, judgeImportedLoad } from './imported-load.ts';
import { formatValue } from './words.ts';

/** What the load is judged by. */
export interface LoadEvidence extends ArrivalEvidence {
  readonly sla: Sla;
  readonly manifest: Pick<Manifest, 'load' | 'imported'> & Partial<Pick<Manifest, 'trouble'>>;
  /** Why recorded times tell no order; absent or undefined where there is no reason. */
  readonly clockDoubt?: string | undefined;
}

/**
 * Whether the load that was asked for reached the target, one result a condition: without it no objective says
 * anything about the target.
 *
 * - `account`: the generator left its summary and nothing it requested is missing from the history.
 * - `dropped`: intents never begun, or begun more than `lateAfter` against T₀ + offset, to either side: buyers wait for
 *   their moment, so who comes early shows a clock that jumped.
 * - `deficit`: 1 − delivered / offered.
 * - `generator-cpu`: the busiest sample, of the whole machine. Unmeasured is inconclusive.
 * - `steal`: CPU time that others took. Left out where the machine does not tell, as most that are nobody's guest.
 * - `clock`: how far the clock that operations are stamped by went off while the run lasted: latencies and lateness are
 *   wrong by that much; and whether the times contradict each other. Left out in runs from before it was measured.
 *
 * A history that was recorded elsewhere has none of these: see judgeImportedLoad.
 */
export function judgeValidity(evidence: LoadEvidence): ValidityResult[] {
  const { validity } = evidence.sla;
  const { clockDoubt } = evidence;
  const { load, imported, trouble = [] } = evidence.manifest;
  if (imported !== undefined)
    return judgeImportedLoad(imported, { sla: evidence.sla, trouble, clockDoubt });
  const arrivals = arrivalsOf(evidence);
  const steal = load?.stealRatio ?? null;
  const results = [
    account(load),
    dropped(arrivals, load, validity),
    ratioBelow('deficit', {
      what: (deficit) =>
        `${arrivals.delivered} of ${arrivals.offered} arrivals were delivered, a deficit of ${deficit}`,
      value: arrivals.offered === 0 ? null : 1 - arrivals.delivered / arrivals.offered,
      limit: validity.maxAchievedDeficitRatio,
    }),
    ratioBelow('generator-cpu', {
      what: (used) => `the generator used ${used} of the machine at its busiest`,
      value: load?.generatorCpuRatioMax ?? null,
      limit: validity.maxGeneratorCpuRatio,
    }),
  ];
  if (steal !== null) {
    const what = (taken: string) => `others took ${taken} of this machine's CPU time`;
    results.push(ratioBelow('steal', { what, value: steal, limit: validity.maxStealRatio }));
  }
  if (clockDoubt !== undefined) return [...results, doubtfulClock(clockDoubt)];
  return load?.clock === undefined ? results : [...results, clockOf(load.clock)];
}

/** No clock that is corrected slowly moves so far in a load, and no promise is about less. */
const CLOCK_DEVIATION_MS_MAX = 10;

function clockOf({ samples, deviationMsMax }: ClockAccount): ValidityResult {
  const [limit, went] = [CLOCK_DEVIATION_MS_MAX, formatValue('ms', deviationMsMax)];
  const kept = deviationMsMax <= limit;
  const because = kept
    ? `the machine's clock kept its pace to ${went} at ${samples} looks`
    : `the machine's clock was set or corrected by ${went} during the run; at most ${formatValue('ms', limit)} is ` +
      'allowed. Every interval is widened by it, but latencies are not to be trusted: run again on a steady clock';
  return { id: 'clock', result: kept ? 'pass' : 'fail', because, value: deviationMsMax, limit };
}

function account(load: LoadAccount | null): ValidityResult {
  const gaps = load?.gaps.join('; ').slice(0, 300) ?? '';
  const because =
    load === null
      ? 'no account of the load was kept'
      : load.requested === null
        ? 'k6 left no summary, so nobody knows how much it requested'
        : load.complete
          ? `all ${load.requested} requests of k6 are in the history`
          : `k6 requested ${load.requested}, the history has ${load.recorded}${gaps && `: ${gaps}`}`;
  const whole = load !== null && load.requested !== null && load.complete;
  return {
    id: 'account',
    result: whole ? 'pass' : 'inconclusive',
    because,
    value: null,
    limit: null,
  };
}

function dropped(
  { offered, delivered, latenessMs }: Arrivals,
  load: LoadAccount | null,
  { maxDroppedRatio, lateAfter }: Sla['validity'],
): ValidityResult {
  const known = offered > 0 && load !== null && load.startedAt !== null;
  const late = latenessMs.length - countUpTo(latenessMs, lateAfter);
  const early = countUpTo(latenessMs, -lateAfter);
  const never = offered - delivered;
  return ratioBelow('dropped', {
    what: (lost) =>
      `${lost} of ${offered} arrivals were lost: ${never} never began and ${late} began more than ` +
      `${formatValue('ms', lateAfter)} late${early > 0 ? ` and ${early} so much early` : ''}`,
    value: known ? (never + late + early) / offered : null,
    limit: maxDroppedRatio,
  });
}

function countUpTo(sorted: Float64Array, limit: number): number {
  let count = sorted.length;
  while (count > 0 && sorted[count - 1]! > limit) count--;
  return count;
}

interface Condition {
  /** What was measured, in words around the value. */
  readonly what: (value: string) => string;
  readonly value: number | null;
  readonly limit: number;
}

function ratioBelow(id: string, { what, value, limit }: Condition): ValidityResult {
  const allowed = `at most ${formatValue('ratio', limit)} is allowed`;
  if (value === null) {
    return { id, result: 'inconclusive', because: `it was not measured; ${allowed}`, value, limit };
  }
  const because = `${what(formatValue('ratio', value))}; ${allowed}`;
  return { id, result: value <= limit ? 'pass' : 'fail', because, value, limit };
}
