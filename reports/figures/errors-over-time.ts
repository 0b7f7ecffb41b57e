import { type History, OK, REFUSED } from '../../lib/history/history.ts';
import type { Figure, FigureSeries, SeriesRole } from '../../lib/model/figure.ts';
import { showCount, showRatio } from '../quantity.ts';
import type { ReportInput } from '../report.ts';
import { visible } from '../text.ts';
import {
  sliceAt,
  sliceMiddle,
  sliceName,
  type Timeline,
  timeAxis,
  timelineOf,
} from './timeline.ts';

const SLICES_MAX = 80;
/** Code points of a reason that a legend has room for. */
const REASON_SHOWN = 28;
const REASONS_NAMED_MAX = 3;
/** Every further reason is folded into `other`. */
const ROLES: readonly SeriesRole[] = ['bad', 'secondary', 'tertiary', 'quaternary'];

/** What went wrong, by when the buyer saw it. Being turned away is no error and has an axis of its own. */
export function errorsOverTime(input: ReportInput): Figure {
  const { history } = input;
  const timeline = timelineOf(input, SLICES_MAX);
  const { byReason, refused, turnedAwayFor } = count(history, timeline);
  const kinds = [...byReason]
    .map(([reason, counts]) => ({ reason, counts, total: sum(counts) }))
    .sort((a, b) => b.total - a.total || (a.reason < b.reason ? -1 : 1));
  const errors = kinds.reduce((total, kind) => total + kind.total, 0);
  const toSeries = (label: string, role: SeriesRole, counts: Float64Array) => ({
    label,
    role,
    shape: 'bar' as const,
    points: Array.from(counts, (y, slice) => ({ x: sliceMiddle(timeline, slice), y })),
  });
  const series: FigureSeries[] = kinds
    .slice(0, ROLES.length)
    .map(({ reason, counts, total }, i) =>
      toSeries(`${visible(reason, REASON_SHOWN)} (${showCount(total)})`, ROLES[i]!, counts),
    );
  const others = kinds.slice(ROLES.length);
  if (others.length > 0) {
    const folded = others.reduce(
      (into, { counts }) => into.map((n, i) => n + counts[i]!),
      refused.map(() => 0),
    );
    const label = `${showCount(others.length)} other kinds (${showCount(sum(folded))})`;
    series.push(toSeries(label, 'primary', folded));
  }
  const turnedAway = sum(refused);
  if (turnedAway > 0) series.push(refusedSeries(timeline, refused, turnedAway));
  const away =
    turnedAway === 0 ? '' : `; ${showCount(turnedAway)} turned away (${commonest(turnedAwayFor)})`;
  const title = `${titleOf(errors, history.length, kinds[0]?.reason)}${away}`;
  return {
    id: 'errors-over-time',
    title,
    description:
      `${title}. Errors of each ${sliceName(timeline)} by kind, by when the buyer saw them` +
      `${turnedAway > 0 ? '; being turned away is an answer and drawn by itself' : ''}.`,
    x: timeAxis(timeline),
    y: { label: `errors per ${sliceName(timeline)}`, scale: 'linear' },
    ...(turnedAway > 0 && { yRight: { label: `turned away per ${sliceName(timeline)}` } }),
    series,
    marks: [],
  };
}

function count(history: History, timeline: Timeline) {
  const byReason = new Map<string, Float64Array>();
  const refused = new Float64Array(timeline.slices);
  const turnedAwayFor = new Map<string, number>();
  const byIndex: (Float64Array | undefined)[] = [];
  for (let i = 0; i < history.length; i++) {
    const outcome = history.outcome[i];
    if (outcome === OK) continue;
    const slice = sliceAt(timeline, history.end[i]!);
    if (outcome === REFUSED) {
      refused[slice]!++;
      const why = history.reasons[history.reason[i]!] || 'no reason given';
      turnedAwayFor.set(why, (turnedAwayFor.get(why) ?? 0) + 1);
      continue;
    }
    const index = history.reason[i]!;
    let counts = byIndex[index];
    if (counts === undefined) {
      const reason = history.reasons[index] || 'no reason given';
      counts = byReason.get(reason) ?? new Float64Array(timeline.slices);
      byReason.set(reason, counts);
      byIndex[index] = counts;
    }
    counts[slice]!++;
  }
  return { byReason, refused, turnedAwayFor };
}

/** `sold-out 203, seat-taken 137`: whether a promise takes them for errors is up to the promise. */
function commonest(counts: ReadonlyMap<string, number>): string {
  const all = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const shown = all
    .slice(0, REASONS_NAMED_MAX)
    .map(([reason, n]) => `${visible(reason, REASON_SHOWN)} ${showCount(n)}`);
  return [...shown, ...(all.length > shown.length ? ['…'] : [])].join(', ');
}

function refusedSeries(timeline: Timeline, refused: Float64Array, total: number): FigureSeries {
  return {
    label: `turned away (${showCount(total)}, right axis)`,
    role: 'muted',
    shape: 'line',
    axis: 'right',
    points: Array.from(refused, (y, slice) => ({ x: sliceMiddle(timeline, slice), y })),
  };
}

function titleOf(errors: number, operations: number, commonest: string | undefined): string {
  if (operations === 0) return 'Errors: nothing was sent';
  if (errors === 0 || commonest === undefined) {
    return `Errors: none in ${showCount(operations)} operations`;
  }
  return (
    `Errors: ${showCount(errors)} of ${showCount(operations)} operations ` +
    `(${showRatio(errors / operations)}), most often ${visible(commonest, REASON_SHOWN)}`
  );
}

function sum(counts: Float64Array): number {
  return counts.reduce((total, n) => total + n, 0);
}
