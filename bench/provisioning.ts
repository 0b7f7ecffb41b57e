/**
 * How fast buyers are made: `npm run bench provisioning`. 10,000 of them on the reference service of each family, two
 * processes on a PostgreSQL of its own, by a process of its own whose requests and memory are counted; one round, for
 * most of the time goes into the shops. Signing up costs a shop a password hash by design, so those ways are measured
 * with 1,000. Buyers of pretix are names in their orders: there is nothing to make.
 * Nothing is promised about speed. Promised is a bound: so many requests at once, so much memory, whatever the count of
 * buyers; beyond it the bench ends with 1. Progress goes to stderr; stdout is one line of JSON.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type RunningReference, startReference } from '../bin/flow/reference.ts';
import type { Provisioning } from './provisioning/provision.ts';

const BUYERS = 10_000;
const SIGN_UPS = 1000;
const PROCESSES = 2;
const LIMITS = { atOnce: 16, rssMb: 400 };

/** A way to provision one API: by which of the secrets that it announces. */
interface Way {
  readonly api: string;
  readonly by: string;
  readonly secrets: readonly string[];
  readonly buyers: number;
}
const ways: readonly Way[] = [
  { api: 'primepass', by: 'SQL', secrets: ['ONSALE_DATABASE_URL'], buyers: BUYERS },
  { api: 'primepass', by: 'HTTP, signing up', secrets: [], buyers: SIGN_UPS },
  { api: 'reference', by: 'HTTP', secrets: [], buyers: BUYERS },
  { api: 'wdm', by: 'HTTP', secrets: [], buyers: BUYERS },
  { api: 'co4353', by: 'sessions made here', secrets: ['ONSALE_TOKEN'], buyers: BUYERS },
  { api: 'co4353', by: 'HTTP, signing up', secrets: [], buyers: SIGN_UPS },
];

const script = fileURLToPath(new URL('provisioning/provision.ts', import.meta.url));

/** The child has no variable of ours but the secrets of this way. */
async function provision(service: RunningReference, way: Way): Promise<Provisioning> {
  const env: NodeJS.ProcessEnv = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(ONSALE_|PG)/.test(name)),
  );
  for (const name of way.secrets) env[name] = service.environment[name];
  const asked = { target: service.target, url: service.url, buyers: way.buyers };
  const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(asked)], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`provisioning ${way.api} by ${way.by} ended with ${code}`);
  return JSON.parse(said) as Provisioning;
}

async function measure(way: Way) {
  process.stderr.write(`${way.api} by ${way.by}: ${way.buyers} buyers\n`);
  const service = await startReference(
    { api: way.api, port: 0, processes: PROCESSES, flaws: [], detach: false },
    { signal: new AbortController().signal, onNote: () => undefined },
  );
  try {
    const took = await provision(service, way);
    const aSecond = (count: number) => Math.round((count * 1000) / took.wallMs);
    const { api, by, buyers } = way;
    const rates = { buyersASecond: aSecond(buyers), requestsASecond: aSecond(took.requests) };
    return { api, by, buyers, ...rates, ...took };
  } finally {
    await service.stop();
  }
}

const measured = [];
for (const way of ways) measured.push(await measure(way));
const met = measured.every(({ atOnce, rssMb }) => atOnce <= LIMITS.atOnce && rssMb <= LIMITS.rssMb);
console.log(
  JSON.stringify({ bench: 'provisioning', processes: PROCESSES, limits: LIMITS, met, measured }),
);
process.exitCode = met ? 0 : 1;
