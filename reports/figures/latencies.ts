import { type History, INFO } from '../../lib/history/history.ts';

/**
 * How long the buyer of operation i waited, ms. One who was never told how it ended counts as the time-out at least:
 * for the judge that is longer than any limit, for a chart it has to be somewhere. 0 where the
 * time-out is not known.
 */
export function latencyMsAt(history: History, i: number, timeoutMs: number): number {
  const waitedMs = Math.max(history.end[i]! - history.start[i]!, 0);
  const untold = history.outcome[i] === INFO || history.status[i] === 0;
  return untold ? Math.max(waitedMs, timeoutMs) : waitedMs;
}

/**
 * Nearest-rank quantile of ascending values: the smallest that at least `quantile` of them do not exceed (Hyndman and
 * Fan's type 1). Null for none.
 */
export function quantileOf(sorted: Float64Array, quantile: number): number | null {
  if (sorted.length === 0) return null;
  const rank = Math.ceil(quantile * sorted.length - 1e-9);
  return sorted[Math.min(Math.max(rank, 1), sorted.length) - 1]!;
}

/** Values by group, each group ascending: one counting sort, then each group by itself. */
export function sortedByGroup(
  groupOf: Int32Array,
  values: Float64Array,
  groups: number,
): readonly Float64Array[] {
  const offsets = new Int32Array(groups + 1);
  for (const group of groupOf) offsets[group + 1]!++;
  for (let group = 0; group < groups; group++) offsets[group + 1]! += offsets[group]!;
  const placed = new Float64Array(values.length);
  const next = offsets.slice();
  for (let i = 0; i < values.length; i++) placed[next[groupOf[i]!]!++] = values[i]!;
  return Array.from({ length: groups }, (_, group) =>
    placed.subarray(offsets[group]!, offsets[group + 1]!).sort(),
  );
}

/** Above it the small would be a flat line at the bottom. */
const LINEAR_RATIO_MAX = 40;

/** Linear while what is typical can be seen beside the greatest, else logarithmic; ms, all ≥ 0. */
export function scaleFor(
  typicalMs: readonly number[],
  greatestMs: readonly number[],
): 'linear' | 'logarithmic' {
  const ratio = Math.max(...greatestMs, 0) / Math.max(Math.min(...typicalMs), 1);
  return ratio > LINEAR_RATIO_MAX ? 'logarithmic' : 'linear';
}
