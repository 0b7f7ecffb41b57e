import { createCanvas } from '@napi-rs/canvas';
import { Chart, type ChartConfiguration, type ChartDataset } from 'chart.js/auto';
import type { Figure, FigureSeries } from '../../lib/model/figure.ts';
import { horizontalAxis, LOGARITHMIC_MIN, ninesOf, rightAxis, verticalAxis } from './axes.ts';
import { fontFamily, registerFonts } from './fonts.ts';
import { marksPlugin } from './marks.ts';
import { dashes, type Theme } from './theme.ts';

/** Size in CSS pixels; the picture has twice as many each way. */
export interface PictureShape {
  readonly width: number;
  readonly height: number;
  /** A page that writes the title as text wants a picture without it. */
  readonly titled: boolean;
}

export const PIXEL_RATIO = 2;
export const wide: PictureShape = { width: 920, height: 380, titled: true };

/** One chart as a PNG. The same figure, theme and shape give the same bytes. */
export async function drawFigure(
  figure: Figure,
  theme: Theme,
  shape: PictureShape,
): Promise<Uint8Array> {
  registerFonts();
  const canvas = createCanvas(shape.width, shape.height);
  // chart.js is written for a browser's canvas; this one draws the same and only its type differs.
  const chart = new Chart(canvas as never, configurationOf(figure, theme, shape));
  const png = await canvas.encode('png');
  chart.destroy();
  return png;
}

function configurationOf(figure: Figure, theme: Theme, shape: PictureShape): ChartConfiguration {
  const { yRight } = figure;
  return {
    type: 'line',
    data: { datasets: figure.series.map((series) => datasetOf(series, figure, theme)) },
    options: {
      animation: false,
      responsive: false,
      devicePixelRatio: PIXEL_RATIO,
      font: { family: fontFamily, size: 12 },
      layout: { padding: { top: 8, right: 14, bottom: 8, left: 8 } },
      scales: {
        x: horizontalAxis(figure, theme),
        y: verticalAxis(figure, theme),
        ...(yRight && { yRight: rightAxis(yRight.label, theme) }),
      },
      plugins: {
        title: titleOptions(figure, theme, shape),
        legend: legendOptions(figure, theme),
        tooltip: { enabled: false },
      },
    },
    plugins: [background(theme), marksPlugin(figure.marks, theme), emptyNote(figure, theme)],
  };
}

function titleOptions(figure: Figure, theme: Theme, shape: PictureShape) {
  return {
    display: shape.titled,
    text: figure.title,
    align: 'start' as const,
    color: theme.text,
    font: { family: fontFamily, size: 15, weight: 'bold' as const },
    padding: { top: 2, bottom: 8 },
  };
}

/** Lines are named by a piece of the line, dashes and all, whatever points stand on it. */
function legendOptions(figure: Figure, theme: Theme) {
  return {
    align: 'start' as const,
    labels: {
      font: { family: fontFamily, size: 12 },
      usePointStyle: true,
      pointStyleWidth: 28,
      boxHeight: 8,
      padding: 14,
      generateLabels: () =>
        figure.series.map(({ label, role, shape }, datasetIndex) => ({
          text: label,
          datasetIndex,
          fontColor: theme.text,
          strokeStyle: theme.roles[role],
          fillStyle: theme.roles[role],
          lineWidth: shape === 'line' ? 2 : 0,
          lineDash: dashes[role],
          pointStyle: shape === 'line' ? ('line' as const) : ('rect' as const),
        })),
    },
  };
}

function datasetOf(series: FigureSeries, figure: Figure, theme: Theme): ChartDataset {
  const colour = theme.roles[series.role];
  const data = placed(series, figure);
  const shared = { label: series.label, data, yAxisID: series.axis === 'right' ? 'yRight' : 'y' };
  if (series.shape === 'bar') {
    return {
      ...shared,
      type: 'bar',
      order: 1,
      stack: 'errors',
      backgroundColor: colour,
      borderColor: theme.background,
      borderWidth: { top: 1 },
      barPercentage: 0.9,
      categoryPercentage: 1,
    } as ChartDataset;
  }
  return {
    ...shared,
    type: 'line',
    order: 0,
    borderColor: colour,
    backgroundColor: colour,
    borderDash: dashes[series.role],
    borderWidth: 2,
    spanGaps: false,
    pointRadius: data.map((_, i) => (isAlone(data, i) ? 3 : 0)),
  } as ChartDataset;
}

function placed({ points, axis }: FigureSeries, { x: { scale }, y }: Figure) {
  const logarithmic = y.scale === 'logarithmic' && axis !== 'right';
  return points.map((point) => ({
    x: scale === 'percentile' ? ninesOf(point.x) : point.x,
    y: point.y !== null && logarithmic ? Math.max(point.y, LOGARITHMIC_MIN) : point.y,
  }));
}

/** A point between gaps has no line to be seen by. */
function isAlone(data: readonly { y: number | null }[], i: number): boolean {
  const missing = (at: number) => (data[at]?.y ?? null) === null;
  return !missing(i) && missing(i - 1) && missing(i + 1);
}

function background(theme: Theme) {
  return {
    id: 'background',
    beforeDraw: ({ ctx, width, height }: Chart) => {
      ctx.save();
      ctx.fillStyle = theme.background;
      ctx.fillRect(0, 0, width, height);
      ctx.restore();
    },
  };
}

/** An empty frame could be a fault of the picture; say that there is nothing to draw. */
function emptyNote({ series, yRight }: Figure, theme: Theme) {
  const left = series.filter(({ axis }) => axis !== 'right');
  const empty = left.every(({ points }) => points.every(({ y }) => y === null || y === 0));
  return {
    id: 'empty-note',
    afterDraw: ({ ctx, chartArea }: Chart) => {
      if (!empty || yRight !== undefined) return;
      ctx.save();
      ctx.font = `14px "${fontFamily}"`;
      ctx.fillStyle = theme.textFaint;
      ctx.textAlign = 'center';
      ctx.fillText(
        'nothing to show',
        (chartArea.left + chartArea.right) / 2,
        (chartArea.top + chartArea.bottom) / 2,
      );
      ctx.restore();
    },
  };
}
