import type { Chart, Plugin } from 'chart.js';
import type { Figure } from '../../lib/model/figure.ts';
import { fontFamily } from './fonts.ts';
import type { Theme } from './theme.ts';

const LABEL_HEIGHT = 16;

/** Limits as dashed lines with their names on them, above the data. */
export function marksPlugin(marks: Figure['marks'], theme: Theme): Plugin {
  return {
    id: 'marks',
    afterDatasetsDraw: (chart) => {
      const taken: number[] = [];
      for (const mark of marks) drawMark(chart, theme, mark, taken);
    },
  };
}

function drawMark(
  chart: Chart,
  theme: Theme,
  mark: Figure['marks'][number],
  taken: number[],
): void {
  const { ctx, chartArea } = chart;
  const y = chart.scales.y!.getPixelForValue(mark.y);
  ctx.save();
  ctx.strokeStyle = theme.mark;
  ctx.lineWidth = 1.5;
  ctx.setLineDash([6, 4]);
  ctx.beginPath();
  ctx.moveTo(chartArea.left, y);
  ctx.lineTo(chartArea.right, y);
  ctx.stroke();

  // A label that would run out of the chart stands below its line; one on another's place moves down as well.
  let labelY = y - LABEL_HEIGHT / 2 - 2;
  if (labelY - LABEL_HEIGHT / 2 < chartArea.top) labelY = y + LABEL_HEIGHT / 2 + 2;
  while (taken.some((other) => Math.abs(other - labelY) < LABEL_HEIGHT)) labelY += LABEL_HEIGHT;
  taken.push(labelY);
  ctx.setLineDash([]);
  ctx.font = `bold 12px "${fontFamily}"`;
  ctx.textAlign = 'right';
  ctx.textBaseline = 'middle';
  ctx.lineWidth = 4;
  ctx.lineJoin = 'round';
  ctx.strokeStyle = theme.background;
  ctx.strokeText(mark.label, chartArea.right - 6, labelY);
  ctx.fillStyle = theme.mark;
  ctx.fillText(mark.label, chartArea.right - 6, labelY);
  ctx.restore();
}
