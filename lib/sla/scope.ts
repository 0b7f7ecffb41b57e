import { type History, INFO, OK } from '../history/history.ts';
import { operationKinds } from '../model/operation.ts';
import type { Scope } from '../model/sla.ts';

/**
 * Indices of the operations an objective looks at, in order of start. A window counts from T₀ (`startedAt`, Unix epoch
 * milliseconds); where T₀ is unknown nothing is known to be in it.
 */
export function inScope(
  history: History,
  { operation, window }: Scope,
  startedAt: number | null,
): Int32Array {
  const kind = operation === undefined ? -1 : operationKinds.indexOf(operation);
  const origin = window === undefined ? 0 : (startedAt ?? Number.NaN);
  const from = window === undefined ? -Infinity : origin + window.from;
  const to = window?.to === undefined ? Infinity : origin + window.to;
  const found = new Int32Array(history.length);
  let count = 0;
  for (let i = 0; i < history.length; i++) {
    const start = history.start[i]!;
    if (start >= from && start < to && (kind < 0 || history.kind[i] === kind)) found[count++] = i;
  }
  return found.subarray(0, count);
}

/**
 * What the buyer of operation `i` waited, ms. One who was never told how it ended (`info`, or no reply at all) waited
 * longer than any limit: Infinity. Otherwise a target that dies fast would look fast.
 */
export function latencyMsOf(history: History, i: number): number {
  if (history.outcome[i] === INFO || history.status[i] === 0) return Infinity;
  return Math.max(0, history.end[i]! - history.start[i]!);
}

/** Latencies of the operations at `indices`, in their order; of those that succeeded only, if `okOnly`. */
export function latenciesMs(history: History, indices: Int32Array, okOnly = false): Float64Array {
  const latencies = new Float64Array(indices.length);
  let count = 0;
  for (const i of indices) {
    if (!okOnly) latencies[count++] = latencyMsOf(history, i);
    else if (history.outcome[i] === OK) {
      latencies[count++] = Math.max(0, history.end[i]! - history.start[i]!);
    }
  }
  return latencies.subarray(0, count);
}
