import { type History, OK } from '../history/history.ts';
import { binomialInterval } from './binomial.ts';

/** 1 for each operation at `indices` that ended neither `ok` nor for an expected reason. */
export function errorFlags(
  history: History,
  indices: Int32Array,
  expected: readonly string[],
): Uint8Array {
  const excused = history.reasons.map((reason) => expected.includes(reason));
  return Uint8Array.from(indices, (i) =>
    history.outcome[i] === OK || excused[history.reason[i]!] ? 0 : 1,
  );
}

/**
 * The same for intents: 1 where none of an intent's operations at `indices` ended `ok` or for an expected reason, in the
 * order of their first ones, which are given back beside the flags.
 */
export function errorFlagsOfIntents(
  history: History,
  indices: Int32Array,
  expected: readonly string[],
): { readonly flags: Uint8Array; readonly firsts: Int32Array } {
  const errors = errorFlags(history, indices, expected);
  const place = new Map<number, number>();
  const firsts: number[] = [];
  const flags: number[] = [];
  indices.forEach((i, k) => {
    const intent = history.intent[i]!;
    const known = place.get(intent);
    if (known === undefined) {
      place.set(intent, flags.length);
      firsts.push(i);
      flags.push(errors[k]!);
    } else if (errors[k] === 0) flags[known] = 0;
  });
  return { flags: Uint8Array.from(flags), firsts: Int32Array.from(firsts) };
}

/** A stretch of time with more errors than allowed. */
export interface BadWindow {
  /** Unix epoch milliseconds. */
  readonly from: number;
  readonly errors: number;
  readonly operations: number;
}

/** Windows begin a quarter of their length apart: whatever lasts as long as one fills most of some window. */
const STEPS = 4;

/**
 * The window of `lengthMs` with the highest ratio of errors among those that are certainly above `limit`, the first of
 * equals; null where there is none. `starts` ascend and belong to `flags`. Certainly: by the exact binomial bound at a
 * confidence divided among all windows that hold operations (Bonferroni), so that looking often finds no more by
 * chance. Windows without operations cost nothing, so a clock that jumps does not matter.
 */
export function worstWindow(
  starts: Float64Array,
  flags: Uint8Array,
  { lengthMs, limit, confidence }: { lengthMs: number; limit: number; confidence: number },
): BadWindow | null {
  const windows = [...windowsOf(starts, flags, lengthMs)];
  const each = 1 - (1 - confidence) / windows.length;
  let worst: BadWindow | null = null;
  for (const window of windows) {
    const { errors, operations } = window;
    const floor = worst === null ? limit : Math.max(limit, worst.errors / worst.operations);
    if (errors / operations <= floor) continue;
    if (binomialInterval(errors, operations, each).low > limit) worst = window;
  }
  return worst;
}

function* windowsOf(
  starts: Float64Array,
  flags: Uint8Array,
  lengthMs: number,
): Generator<BadWindow> {
  const stepMs = lengthMs / STEPS;
  let [first, end, errors] = [0, 0, 0];
  let from = starts[0] ?? 0;
  // Where times are so large that a step is lost in rounding, windows mean nothing and there are none.
  while (first < starts.length && from + stepMs > from) {
    while (first < end && starts[first]! < from) errors -= flags[first++]!;
    while (end < starts.length && starts[end]! < from + lengthMs) errors += flags[end++]!;
    if (end > first) yield { from, errors, operations: end - first };
    from = end > first ? from + stepMs : (starts[first] ?? Infinity);
  }
}
