import type { K6Summary } from '../../lib/run/load-settings.ts';
import type { Barrier } from './arrivals.ts';
import { settings } from './settings.ts';

/** The part of k6's summary data that is used. A metric without samples is absent. */
interface SummaryData {
  readonly metrics: Readonly<
    Record<string, { readonly values: Readonly<Record<string, number>> } | undefined>
  >;
  readonly setup_data?: Barrier | null;
}

function value(data: SummaryData, metric: string, key: string): number {
  return data.metrics[metric]?.values[key] ?? 0;
}

/** k6-summary.json, and nothing on the terminal: the runner reports. */
export function summarise(data: SummaryData): Record<string, string> {
  const summary: K6Summary = {
    startedAt: data.setup_data?.startedAt ?? null,
    begun: value(data, 'onsale_begun', 'count'),
    asides: value(data, 'onsale_asides', 'count'),
    httpRequests: value(data, 'http_reqs', 'count'),
    iterations: value(data, 'iterations', 'count'),
    droppedIterations: value(data, 'dropped_iterations', 'count'),
    virtualUsersMax: value(data, 'vus_max', 'max'),
  };
  return { [settings.summaryPath]: `${JSON.stringify(summary)}\n` };
}
