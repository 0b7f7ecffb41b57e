import type { History } from '../../lib/history/history.ts';
import type { Figure, FigureSeries } from '../../lib/model/figure.ts';
import { showCount, showDuration } from '../quantity.ts';
import type { ReportInput } from '../report.ts';
import { type KindInHistory, kindsIn, quantileByKind } from './kinds.ts';
import { latencyMsAt, quantileOf, scaleFor, sortedByGroup } from './latencies.ts';
import { latencyLimits } from './limits.ts';
import {
  sliceAt,
  sliceMiddle,
  sliceName,
  type Timeline,
  timeAxis,
  timelineOf,
} from './timeline.ts';

const SLICES_MAX = 80;
const P95 = 0.95;
const LINES = [
  { label: 'p50', quantile: 0.5, role: 'tertiary' },
  { label: 'p95', quantile: 0.95, role: 'secondary' },
  { label: 'p99', quantile: 0.99, role: 'primary' },
] as const;

/**
 * How long buyers waited, by when they began; a slice in which nobody began is a gap. Where they asked for several kinds
 * of things, each kind has a line of its own: a thousand quick pages must not hide a slow payment.
 */
export function latencyOverTime(input: ReportInput): Figure {
  const { history, manifest, verdict } = input;
  const timeoutMs = manifest.plan?.timeoutMs ?? 0;
  const timeline = timelineOf(input, SLICES_MAX);
  const kinds = kindsIn(history);
  const isMixed = kinds.length > 1;
  const points = (quantile: number, kind: number | null) =>
    latenciesBySlice(history, { timeline, timeoutMs, kind }).map((sorted, slice) => ({
      x: sliceMiddle(timeline, slice),
      y: quantileOf(sorted, quantile),
    }));
  const series: FigureSeries[] = isMixed
    ? kinds.map(({ kind, label, role }) => ({
        label: `p95 of ${label}`,
        role,
        shape: 'line' as const,
        points: points(P95, kind),
      }))
    : LINES.map(({ label, quantile, role }) => ({
        label,
        role,
        shape: 'line' as const,
        points: points(quantile, null),
      }));
  const marks = latencyLimits(verdict);
  const lines = isMixed
    ? 'p95 of each kind of operation'
    : `p50, p95 and p99 of each ${kinds[0]?.label ?? 'operation'}`;
  const title = titleOf(input, kinds);
  return {
    id: 'latency-over-time',
    title,
    description:
      `Latency over time: ${lines} that began in each ${sliceName(timeline)}. ` +
      `${title}. Buyers who were never told how it ended count as ${timeoutMs === 0 ? 'long as they waited' : `${showDuration(timeoutMs)} or longer`}.`,
    x: timeAxis(timeline),
    y: { label: 'latency (ms)', scale: scaleOver(series, marks) },
    series,
    marks,
  };
}

/** Ascending latencies of each slice, ms; of one kind, or of all operations. */
function latenciesBySlice(
  history: History,
  of: { timeline: Timeline; timeoutMs: number; kind: number | null },
): readonly Float64Array[] {
  const { timeline, timeoutMs, kind } = of;
  const slices = new Int32Array(history.length);
  const latenciesMs = new Float64Array(history.length);
  let length = 0;
  for (let i = 0; i < history.length; i++) {
    if (kind !== null && history.kind[i] !== kind) continue;
    slices[length] = sliceAt(timeline, history.start[i]!);
    latenciesMs[length++] = latencyMsAt(history, i, timeoutMs);
  }
  const within = [slices.subarray(0, length), latenciesMs.subarray(0, length)] as const;
  return sortedByGroup(...within, timeline.slices);
}

function titleOf(
  { verdict: { totals }, history }: ReportInput,
  kinds: readonly KindInHistory[],
): string {
  const { latencyMsP50, latencyMsP99 } = totals;
  const all = showCount(totals.operations);
  if (history.length === 0) return 'Latency: nothing was measured';
  if (kinds.length > 1) return `Latency: ${quantileByKind(history, kinds, P95)}`;
  if (latencyMsP50 === null) return `Latency: half of ${all} or more were never told how it ended`;
  const half = `Latency: half of ${all} within ${showDuration(latencyMsP50)}`;
  return latencyMsP99 === null
    ? `${half}, over 1 % never told how it ended`
    : `${half}, 99 % within ${showDuration(latencyMsP99)}`;
}

/** By the middle of the lowest line's slices and the limits, against the highest thing drawn. */
function scaleOver(
  series: readonly { points: readonly { y: number | null }[] }[],
  marks: readonly { y: number }[],
): 'linear' | 'logarithmic' {
  const lines = series.map(({ points }) => points.flatMap(({ y }) => y ?? []));
  const typical = lines.flatMap((ys) => quantileOf(Float64Array.from(ys).sort(), 0.5) ?? []);
  const limits = marks.map(({ y }) => y);
  return typical.length === 0
    ? 'linear'
    : scaleFor([...typical, ...limits], [...lines.flat(), ...limits]);
}
