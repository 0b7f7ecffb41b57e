import { type History, OK } from '../history/history.ts';
import { BATCHES, batchInterval } from './batch-means.ts';
import type { Estimate } from './result.ts';

/** Unix epoch milliseconds, half-open. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Operations at `indices` that succeeded within `withinMs`, a second: counted by their end in BATCHES equal parts of
 * the span, whose means make the interval. Without a span of positive length, or without operations, there are no
 * samples; operations none of which succeeded are a goodput of exactly 0.
 */
export function goodput(
  history: History,
  indices: Int32Array,
  { span, withinMs, confidence }: { span: Span; withinMs: number; confidence: number },
): Estimate {
  const lengthMs = span.to - span.from;
  const method = `batch means, ${BATCHES} equal parts of the time on sale`;
  const nothing = { value: Number.NaN, low: -Infinity, high: Infinity, samples: 0, method };
  if (!(lengthMs > 0) || !Number.isFinite(lengthMs)) return nothing;
  const counts = new Float64Array(BATCHES);
  let good = 0;
  for (const i of indices) {
    const end = history.end[i]!;
    if (history.outcome[i] !== OK || end - history.start[i]! > withinMs) continue;
    const part = Math.floor(((end - span.from) / lengthMs) * BATCHES);
    // The purchase that ends the sale ends on the border and is part of it.
    if (end < span.from || end > span.to) continue;
    counts[Math.min(BATCHES - 1, part)]!++;
    good++;
  }
  const perSecond = counts.map((count) => (count * BATCHES * 1000) / lengthMs);
  const { low, high } = batchInterval(perSecond, confidence);
  const value = (good * 1000) / lengthMs;
  return { value, low: Math.max(0, low), high, samples: indices.length, method };
}
