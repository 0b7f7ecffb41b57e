import { type History, isAcquire, OK, PAY } from '../history/history.ts';
import type { Pool } from '../model/fixture.ts';
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

/**
 * The goodput of a shop that answers everybody at once, in the order in which the operations at `indices` began: sales a
 * second from `from` until the last ticket went, else until the last buyer came. No shop can be faster than it is asked,
 * so a promise above this was not put to the test. Infinity for a crowd that all came at `from`; 0 where there is
 * nothing to sell.
 */
export function instantGoodput(
  history: History,
  indices: Int32Array,
  { pools, from }: { readonly pools: readonly Pool[]; readonly from: number },
): number {
  const capacities = new Map(pools.map(({ id, capacity }) => [id, capacity]));
  const left = history.poolIds.map((id) => capacities.get(id) ?? 0);
  let unsold = [...capacities.values()].reduce((sum, capacity) => sum + capacity, 0);
  let sales = 0;
  let lastSaleAt = from;
  let lastStart = from;
  for (const i of indices) {
    lastStart = Math.max(lastStart, history.start[i]!);
    // Who only looks takes nothing and can always be answered.
    const taken = isAcquire(history, i) || history.kind[i] === PAY ? history.quantity[i]! : 0;
    if (taken > left[history.pool[i]!]!) continue;
    left[history.pool[i]!]! -= taken;
    unsold -= taken;
    lastSaleAt = lastStart;
    sales++;
  }
  const untilMs = (unsold === 0 ? lastSaleAt : lastStart) - from;
  return sales === 0 ? 0 : (sales * 1000) / untilMs;
}
