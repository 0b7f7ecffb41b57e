import { subscribe } from 'node:diagnostics_channel';
import { Agent } from 'node:http';
import { planIntents } from '../../lib/run/intents.ts';
import { scenarios } from '../../lib/run/scenarios.ts';
import type { Connection } from '../../lib/targets/admin.ts';
import { optionsOf } from '../../lib/targets/options.ts';
import { findTarget } from '../../lib/targets/registry.ts';

/** What is to be provisioned, and where. */
export interface Asked {
  readonly target: string;
  readonly url: string;
  readonly buyers: number;
}

/** What it took. */
export interface Provisioning {
  readonly wallMs: number;
  /** User and system time of this side alone. */
  readonly cpuMs: number;
  /** HTTP requests; 0 where everything went over SQL. */
  readonly requests: number;
  /** The most that were under way at one moment. */
  readonly atOnce: number;
  /** The most that the process ever had, and what it had before it began. */
  readonly rssMb: number;
  readonly rssMbBefore: number;
}

/** provision.ts <an {@link Asked} as JSON>: provisions once, prints a {@link Provisioning}. Secrets come from the environment. */
async function provision({ target: name, url, buyers }: Asked): Promise<Provisioning> {
  const target = findTarget(name);
  // The first is the burst: one intent a buyer. Nobody is to arrive, so there is no crowd to hold.
  const plan = { ...scenarios[0]!.planDefaults, buyers, crowdRatio: 0 };
  const intents = planIntents(plan, `bench-${process.pid}`);
  const httpAgent = new Agent({ keepAlive: true });
  const connection: Connection = {
    url,
    databaseUrl: process.env.ONSALE_DATABASE_URL ?? null,
    token: process.env.ONSALE_TOKEN ?? null,
    options: optionsOf(target, []),
    timeoutMs: 60_000,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    httpAgent,
  };
  const traffic = countTraffic();
  const rssMbBefore = rssMb();
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const { fixture } = await target.admin.provision(connection, { plan, intents });
  const wallMs = Math.round(performance.now() - startedAt);
  const cpu = process.cpuUsage(cpuBefore);
  httpAgent.destroy();
  if (fixture.buyers.length !== buyers)
    throw new Error(`${fixture.buyers.length} of ${buyers} buyers were made`);
  const cpuMs = Math.round((cpu.user + cpu.system) / 1000);
  return { wallMs, cpuMs, ...traffic, rssMb: rssMb(), rssMbBefore };
}

const rssMb = () => Math.round(process.resourceUsage().maxRSS / 1024);

/** Node itself says when a request of this process begins and when its reply is over. */
function countTraffic(): { requests: number; atOnce: number } {
  const traffic = { requests: 0, atOnce: 0 };
  let underWay = 0;
  subscribe('http.client.request.start', () => {
    traffic.requests += 1;
    underWay += 1;
    traffic.atOnce = Math.max(traffic.atOnce, underWay);
  });
  subscribe('http.client.response.finish', () => {
    underWay -= 1;
  });
  return traffic;
}

console.log(JSON.stringify(await provision(JSON.parse(process.argv[2] ?? '{}') as Asked)));
