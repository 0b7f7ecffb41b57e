import { showDuration } from '../quantity.ts';
import type { ReportInput } from '../report.ts';

/** Widths that a reader can count in, ms. */
const SLICE_WIDTHS_MS = [
  10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000,
  1_800_000, 3_600_000,
];

/** Up to here an axis counts seconds, above it minutes. */
const SECONDS_AXIS_MAX_MS = 600_000;

/** The run's time in equal slices: slice k is [originMs + k · sliceMs, originMs + (k + 1) · sliceMs). */
export interface Timeline {
  /** T₀, or the first start where the barrier was never reached; Unix epoch ms. */
  readonly originMs: number;
  /** To the end of the last operation, > 0. */
  readonly spanMs: number;
  readonly sliceMs: number;
  /** ≥ 1 */
  readonly slices: number;
  readonly unit: { readonly label: string; readonly ms: number };
}

/** At most `slicesMax` slices, of a width fit for the run. Without operations the span is that of the intents. */
export function timelineOf(input: ReportInput, slicesMax: number): Timeline {
  const { history, intents, manifest } = input;
  const originMs = manifest.load?.startedAt ?? history.start[0] ?? 0;
  let endMs = Number.NEGATIVE_INFINITY;
  for (const end of history.end) if (end > endMs) endMs = end;
  if (history.length === 0) endMs = originMs + (intents.intents.at(-1)?.offsetMs ?? 0);
  const spanMs = Math.max(endMs - originMs, 1);
  const sliceMs =
    SLICE_WIDTHS_MS.find((width) => spanMs / width < slicesMax) ?? Math.ceil(spanMs / slicesMax);
  const unit =
    spanMs > SECONDS_AXIS_MAX_MS
      ? { label: 'minutes', ms: 60_000 }
      : { label: 'seconds', ms: 1000 };
  return { originMs, spanMs, sliceMs, slices: Math.floor(spanMs / sliceMs) + 1, unit };
}

/** Which slice a moment lies in; what lies outside counts to the nearest. */
export function sliceAt({ originMs, sliceMs, slices }: Timeline, timeMs: number): number {
  const slice = Math.floor((timeMs - originMs) / sliceMs);
  return Math.min(Math.max(slice, 0), slices - 1);
}

/** Middle of a slice in the axis' unit. */
export function sliceMiddle({ sliceMs, unit }: Timeline, slice: number): number {
  return ((slice + 0.5) * sliceMs) / unit.ms;
}

export function timeAxis({ slices, sliceMs, unit }: Timeline) {
  return {
    label: `${unit.label} since the load began`,
    scale: 'linear' as const,
    max: (slices * sliceMs) / unit.ms,
  };
}

/** `200 ms`, `1 s`: for the label of an axis that counts by slice. */
export function sliceName({ sliceMs }: Timeline): string {
  return showDuration(sliceMs);
}
