import type { Fixture } from '../../lib/model/fixture.ts';
import type { IntentsFile, Plan } from '../../lib/model/plan.ts';
import { type Connection, type Known, noSecrets } from '../../lib/targets/admin.ts';
import type { Asked } from '../../lib/targets/protocol.ts';

/** A connection as the runner makes it, with what a test wants otherwise. */
export function connectionTo(url: string, change: Partial<Connection> = {}): Connection {
  return {
    url,
    databaseUrl: null,
    token: null,
    options: {},
    timeoutMs: 10_000,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...change,
  };
}

/** A small plan with one ticket a buyer. */
export function planOf(change: Partial<Plan> = {}): Plan {
  return {
    arrivals: 'burst',
    buyers: 3,
    capacity: 2,
    pools: 1,
    zipf: 0,
    quantities: [{ quantity: 1, weight: 1 }],
    crowdRatio: 1,
    durationMs: 1000,
    timeoutMs: 1000,
    virtualUsersMax: 10,
    seed: 1,
    ...change,
  };
}

/** Intents of a run, spread over the pools in turn. */
export function intentsOf(runId: string, buyers: number, pools = 1): IntentsFile {
  return {
    schemaVersion: 1,
    runId,
    intents: Array.from({ length: buyers }, (_, i) => ({
      key: `onsale-${runId}-${i}`,
      pool: i % pools,
      quantity: 1,
      offsetMs: 0,
    })),
  };
}

/** What a run knows after provisioning, without secrets. */
export const knownOf = (fixture: Fixture, intents: IntentsFile): Known => ({
  fixture,
  intents,
  secrets: noSecrets,
});

/** One who asks for what the intent wants, without a secret. */
export function askedBy(fixture: Fixture, intents: IntentsFile, i: number): Asked {
  const intent = intents.intents[i]!;
  const pool = fixture.pools[intent.pool]!;
  return { buyer: fixture.buyers[i]!, pool, intent, secret: '', data: {}, order: null, seat: null };
}
