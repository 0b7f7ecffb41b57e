import type { Figure } from '../../lib/model/figure.ts';
import { showCount, showDuration } from '../quantity.ts';
import type { ReportInput } from '../report.ts';
import { latencyMsAt, quantileOf, scaleFor, sortedByGroup } from './latencies.ts';
import { latencyLimits } from './limits.ts';
import { sliceAt, sliceMiddle, sliceName, timeAxis, timelineOf } from './timeline.ts';

const SLICES_MAX = 80;
const LINES = [
  { label: 'p50', quantile: 0.5, role: 'tertiary' },
  { label: 'p95', quantile: 0.95, role: 'secondary' },
  { label: 'p99', quantile: 0.99, role: 'primary' },
] as const;

/** How long buyers waited, by when they began; a slice in which nobody began is a gap. */
export function latencyOverTime(input: ReportInput): Figure {
  const { history, manifest, verdict } = input;
  const timeoutMs = manifest.plan?.timeoutMs ?? 0;
  const timeline = timelineOf(input, SLICES_MAX);
  const slices = new Int32Array(history.length);
  const latenciesMs = new Float64Array(history.length);
  for (let i = 0; i < history.length; i++) {
    slices[i] = sliceAt(timeline, history.start[i]!);
    latenciesMs[i] = latencyMsAt(history, i, timeoutMs);
  }
  const bySlice = sortedByGroup(slices, latenciesMs, timeline.slices);
  const series = LINES.map(({ label, quantile, role }) => ({
    label,
    role,
    shape: 'line' as const,
    points: bySlice.map((sorted, slice) => ({
      x: sliceMiddle(timeline, slice),
      y: quantileOf(sorted, quantile),
    })),
  }));
  const marks = latencyLimits(verdict);
  return {
    id: 'latency-over-time',
    title: titleOf(input),
    description:
      `Latency over time: p50, p95 and p99 of the purchases that began in each ${sliceName(timeline)}. ` +
      `${titleOf(input)}. Buyers who were never told how it ended count as ${timeoutMs === 0 ? 'long as they waited' : `${showDuration(timeoutMs)} or longer`}.`,
    x: timeAxis(timeline),
    y: { label: 'latency (ms)', scale: scaleOver(series, marks) },
    series,
    marks,
  };
}

function titleOf({ verdict: { totals }, history }: ReportInput): string {
  const { latencyMsP50, latencyMsP99 } = totals;
  const all = showCount(totals.operations);
  if (history.length === 0) return 'Latency: nothing was measured';
  if (latencyMsP50 === null) return `Latency: half of ${all} or more were never told how it ended`;
  const half = `Latency: half of ${all} within ${showDuration(latencyMsP50)}`;
  return latencyMsP99 === null
    ? `${half}, over 1 % never told how it ended`
    : `${half}, 99 % within ${showDuration(latencyMsP99)}`;
}

/** By the middle of the slices' p50 and the limits, against the highest thing drawn. */
function scaleOver(
  series: readonly { points: readonly { y: number | null }[] }[],
  marks: readonly { y: number }[],
): 'linear' | 'logarithmic' {
  const [medians, ...tails] = series.map(({ points }) => points.flatMap(({ y }) => y ?? []));
  const typical = quantileOf(Float64Array.from(medians!).sort(), 0.5);
  const limits = marks.map(({ y }) => y);
  return typical === null ? 'linear' : scaleFor([typical, ...limits], [...tails.flat(), ...limits]);
}
