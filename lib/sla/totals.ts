import { FAIL, INFO, OK, REFUSED } from '../history/history.ts';
import { salesOf } from '../history/sales.ts';
import type { Fixture } from '../model/fixture.ts';
import type { Totals } from '../model/verdict.ts';
import { type ArrivalEvidence, arrivalsOf } from './arrivals.ts';
import { fairnessOf } from './fairness.ts';
import { empiricalQuantile } from './quantile.ts';
import { latencyMsOf } from './scope.ts';

export interface TotalsEvidence extends ArrivalEvidence {
  readonly fixture: Pick<Fixture, 'pools'>;
  /** How far clocks may be off, ms; absent: as far as those that count whole milliseconds. */
  readonly clockErrorMs?: number;
  /** Why not even so far; absent or undefined where there is no reason. */
  readonly clockDoubt?: string | undefined;
}

/**
 * The figures everybody wants first. Latencies are those of all operations; a quantile that falls on operations whose
 * buyers were never answered is null, as is every figure without samples.
 */
export function totalsOf(evidence: TotalsEvidence): Totals {
  const { history, fixture, clockErrorMs = 1, clockDoubt } = evidence;
  const arrivals = arrivalsOf(evidence);
  const counts = new Float64Array(4);
  const latencies = new Float64Array(history.length);
  for (let i = 0; i < history.length; i++) {
    const outcome = history.outcome[i]!;
    counts[outcome]!++;
    latencies[i] = latencyMsOf(history, i);
  }
  latencies.sort();
  const lateness = (p: number) => finite(empiricalQuantile(arrivals.latenessMs, p));
  const fairness = clockDoubt === undefined ? fairnessOf(history, clockErrorMs) : null;
  const latency = (p: number) => finite(empiricalQuantile(latencies, p));
  return {
    offered: arrivals.offered,
    delivered: arrivals.delivered,
    operations: history.length,
    outcomes: {
      ok: counts[OK]!,
      refused: counts[REFUSED]!,
      fail: counts[FAIL]!,
      info: counts[INFO]!,
    },
    soldAcknowledged: salesOf(history).quantity.reduce((sum, each) => sum + each, 0),
    capacity: fixture.pools.reduce((sum, { capacity }) => sum + capacity, 0),
    skewMsP50: lateness(0.5),
    skewMsP99: lateness(0.99),
    skewMsMax: lateness(1),
    latencyMsP50: latency(0.5),
    latencyMsP95: latency(0.95),
    latencyMsP99: latency(0.99),
    ...(fairness === null ? {} : { fairness }),
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
