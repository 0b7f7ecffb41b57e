import type { Scale } from 'chart.js';
import type { Figure } from '../../lib/model/figure.ts';
import { fontFamily } from './fonts.ts';
import type { Theme } from './theme.ts';

const numbers = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });
const font = { family: fontFamily, size: 12 };
/** Room for the widest name of a percentile, and about what the vertical axes take; CSS pixels. */
const TICK_WIDTH = 50;
const AXES_WIDTH = 90;
/** The more telling first: where room is short the later ones are left out. */
const PERCENTILES = [0, 99, 90, 99.9, 99.99, 99.999, 99.9999, 50, 95, 75];

/** A percentile by its number of nines: 0 → 0, 90 → 1, 99 → 2. 0 ≤ percentile < 100. */
export function ninesOf(percentile: number): number {
  return -Math.log10(1 - percentile / 100);
}

function look(theme: Theme, label: string) {
  return {
    title: { display: true, text: label, color: theme.textFaint, font },
    ticks: { color: theme.textFaint, font, padding: 6, maxRotation: 0, includeBounds: false },
    grid: { color: theme.grid, drawTicks: false },
    border: { color: theme.grid },
  };
}

function withTicks(axis: ReturnType<typeof look>, ticks: object) {
  return { ...axis, ticks: { ...axis.ticks, ...ticks } };
}

export function horizontalAxis({ x }: Figure, theme: Theme) {
  const axis = look(theme, x.label);
  if (x.scale === 'linear') {
    const ticks = {
      maxTicksLimit: 9,
      callback: (value: number | string) => numbers.format(+value),
    };
    return {
      type: 'linear' as const,
      min: 0,
      max: x.max,
      offset: false,
      ...withTicks(axis, ticks),
    };
  }
  const shown = PERCENTILES.filter((percentile) => percentile <= x.max + 1e-9);
  return {
    type: 'linear' as const,
    min: 0,
    max: ninesOf(x.max),
    ...withTicks(axis, {
      autoSkip: false,
      callback: (value: number | string) => {
        const percentile = shown.find((one) => ninesOf(one) === Number(value));
        return percentile === undefined ? '' : `${percentile} %`;
      },
    }),
    afterBuildTicks: (scale: Scale) => {
      const perNine = (scale.chart.width - AXES_WIDTH) / ninesOf(x.max);
      scale.ticks = apart(shown.map(ninesOf), TICK_WIDTH / perNine).map((value) => ({ value }));
    },
  };
}

/** Values, ascending, that are at least `distance` apart; of two that are closer the earlier given stays. */
function apart(values: readonly number[], distance: number): number[] {
  const kept: number[] = [];
  for (const value of values) {
    if (kept.every((other) => Math.abs(value - other) >= distance)) kept.push(value);
  }
  return kept.sort((a, b) => a - b);
}

/** The least value a logarithmic axis shows; zero has no place on it and is drawn there. */
export const LOGARITHMIC_MIN = 1;

export function verticalAxis({ y, marks, series }: Figure, theme: Theme) {
  const axis = look(theme, y.label);
  const drawn = series.flatMap(({ points, axis: side }) => (side === 'right' ? [] : points));
  const marked = Math.max(0, ...marks.map((mark) => mark.y));
  const callback = (value: number | string) => numbers.format(+value);
  if (y.scale === 'linear') {
    return {
      type: 'linear' as const,
      stacked: series.some(({ shape }) => shape === 'bar'),
      beginAtZero: true,
      suggestedMax: Math.max(marked * 1.1, 1),
      grace: '4%',
      ...withTicks(axis, wholeTicks),
    };
  }
  const greatest = drawn.reduce((most, point) => Math.max(most, point.y ?? 0), marked);
  return {
    type: 'logarithmic' as const,
    min: LOGARITHMIC_MIN,
    max: greatest * 1.4,
    ...withTicks(axis, { autoSkip: false, callback }),
    afterBuildTicks: (scale: Scale) => {
      const decades = Math.log10(scale.max / scale.min);
      const kept = decades > 3 ? [1] : decades > 2 ? [1, 3] : [1, 2, 5];
      scale.ticks = scale.ticks.filter(({ value }) => kept.includes(leadingDigit(value)));
    },
  };
}

const wholeTicks = { maxTicksLimit: 7, includeBounds: true, precision: 0, callback: wholeOnly };

/** What is counted has no halves; a small axis would else be labelled with them. */
function wholeOnly(value: number | string): string {
  return Number.isInteger(+value) ? numbers.format(+value) : '';
}

/** 0.3 and 1.2 have none that is exact: only 1, 2, … times a power of ten count. */
function leadingDigit(value: number): number {
  const digit = value / 10 ** Math.floor(Math.log10(value) + 1e-9);
  return Math.abs(digit - Math.round(digit)) < 1e-9 ? Math.round(digit) : 0;
}

export function rightAxis(label: string, theme: Theme) {
  const axis = look(theme, label);
  return {
    type: 'linear' as const,
    position: 'right' as const,
    beginAtZero: true,
    ...withTicks(axis, wholeTicks),
    grid: { display: false },
  };
}
