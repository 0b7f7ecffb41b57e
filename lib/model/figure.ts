/**
 * A chart as data, made by reports/figures and drawn by a renderer. No colours and no sizes: those belong to the
 * theme. `x` and `y` are plain numbers in the unit their axis names.
 */
export interface FigureSeries {
  readonly label: string;
  /** What the series stands for; the theme gives every role one colour in light and one in dark. */
  readonly role: 'primary' | 'secondary' | 'tertiary' | 'good' | 'bad' | 'muted';
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** `bar` series of one figure are stacked. */
  readonly shape: 'line' | 'step' | 'bar';
}

export interface Figure {
  /** File name without extension. */
  readonly id: string;
  readonly title: string;
  /** One sentence for readers who cannot see it: what it shows and the figures that matter. */
  readonly description: string;
  readonly x: { readonly label: string; readonly scale: 'linear' | 'percentile' };
  readonly y: { readonly label: string; readonly scale: 'linear' | 'logarithmic' };
  readonly series: readonly FigureSeries[];
  /** Horizontal lines, such as an SLA's limit. */
  readonly marks: readonly { readonly y: number; readonly label: string }[];
}
