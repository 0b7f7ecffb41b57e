import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter } from 'k6/metrics';
import type { Options } from 'k6/options';
import type { Buyer, Fixture, Pool } from '../../lib/model/fixture.ts';
import type { Intent, IntentsFile } from '../../lib/model/plan.ts';
import { closingVisit, waitUntil } from './pace.ts';
import { type Ending, record } from './record.ts';
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

/** What a buyer does on arrival; the times are taken around it. */
export type Act = () => Ending;

const begun = new Counter('onsale_begun');
/** One copy for all virtual users: memory does not grow with their number. Each look at an entry parses it anew. */
const arrivals = new SharedArray<{ intent: Intent; buyer: Buyer }>('arrivals', () => {
  const { intents } = JSON.parse(open(settings.intentsPath)) as IntentsFile;
  const { buyers } = JSON.parse(open(settings.fixturePath)) as Fixture;
  return intents.map((intent, i) => ({ intent, buyer: buyers[i] as Buyer }));
});
const pools = new SharedArray<Pool>(
  'pools',
  () => (JSON.parse(open(settings.fixturePath)) as Fixture).pools,
);
/** Those that this virtual user has met. */
const knownPools: Pool[] = [];

function poolAt(index: number): Pool {
  const known = knownPools[index] ?? (pools[index] as Pool);
  knownPools[index] = known;
  return known;
}

/** k6 makes these objects anew at every look; what they tell stays up to date. They exist from the first iteration. */
let self: { readonly scenario: typeof exec.scenario; readonly session: number } | undefined;

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
  self ??= { scenario: exec.scenario, session: exec.vu.idInTest };
  const index = self.scenario.iterationInTest;
  if (index >= settings.intents) {
    closingVisit(startedAt);
    return;
  }
  const { intent, buyer } = arrivals[index] as { intent: Intent; buyer: Buyer };
  const pool = poolAt(intent.pool);
  const act = prepare({ buyer, pool, intent });
  waitUntil(startedAt + intent.offsetMs);
  // An arrival that is this late was never delivered; the account shows it as offered only.
  if (Date.now() > startedAt + settings.giveUpMs) return;
  begun.add(1);
  const start = Date.now();
  const ending = act();
  const end = Date.now();
  if (!settings.record) return;
  const { session } = self;
  record(
    { session, intent: intent.key, pool: pool.id, quantity: intent.quantity, start, end },
    ending,
  );
}
