import { isAcquire } from '../../lib/history/history.ts';
import { salesOf } from '../../lib/history/sales.ts';
import type { Figure, FigureSeries } from '../../lib/model/figure.ts';
import { showCount, showDuration } from '../quantity.ts';
import type { ReportInput } from '../report.ts';
import { sliceAt, type Timeline, timeAxis, timelineOf } from './timeline.ts';

const SLICES_MAX = 240;
/** Above it the sale would be a flat line below the demand, so the demand gets an axis of its own. */
const DEMAND_APART_RATIO = 3;

/** The story of the sale in tickets, cumulative: asked for by plan, asked for in fact, sold; against the capacity. */
export function salesOverTime(input: ReportInput): Figure {
  const { history, intents, verdict } = input;
  const timeline = timelineOf(input, SLICES_MAX);
  const planned = new Float64Array(timeline.slices);
  const requested = new Float64Array(timeline.slices);
  const sold = new Float64Array(timeline.slices);
  for (const { offsetMs, quantity } of intents.intents) {
    // The plan of a run that was cut short goes on after its last operation: that was never offered.
    if (offsetMs <= timeline.spanMs)
      planned[sliceAt(timeline, timeline.originMs + offsetMs)]! += quantity;
  }
  for (let i = 0; i < history.length; i++) {
    if (isAcquire(history, i))
      requested[sliceAt(timeline, history.start[i]!)]! += history.quantity[i]!;
  }
  const sales = salesOf(history);
  sales.operation.forEach((i, sale) => {
    sold[sliceAt(timeline, history.end[i]!)]! += sales.quantity[sale]!;
  });
  const { capacity } = verdict.totals;
  const title = titleOf(input);
  const demand = [
    // Nobody knows what was meant where a history was recorded elsewhere: a line at zero would claim to.
    ...(intents.intents.length === 0
      ? []
      : [
          {
            label: 'offered by the plan',
            role: 'muted',
            points: running(timeline, planned),
          } as const,
        ]),
    { label: 'requested', role: 'primary', points: running(timeline, requested) } as const,
  ];
  const asked = Math.max(...demand.map(({ points }) => points.at(-1)!.y));
  const apart = asked > DEMAND_APART_RATIO * capacity && capacity > 0;
  const series: FigureSeries[] = [
    { label: 'sold', role: 'good', shape: 'line', points: running(timeline, sold) },
    ...demand.map(({ label, ...line }) => ({
      ...line,
      label: `${label}${apart ? ' (right axis)' : ''}`,
      shape: 'line' as const,
      ...(apart && { axis: 'right' as const }),
    })),
  ];
  return {
    id: 'sales-over-time',
    title,
    description: `${title}. Tickets since the load began: acknowledged as sold, ${demand
      .map(({ label }) => label)
      .toReversed()
      .join(', and ')}.`,
    x: timeAxis(timeline),
    y: { label: `tickets${apart ? ' sold' : ''}, running total`, scale: 'linear' },
    ...(apart && { yRight: { label: 'tickets asked for, running total' } }),
    series,
    marks: capacity > 0 ? [{ y: capacity, label: `capacity ${showCount(capacity)}` }] : [],
  };
}

/** Running totals at the end of each slice, from zero at the opening. */
function running({ sliceMs, unit }: Timeline, counts: Float64Array) {
  let total = 0;
  const points = [{ x: 0, y: 0 }];
  for (let slice = 0; slice < counts.length; slice++) {
    total += counts[slice]!;
    points.push({ x: ((slice + 1) * sliceMs) / unit.ms, y: total });
  }
  return points;
}

function titleOf(input: ReportInput): string {
  const { soldAcknowledged, capacity } = input.verdict.totals;
  if (input.history.length === 0) return 'Sales: nobody bought anything';
  const sold = `Sales: ${showCount(soldAcknowledged)} of ${showCount(capacity)} tickets`;
  const atMs = soldOutAt(input);
  return atMs === null ? sold : `${sold}, sold out after ${showDuration(atMs)}`;
}

/** When acknowledged sales reached the capacity, ms after the opening; null if they never did. */
function soldOutAt(input: ReportInput): number | null {
  const { history, verdict } = input;
  const { operation, quantity } = salesOf(history);
  const sales = [...operation].map((i, sale) => ({
    endMs: history.end[i]!,
    quantity: quantity[sale]!,
  }));
  sales.sort((a, b) => a.endMs - b.endMs);
  let sold = 0;
  for (const sale of sales) {
    sold += sale.quantity;
    if (sold >= verdict.totals.capacity) return sale.endMs - timelineOf(input, 1).originMs;
  }
  return null;
}
