import type { Operation } from '../model/operation.ts';
import type { Intent } from '../model/plan.ts';
import { barrierIn, OPERATION_START } from './k6-log.ts';

/** How a load stands, for people; about once a second. Rates and p95 are those of the time since the last one. */
export interface LoadProgress {
  /** Since T₀; 0 before. */
  readonly elapsedMs: number;
  /** Arrivals in the whole plan. */
  readonly offered: number;
  /** Arrivals of which some operation has ended so far, however it did: at most `offered`. */
  readonly answered: number;
  /** Operations in the log so far; a visit may have several. */
  readonly delivered: number;
  readonly offeredPerSecond: number;
  readonly deliveredPerSecond: number;
  /** Of the replies since the last one; null where there were none. */
  readonly latencyMsP95: number | null;
  /** Operations so far that were neither ok nor refused. */
  readonly errors: number;
  /** Tickets that were sold for good so far and not given back, and those of all pools. */
  readonly sold: number;
  readonly capacity: number;
}

export interface ProgressMeter {
  readonly add: (lines: readonly string[]) => void;
  readonly report: (now: number) => LoadProgress;
  /** T₀, Unix epoch milliseconds; null until the log tells. */
  readonly startedAt: () => number | null;
}

/** Nearest-rank quantile; null for none. Sorts `values` in place. */
function p95(values: number[]): number | null {
  values.sort((a, b) => a - b);
  return values[Math.ceil(values.length * 0.95) - 1] ?? null;
}

/** Number of intents with an offset of at most `elapsedMs`; they are in order of arrival. */
function dueBy(intents: readonly Intent[], elapsedMs: number): number {
  let low = 0;
  let high = intents.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (intents[middle]!.offsetMs <= elapsedMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Tickets that an intent owns after one of its operations; a hold that is not paid yet is not sold. */
function ownedAfter({ kind, quantity, outcome }: Operation, before: number): number {
  if (outcome !== 'ok') return before;
  if (kind === 'cancel') return 0;
  return kind === 'purchase' || kind === 'pay' ? Math.max(before, quantity) : before;
}

/** Adds up the log's lines as they come. */
export function meterProgress(intents: readonly Intent[], capacity: number): ProgressMeter {
  let startedAt: number | null = null;
  const owned = new Map<string, number>();
  let delivered = 0;
  let errors = 0;
  let sold = 0;
  let latencies: number[] = [];
  let last = { at: 0, due: 0, delivered: 0 };
  const addOperation = (operation: Operation) => {
    delivered += 1;
    latencies.push(operation.end - operation.start);
    const before = owned.get(operation.intent) ?? 0;
    const after = ownedAfter(operation, before);
    owned.set(operation.intent, after);
    sold += after - before;
    if (operation.outcome !== 'ok' && operation.outcome !== 'refused') errors += 1;
  };
  return {
    add: (lines) => {
      for (const line of lines) {
        if (line.startsWith(OPERATION_START)) addOperation(JSON.parse(line) as Operation);
        else startedAt ??= barrierIn(line);
      }
    },
    startedAt: () => startedAt,
    report: (now) => {
      const elapsedMs = startedAt === null ? 0 : Math.max(0, now - startedAt);
      const due = elapsedMs === 0 ? 0 : dueBy(intents, elapsedMs);
      const seconds = Math.max(0.001, (now - Math.max(last.at, startedAt ?? now)) / 1000);
      const progress: LoadProgress = {
        elapsedMs,
        offered: intents.length,
        answered: owned.size,
        delivered,
        offeredPerSecond: (due - last.due) / seconds,
        deliveredPerSecond: (delivered - last.delivered) / seconds,
        latencyMsP95: p95(latencies),
        errors,
        sold,
        capacity,
      };
      last = { at: now, due, delivered };
      latencies = [];
      return progress;
    },
  };
}
