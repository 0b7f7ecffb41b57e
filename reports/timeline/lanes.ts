import type { Operation } from '../../lib/model/operation.ts';
import { askedWords, toldWords } from '../operation-words.ts';
import { showDuration } from '../quantity.ts';

/** Room after the last end, so that an uncertain operation is seen to stay open. */
const ROOM_AFTER = 1.06;
/** Further than so many times the operations themselves no mark widens the axis: their order could not be seen. */
const MARK_STRETCH_MAX = 10;

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

/** A moment (Unix epoch ms) that something is held against, such as the opening of the sale. */
export interface Mark {
  readonly name: string;
  readonly at: number;
}

/** A mark within the drawing. */
export interface DrawnMark {
  /** Where on the axis, 0–1. */
  readonly place: number;
  /** `the sale opens: 50 ms`. */
  readonly words: string;
}

export interface Timeline {
  readonly lanes: readonly Lane[];
  readonly marks: readonly DrawnMark[];
  readonly first: string;
  readonly last: string;
}

/**
 * Operations (≥ 1), one lane each on one time axis, so that a reader sees which were under way together. The axis reaches
 * to those of `marks` that leave the operations a tenth of it; others are left out.
 */
export function timelineOf(
  operations: readonly Operation[],
  startedAt: number | null,
  marks: readonly Mark[] = [],
): Timeline {
  const earliest = Math.min(...operations.map(({ start }) => start));
  const latest = Math.max(...operations.map(({ end }) => end));
  const reachMs = Math.max(latest - earliest, 1) * (MARK_STRETCH_MAX - 1);
  const near = marks.filter(({ at }) => at >= earliest - reachMs && at <= latest + reachMs);
  const first = Math.min(earliest, ...near.map(({ at }) => at));
  const last = Math.max(latest, ...near.map(({ at }) => at));
  const spanMs = Math.max(last - first, 1) * ROOM_AFTER;
  const origin = startedAt ?? earliest;
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
  return {
    lanes,
    marks: near.map(({ name, at }) => ({
      place: (at - first) / spanMs,
      words: `${name}: ${since(at)}`,
    })),
    first: since(first),
    last: since(first + spanMs),
  };
}
