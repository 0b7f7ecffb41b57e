import type { Chart, Plugin } from 'chart.js';
import type { Figure } from '../../lib/model/figure.ts';
import { fontFamily } from './fonts.ts';
import type { Theme } from './theme.ts';

const NAME_HEIGHT = 16;

/** Limits as dashed lines with their names on them, above the data. */
export function marksPlugin(marks: Figure['marks'], theme: Theme): Plugin {
  return {
    id: 'marks',
    afterDatasetsDraw: (chart) => {
      const taken: Place[] = [];
      for (const { y } of marks) drawLine(chart, theme, y);
      for (const mark of marks) drawName(chart, theme, { mark, taken });
    },
  };
}

/** Where a name stands: its right and left end, and its middle. */
interface Place {
  readonly right: number;
  readonly left: number;
  readonly y: number;
}

function drawLine({ ctx, chartArea, scales }: Chart, theme: Theme, value: number): void {
  const y = scales.y!.getPixelForValue(value);
  ctx.save();
  ctx.strokeStyle = theme.mark;
  ctx.lineWidth = 1.5;
  ctx.setLineDash([6, 4]);
  ctx.beginPath();
  ctx.moveTo(chartArea.left, y);
  ctx.lineTo(chartArea.right, y);
  ctx.stroke();
  ctx.restore();
}

function drawName(
  chart: Chart,
  theme: Theme,
  { mark, taken }: { mark: Figure['marks'][number]; taken: Place[] },
): void {
  const { ctx } = chart;
  ctx.save();
  ctx.font = `bold 12px "${fontFamily}"`;
  const place = placeOf(chart, { y: mark.y, width: ctx.measureText(mark.label).width }, taken);
  const { right, left, y } = place;
  taken.push(place);
  ctx.fillStyle = theme.background;
  ctx.fillRect(left - 5, y - NAME_HEIGHT / 2, right - left + 10, NAME_HEIGHT);
  ctx.textAlign = 'right';
  ctx.textBaseline = 'middle';
  ctx.fillStyle = theme.mark;
  ctx.fillText(mark.label, right, y);
  ctx.restore();
}

/**
 * On its own line, so that nobody takes it for another's; left of the names of lines that are close by, and where a
 * narrow chart has no room for that, below them: the name has the value in it.
 */
function placeOf(
  { chartArea, scales }: Chart,
  { y: value, width }: { y: number; width: number },
  taken: readonly Place[],
): Place {
  const line = scales.y!.getPixelForValue(value);
  const near = (y: number) => taken.filter((place) => Math.abs(place.y - y) < NAME_HEIGHT);
  const outermost = chartArea.right - 12;
  const right = Math.min(outermost, ...near(line).map(({ left }) => left - 24));
  if (right - width >= chartArea.left) return { right, left: right - width, y: line };
  let y = line;
  while (near(y).length > 0) y += NAME_HEIGHT;
  return { right: outermost, left: outermost - width, y };
}
