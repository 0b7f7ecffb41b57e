import { type History, OK, REFUSED } from '../../lib/history/history.ts';
import type { Figure, FigurePoint, SeriesRole } from '../../lib/model/figure.ts';
import { showDuration } from '../quantity.ts';
import type { ReportInput } from '../report.ts';
import { type KindInHistory, kindsIn, quantileByKind } from './kinds.ts';
import { latencyMsAt, quantileOf, scaleFor } from './latencies.ts';
import { latencyLimits } from './limits.ts';

/** Points drawn for each further nine. */
const POINTS_PER_NINE = 24;

/** The whole distribution, its tail as wide as its body: the axis counts nines, as HdrHistogram's plots do. */
export function latencyByPercentile(input: ReportInput): Figure {
  const { history, manifest, verdict } = input;
  const timeoutMs = manifest.plan?.timeoutMs ?? 0;
  const all = sortedLatencies(history, timeoutMs, () => true);
  const kinds = kindsIn(history);
  const isMixed = kinds.length > 1;
  const lines = isMixed
    ? kinds.map(({ kind, label, role }) => ({
        label,
        role,
        sorted: sortedLatencies(history, timeoutMs, (i) => history.kind[i] === kind),
      }))
    : byOutcome(history, { all, timeoutMs, noun: kinds[0]?.label ?? 'operation' });
  const noun = isMixed ? 'operation' : (kinds[0]?.label ?? 'operation');
  const marks = latencyLimits(verdict);
  const limits = marks.map(({ y }) => y);
  const medians = lines.map(({ sorted }) => quantileOf(sorted, 0.5) ?? Number.POSITIVE_INFINITY);
  const title = titleOf(input, kinds);
  return {
    id: 'latency-by-percentile',
    title,
    description: `${title}. Latency by percentile of ${isMixed ? 'each kind of operation' : `every ${noun}, of those that succeeded, and of those turned away`}.`,
    x: {
      label: `percentile of ${isMixed ? 'each kind' : `every ${noun}`}`,
      scale: 'percentile',
      max: highestPercentile(all.length),
    },
    y: {
      label: 'latency (ms)',
      scale: scaleFor([...medians, ...limits], [all.at(-1) ?? 0, ...limits]),
    },
    series: lines.map(({ label, role, sorted }) => ({
      label,
      role,
      shape: 'line' as const,
      points: pointsOf(sorted),
    })),
    marks,
  };
}

/** All of one kind, and apart from each other those that got what they asked for and those turned away. */
function byOutcome(
  history: History,
  { all, timeoutMs, noun }: { all: Float64Array; timeoutMs: number; noun: string },
): { label: string; role: SeriesRole; sorted: Float64Array }[] {
  const ended = (outcome: number) =>
    sortedLatencies(history, timeoutMs, (i) => history.outcome[i] === outcome);
  const parts = [
    {
      label: noun === 'purchase' ? 'bought' : 'succeeded',
      role: 'good' as const,
      sorted: ended(OK),
    },
    { label: 'turned away', role: 'muted' as const, sorted: ended(REFUSED) },
  ];
  const shown = parts.filter(({ sorted }) => sorted.length > 0 && sorted.length < all.length);
  return [{ label: `every ${noun}`, role: 'primary', sorted: all }, ...shown];
}

function sortedLatencies(
  history: History,
  timeoutMs: number,
  counts: (i: number) => boolean,
): Float64Array {
  const latenciesMs = new Float64Array(history.length);
  let length = 0;
  for (let i = 0; i < history.length; i++) {
    if (counts(i)) latenciesMs[length++] = latencyMsAt(history, i, timeoutMs);
  }
  return latenciesMs.subarray(0, length).sort();
}

/** The last percentile that so many samples can show; at least one nine. */
function highestPercentile(samples: number): number {
  return 100 * (1 - 1 / Math.max(samples, 10));
}

function pointsOf(sorted: Float64Array): FigurePoint[] {
  const nines = Math.log10(Math.max(sorted.length, 10));
  const steps = Math.ceil(nines * POINTS_PER_NINE);
  return Array.from({ length: steps + 1 }, (_, step) => {
    const ratio = 1 - 10 ** (-(step / steps) * nines);
    return { x: 100 * ratio, y: quantileOf(sorted, ratio) };
  });
}

function titleOf(
  { verdict: { totals }, history }: ReportInput,
  kinds: readonly KindInHistory[],
): string {
  if (history.length === 0) return 'Latency by percentile: nothing was measured';
  if (kinds.length > 1) return `Latency by percentile: ${quantileByKind(history, kinds, 0.99)}`;
  const { latencyMsP95, latencyMsP99 } = totals;
  const shown = (ms: number | null) => (ms === null ? 'never told how it ended' : showDuration(ms));
  return `Latency by percentile: p95 ${shown(latencyMsP95)}, p99 ${shown(latencyMsP99)}`;
}
