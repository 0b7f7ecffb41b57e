import type { Verdict } from '../../lib/model/verdict.ts';
import { visible } from '../text.ts';

const LIMITS_SHOWN_MAX = 3;

/** The latency objectives' limits as lines to draw, ms; one line for a value, and not more than a reader can tell apart. */
export function latencyLimits(verdict: Verdict): readonly { y: number; label: string }[] {
  const byLimit = new Map<number, string>();
  for (const { kind, limit, promise } of verdict.objectives) {
    if (kind !== 'latency' || limit === null || byLimit.has(limit.value)) continue;
    byLimit.set(limit.value, visible(promise, 60));
  }
  return [...byLimit].slice(0, LIMITS_SHOWN_MAX).map(([y, label]) => ({ y, label }));
}
