import { type History, INFO, OK } from '../history/history.ts';
import { operationKinds } from '../model/operation.ts';
import type { Activity, Scope } from '../model/sla.ts';

/**
 * Indices of the operations an objective looks at, in order of start. A window counts from T₀ (`startedAt`, Unix epoch
 * milliseconds); where T₀ is unknown nothing is known to be in it.
 */
export function inScope(
  history: History,
  { operation, window, activity }: Scope,
  startedAt: number | null,
): Int32Array {
  const kind = operation === undefined ? -1 : operationKinds.indexOf(operation);
  const origin = window === undefined ? 0 : (startedAt ?? Number.NaN);
  const from = window === undefined ? -Infinity : origin + window.from;
  const to = window?.to === undefined ? Infinity : origin + window.to;
  const isMeant = activity === undefined ? null : busyMinutes(history, activity);
  const found = new Int32Array(history.length);
  let count = 0;
  for (let i = 0; i < history.length; i++) {
    const start = history.start[i]!;
    const isInside = start >= from && start < to && (kind < 0 || history.kind[i] === kind);
    if (isInside && (isMeant === null || isMeant(start))) found[count++] = i;
  }
  return found.subarray(0, count);
}

const MINUTE_MS = 60_000;

/** Whether a moment lies in a minute that was as busy as asked. Minutes count from the first operation on. */
function busyMinutes(history: History, activity: Activity): (start: number) => boolean {
  const origin = history.start[0] ?? 0;
  const minuteOf = (start: number) => Math.floor((start - origin) / MINUTE_MS);
  const arrivals = new Map<number, number>();
  const seen = new Uint8Array(history.intentKeys.length);
  for (let i = 0; i < history.length; i++) {
    const intent = history.intent[i]!;
    if (seen[intent] === 1) continue;
    seen[intent] = 1;
    const minute = minuteOf(history.start[i]!);
    arrivals.set(minute, (arrivals.get(minute) ?? 0) + 1);
  }
  const { above, upTo } = activity;
  return (start) => {
    const perSecond = (arrivals.get(minuteOf(start)) ?? 0) / 60;
    return above === undefined ? perSecond <= upTo! : perSecond > above;
  };
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
