import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import http from 'k6/http';
import type { Options } from 'k6/options';
import type { Buyer, Fixture, Pool } from '../../lib/model/fixture.ts';
import type { Intent, IntentsFile } from '../../lib/model/plan.ts';
import type { Visitor } from './ask.ts';
import { closingVisit, waitUntil } from './pace.ts';
import { settings } from './settings.ts';

/** What set-up hands to every virtual user. */
export interface Barrier {
  /** T₀, Unix epoch milliseconds. */
  readonly startedAt: number;
}

/** What a visitor does from its arrival on. */
export type Visit = () => void;

/** One copy for all virtual users: memory does not grow with their number. Each look at an entry parses it anew. */
const arrivals = new SharedArray<{ intent: Intent; buyer: Buyer; secret: string }>(
  'arrivals',
  () => {
    const { intents } = JSON.parse(open(settings.intentsPath)) as IntentsFile;
    const { buyers } = JSON.parse(open(settings.fixturePath)) as Fixture;
    const secrets = settings.secretsPath === null ? null : JSON.parse(open(settings.secretsPath));
    return intents.map((intent, i) => ({
      intent,
      buyer: buyers[i] as Buyer,
      secret: secrets?.buyers?.[i] ?? secrets?.shared ?? '',
    }));
  },
);
const pools = new SharedArray<Pool>(
  'pools',
  () => (JSON.parse(open(settings.fixturePath)) as Fixture).pools,
);
/** The same for all; parsed once for each virtual user that needs it. */
const common = new SharedArray<Readonly<Record<string, string>>>('data', () => [
  (JSON.parse(open(settings.fixturePath)) as Fixture).data ?? {},
]);
let data: Readonly<Record<string, string>> | undefined;
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
 * One iteration: takes the next intent, gets everything ready, waits for its time and lets the visit begin. `prepare`
 * runs before the wait, so that between the due time and the first request there is nothing but sending it.
 */
export function arrive({ startedAt }: Barrier, prepare: (visitor: Visitor) => Visit): void {
  self ??= { scenario: exec.scenario, session: exec.vu.idInTest };
  const index = self.scenario.iterationInTest;
  if (index >= settings.intents) {
    closingVisit(startedAt);
    return;
  }
  const { intent, buyer, secret } = arrivals[index]!;
  const pool = poolAt(intent.pool);
  const seat = intent.seat === undefined ? null : (pool.seats?.[intent.seat] ?? null);
  const { session } = self;
  data ??= common[0]!;
  const visit = prepare({ session, buyer, pool, intent, secret, data, order: null, seat });
  waitUntil(startedAt + intent.offsetMs);
  // An arrival that is this late was never delivered; the account shows it as offered only.
  if (Date.now() > startedAt + settings.giveUpMs) return;
  visit();
}
