import type { Operation } from '../../lib/model/operation.ts';
import { askedWords, toldWords } from '../operation-words.ts';
import { showDuration } from '../quantity.ts';

/** Room after the last end, so that an uncertain operation is seen to stay open. */
const ROOM_AFTER = 1.06;

/** One operation on the common axis. */
export interface Lane {
  readonly operation: Operation;
  /** Where its bar begins and ends on the axis, 0–1. */
  readonly from: number;
  readonly to: number;
  /** What it did may happen at any later time: the lane stays open to the right. */
  readonly isOpen: boolean;
  /** `1.2 s`; since the load began or, where that is not known, since the first operation. */
  readonly begins: string;
  readonly ends: string;
  /** What was asked, and what the reply told beside the outcome; still to be escaped. */
  readonly asked: string;
  readonly told: readonly string[];
}

export interface Timeline {
  readonly lanes: readonly Lane[];
  readonly first: string;
  readonly last: string;
}

/** Operations (≥ 1), one lane each on one time axis, so that a reader sees which were under way together. */
export function timelineOf(operations: readonly Operation[], startedAt: number | null): Timeline {
  const first = Math.min(...operations.map(({ start }) => start));
  const lastEnd = Math.max(...operations.map(({ end }) => end));
  const spanMs = Math.max(lastEnd - first, 1) * ROOM_AFTER;
  const origin = startedAt ?? first;
  const since = (time: number) => showDuration(time - origin);
  const lanes = operations.map((operation) => ({
    operation,
    from: (operation.start - first) / spanMs,
    to: (operation.end - first) / spanMs,
    isOpen: operation.outcome === 'info',
    begins: since(operation.start),
    ends:
      operation.outcome === 'info' ? `${since(operation.end)}, then unknown` : since(operation.end),
    asked: askedWords(operation),
    told: toldWords(operation, since),
  }));
  return { lanes, first: since(first), last: since(first + spanMs) };
}
