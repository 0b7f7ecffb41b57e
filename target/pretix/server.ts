import { join } from 'node:path';
import type { InstallRequest, Serving, ShopDatabase } from '../facades/facade.ts';
import { RunFailure } from '../failure.ts';
import { freePort } from '../processes/free-port.ts';
import { drawToken } from './bootstrap.ts';
import type { Installation } from './install.ts';
import { type Redis, startRedis } from './redis.ts';
import { lost, type ServiceProcess, startService, untilReady } from './service-process.ts';
import { writeSettings } from './settings.ts';
import { DATABASE_NAME } from './template.ts';

const START_LIMIT_MS = 120_000;
const START_ATTEMPTS = 3;
const ANSWER_LIMIT_MS = 10_000;
/** Holds more than everybody of a rush: who is not accepted at once waits here instead of being turned away. */
const BACKLOG = 4096;
/** Longest time for one request, of which the wait for a lock is 3 s; pretix's own image takes gunicorn's 30 s. */
const REQUEST_LIMIT_S = 60;
const LAST_REPLIES_S = 4;

/** Runs pretix under gunicorn, one request a worker at a time, on a database that began as its template. */
export async function startPretix(
  installation: Installation,
  request: InstallRequest,
  database: ShopDatabase,
): Promise<Serving> {
  const databaseUrl = database.url.replace(/[^/]+$/, DATABASE_NAME);
  const token = await drawToken(databaseUrl);
  const redis = await startRedis({ ...request, env: process.env }, request.folder);
  const { service, url } = await startGunicorn(installation, { ...request, databaseUrl, redis });
  const services = redis === null ? [service] : [service, redis.service];
  const ended = lost(services);
  // Nobody may be waiting for it when it is stopped in order.
  ended.catch(() => undefined);
  return {
    url,
    environment: { ONSALE_TOKEN: token, ONSALE_DATABASE_URL: databaseUrl },
    ended,
    stop: async () => {
      for (const one of services) await one.stop();
    },
  };
}

interface Site extends InstallRequest {
  readonly databaseUrl: string;
  readonly redis: Redis | null;
}

async function startGunicorn(
  installation: Installation,
  site: Site,
): Promise<{ service: ServiceProcess; url: string }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = site.port === 0 ? await freePort(site.host) : site.port;
    const host = site.host.includes(':') ? `[${site.host}]` : site.host;
    const url = `http://${host}:${port}`;
    const service = launch(installation, site, { url, address: `${host}:${port}` });
    const { signal } = site;
    if (await untilReady(service, () => isHealthy(url), { limitMs: START_LIMIT_MS, signal }))
      return { service, url };
    const words = service.words();
    const taken = /Connection in use|Address already in use/i.test(words);
    // Between finding a free port and taking it, somebody else may have taken it.
    if (taken && site.port === 0 && attempt < START_ATTEMPTS) continue;
    throw taken ? portTaken(site) : couldNotStart(words);
  }
}

function launch(
  { python }: Installation,
  { folder, databaseUrl, redis, flaws, processes, owns }: Site,
  { url, address }: { url: string; address: string },
): ServiceProcess {
  const redisUrl = redis?.url ?? null;
  const env = writeSettings({ folder, databaseUrl, url, redisUrl, flags: flaws });
  const settings: Readonly<Record<string, string | number>> = {
    bind: address,
    workers: processes,
    backlog: BACKLOG,
    timeout: REQUEST_LIMIT_S,
    'graceful-timeout': LAST_REPLIES_S,
    'log-level': 'warning',
    'worker-tmp-dir': join(folder, 'tmp'),
  };
  const args = Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
  const gunicorn = [python, '-m', 'gunicorn', 'onsale_application:application'] as const;
  return startService([...gunicorn, '--preload', '--no-control-socket', ...args], {
    name: 'pretix',
    ...{ env, cwd: folder, logPath: join(folder, 'pretix.log'), owns },
  });
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
    return (await fetch(`${url}/healthcheck/`, { signal })).status === 200;
  } catch {
    // Not listening yet; how long that may last is the caller's to say.
    return false;
  }
}

function portTaken({ host, port }: Site): RunFailure {
  return new RunFailure({
    expected: 'an address and port that are free to listen on',
    got: 'another program is using it',
    where: `${host} port ${port}`,
    remedy: 'Name others with --host and --port (0 is a free port), or stop whoever holds it.',
  });
}

function couldNotStart(words: string): RunFailure {
  return new RunFailure({
    expected: 'pretix to start',
    got: words || 'no word from it',
    where: 'gunicorn',
    remedy:
      'Look at its words. Each worker takes about 200 MB of memory: try fewer with --processes. To install it anew: bin/loadtest target down --purge',
  });
}
