import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter } from 'k6/metrics';
import type { Options } from 'k6/options';
import type { Buyer, Fixture, Pool } from '../../lib/model/fixture.ts';
import type { Operation } from '../../lib/model/operation.ts';
import type { Intent, IntentsFile } from '../../lib/model/plan.ts';
import { closingVisit, waitUntil } from './pace.ts';
import { record } from './record.ts';
import { settings } from './settings.ts';

/** What set-up hands to every virtual user. */
export interface Barrier {
  /** T₀, Unix epoch milliseconds. */
  readonly startedAt: number;
}

/** One arrival: who wants what. */
export interface Order {
  readonly buyer: Buyer;
  readonly pool: Pool;
  readonly intent: Intent;
}

/** What a buyer does on arrival: all but the times, which are taken around it. */
export type Act = () => Pick<Operation, 'kind' | 'outcome' | 'status' | 'reason' | 'reply'>;

const begun = new Counter('onsale_begun');
// One copy for all virtual users: memory does not grow with their number.
const intents = new SharedArray<Intent>('intents', () => read<IntentsFile>('intents').intents);
const buyers = new SharedArray<Buyer>('buyers', () => read<Fixture>('fixture').buyers);
const pools = new SharedArray<Pool>('pools', () => read<Fixture>('fixture').pools);

function read<Content>(file: 'intents' | 'fixture'): Content {
  return JSON.parse(open(file === 'intents' ? settings.intentsPath : settings.fixturePath));
}

// Onsale judges; k6's own idea of a failed request would cost a sample each and be used by nobody.
// Null is documented; @types/k6 does not know it.
http.setResponseCallback(null as never);

/** One iteration for every intent, and one closing visit for every virtual user. */
export const arrivalOptions: Options = {
  scenarios: {
    arrivals: {
      executor: 'shared-iterations',
      vus: settings.virtualUsers,
      iterations: settings.intents + settings.virtualUsers,
      maxDuration: `${settings.maxDurationMs}ms`,
      gracefulStop: '0s',
    },
  },
  hosts: { ...settings.hosts },
  maxRedirects: 0,
  systemTags: ['name'],
  summaryTrendStats: ['count'],
  userAgent: 'onsale',
};

/**
 * Chooses T₀ when all virtual users have been made, tells the runner through the log and everybody through k6.
 */
export function openBarrier(): Barrier {
  const startedAt = Date.now() + settings.leadMs;
  console.log(`{"barrier":${startedAt}}`);
  return { startedAt };
}

/**
 * One iteration: takes the next intent, gets everything ready, waits for its time, acts, records. `prepare` runs before
 * the wait, so that between the due time and the request there is nothing but sending it.
 */
export function arrive({ startedAt }: Barrier, prepare: (order: Order) => Act): void {
  const index = exec.scenario.iterationInTest;
  if (index >= settings.intents) {
    closingVisit(startedAt);
    return;
  }
  const intent = intents[index] as Intent;
  const buyer = buyers[index] as Buyer;
  const pool = pools[intent.pool] as Pool;
  const act = prepare({ buyer, pool, intent });
  waitUntil(startedAt + intent.offsetMs);
  // An arrival that is this late was never delivered; the account shows it as offered only.
  if (Date.now() > startedAt + settings.giveUpMs) return;
  begun.add(1);
  const start = Date.now();
  const acted = act();
  const end = Date.now();
  if (!settings.record) return;
  record({
    session: exec.vu.idInTest,
    intent: intent.key,
    pool: pool.id,
    quantity: intent.quantity,
    start,
    end,
    ...acted,
  });
}
