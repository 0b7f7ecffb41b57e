import type { LoadAccount } from '../model/manifest.ts';
import type { GeneratorHealth } from './generator-health.ts';
import type { LogAccount } from './k6-log.ts';
import type { K6Summary } from './load-settings.ts';

/**
 * Reconciles what k6 counted with what is in the history. Every request is counted before it is sent and recorded
 * after its reply, so a request that was cut off is counted and not recorded, and can never go unseen.
 */
export function accountFor(from: {
  readonly offered: number;
  readonly log: LogAccount;
  /** Null where k6 left none: it was killed, or never started its work. */
  readonly summary: K6Summary | null;
  readonly health: GeneratorHealth;
}): LoadAccount {
  const { offered, log, summary, health } = from;
  const gaps = gapsIn(log, summary);
  return {
    startedAt: log.startedAt ?? summary?.startedAt ?? null,
    offered,
    recorded: log.operations,
    requested: summary?.begun ?? null,
    complete: gaps.length === 0,
    gaps,
    ...health,
  };
}

function gapsIn(log: LogAccount, summary: K6Summary | null): string[] {
  const gaps: string[] = [];
  if (log.cut) gaps.push("The last line of k6's log is cut.");
  if (log.unreadable > 0) gaps.push(`${log.unreadable} lines of k6's log cannot be read.`);
  if (summary === null) {
    gaps.push('k6 left no summary, so nobody knows how many requests it had begun.');
    return gaps;
  }
  if (summary.begun !== log.operations) {
    gaps.push(`k6 began ${summary.begun} requests, the history has ${log.operations}.`);
  }
  if (summary.httpRequests > summary.begun + summary.asides) {
    gaps.push(
      `k6 ended ${summary.httpRequests} requests, more than the ${summary.begun + summary.asides} it began.`,
    );
  }
  return gaps;
}
