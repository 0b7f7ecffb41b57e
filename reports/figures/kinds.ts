import { type History, INFO } from '../../lib/history/history.ts';
import type { SeriesRole } from '../../lib/model/figure.ts';
import { type OperationKind, operationKinds } from '../../lib/model/operation.ts';
import { showDuration } from '../quantity.ts';
import { quantileOf } from './latencies.ts';

/** One colour a kind in every chart, and dashes that tell those apart that stand together. */
const roles: Readonly<Record<OperationKind, SeriesRole>> = {
  purchase: 'primary',
  hold: 'primary',
  pay: 'secondary',
  cancel: 'quaternary',
  availability: 'tertiary',
  status: 'muted',
  view: 'good',
};

export interface KindInHistory {
  /** Index into `operationKinds`. */
  readonly kind: number;
  readonly label: OperationKind;
  readonly role: SeriesRole;
}

/** The kinds of operations that a history has, what sells first; [] for none. O(n). */
export function kindsIn({ kind }: Pick<History, 'kind'>): readonly KindInHistory[] {
  const seen = new Set(kind);
  const isBoughtToo = seen.has(operationKinds.indexOf('purchase'));
  return operationKinds.flatMap((label, i) => {
    const role = label === 'hold' && isBoughtToo ? 'bad' : roles[label];
    return seen.has(i) ? [{ kind: i, label, role }] : [];
  });
}

const KINDS_NAMED_MAX = 3;

/** `p95 of hold 2.5 s, of pay 1.6 s`: the first three kinds; who was never told how it ended waited without end. */
export function quantileByKind(
  history: History,
  kinds: readonly KindInHistory[],
  quantile: number,
): string {
  const named = kinds.slice(0, KINDS_NAMED_MAX).map(({ kind, label }) => {
    const value = quantileOf(waits(history, kind), quantile)!;
    return `of ${label} ${value === Number.POSITIVE_INFINITY ? 'never told how it ended' : showDuration(value)}`;
  });
  return `p${100 * quantile} ${named.join(', ')}`;
}

/** Ascending, ms; infinite for those that were never told how it ended. */
function waits(history: History, kind: number): Float64Array {
  const waitsMs = new Float64Array(history.length);
  let length = 0;
  for (let i = 0; i < history.length; i++) {
    if (history.kind[i] !== kind) continue;
    const untold = history.outcome[i] === INFO || history.status[i] === 0;
    waitsMs[length++] = untold
      ? Number.POSITIVE_INFINITY
      : Math.max(history.end[i]! - history.start[i]!, 0);
  }
  return waitsMs.subarray(0, length).sort();
}
