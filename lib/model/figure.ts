/**
 * A chart as data, made by reports/figures and drawn by a renderer. No colours and no sizes: those belong to the
 * theme. `x` and `y` are plain numbers in the unit their axis names.
 */
export const seriesRoles = [
  'primary',
  'secondary',
  'tertiary',
  'quaternary',
  'good',
  'bad',
  'muted',
] as const;
/** What a series stands for; the theme gives every role one colour in light and one in dark. */
export type SeriesRole = (typeof seriesRoles)[number];

export interface FigurePoint {
  readonly x: number;
  /** Null is a gap: nothing was measured there, which is not the same as zero. */
  readonly y: number | null;
}

export interface FigureSeries {
  readonly label: string;
  readonly role: SeriesRole;
  readonly points: readonly FigurePoint[];
  /** `bar` series of one figure are stacked; a bar stands on the middle of its slice. */
  readonly shape: 'line' | 'bar';
  /** `right` reads against `yRight`; without it `y`. */
  readonly axis?: 'left' | 'right';
}

export interface Figure {
  /** File name without extension. */
  readonly id: string;
  /** What is seen, with the figures that matter. */
  readonly title: string;
  /** One or two sentences for readers who cannot see it: what it shows and how it is counted. */
  readonly description: string;
  /** `percentile`: x is 0–100, drawn by its number of nines. `max` ends the axis. */
  readonly x: {
    readonly label: string;
    readonly scale: 'linear' | 'percentile';
    readonly max: number;
  };
  readonly y: { readonly label: string; readonly scale: 'linear' | 'logarithmic' };
  /** A second axis for what is counted on another scale; always linear. */
  readonly yRight?: { readonly label: string };
  readonly series: readonly FigureSeries[];
  /** Horizontal lines, such as an SLA's limit. */
  readonly marks: readonly { readonly y: number; readonly label: string }[];
}
