import { UsageFailure } from '../model/failure.ts';
import type { Intent, Plan } from '../model/plan.ts';

/** What a plan may ask for without `--lift-limits`: enough for a real on-sale, too little to be an attack by mistake. */
export const planLimits = {
  arrivalsPerSecond: 5000,
  durationMs: 15 * 60_000,
  buyers: 200_000,
} as const;

/**
 * Most arrivals in any window of one second; 0 for no intents. `intents` are in order of arrival. O(n).
 */
export function peakArrivalsPerSecond(intents: readonly Intent[]): number {
  let first = 0;
  let peak = 0;
  for (let last = 0; last < intents.length; last++) {
    while (intents[last]!.offsetMs - intents[first]!.offsetMs >= 1000) first++;
    peak = Math.max(peak, last - first + 1);
  }
  return peak;
}

/** Throws a `UsageFailure` for a plan that is too hard or too long to be meant, unless the user says it is meant. */
export function checkPlanLimits(
  plan: Plan,
  { intents, lifted }: { intents: readonly Intent[]; lifted: boolean },
): void {
  if (lifted) return;
  const asked = {
    arrivalsPerSecond: peakArrivalsPerSecond(intents),
    durationMs: plan.durationMs,
    buyers: plan.buyers,
  };
  const words = {
    arrivalsPerSecond: 'arrivals in one second',
    durationMs: 'milliseconds of arrivals',
    buyers: 'buyers',
  };
  for (const name of Object.keys(planLimits) as (keyof typeof planLimits)[])
    if (asked[name] > planLimits[name])
      throw new UsageFailure({
        expected: `at most ${planLimits[name]} ${words[name]}`,
        got: `${asked[name]}`,
        where: 'the plan',
        remedy: 'Ask for less, or say that you mean it with --lift-limits.',
      });
}
