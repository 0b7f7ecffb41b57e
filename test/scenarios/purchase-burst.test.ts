import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import type { Operation } from '../../lib/model/operation.ts';
import { bundleScenario } from '../../lib/run/bundle.ts';
import { planIntents } from '../../lib/run/intents.ts';
import type { LoadSettings } from '../../lib/run/load-settings.ts';
import { projectRoot } from '../../lib/run/project-root.ts';
import { scenarios } from '../../lib/run/scenarios.ts';

/** What the stand-in for k6 shares with the test: one virtual user on a clock that only moves when it waits. */
interface Shim {
  now: number;
  iteration: number;
  /** Requests as they were sent, with the time. */
  sent: { at: number; method: string; url: string; body: string; parameters: object }[];
  answer: (n: number) => {
    status: number;
    error_code: number;
    body: string | null;
    tookMs: number;
  };
  begun: number;
}

const modules: Record<string, string> = {
  'index.js': 'export const sleep = (s) => { globalThis.shim.now += Math.ceil(s * 1000); };',
  'execution.js': `export default {
    get scenario() { return { get iterationInTest() { return globalThis.shim.iteration; } }; },
    vu: { idInTest: 7 },
    instance: { get iterationsCompleted() { return globalThis.shim.iteration; } },
  };`,
  'data.js': 'export function SharedArray(_name, make) { return make(); }',
  'metrics.js': 'export class Counter { add(n) { globalThis.shim.begun += n; } }',
  'http.js': `export default {
    setResponseCallback() {},
    request(method, url, body, parameters) {
      const { shim } = globalThis;
      shim.sent.push({ at: shim.now, method, url, body, parameters });
      const { tookMs, ...response } = shim.answer(shim.sent.length);
      shim.now += tookMs;
      return response;
    },
  };`,
};

const T = 1_800_000_000_000;
const plan = {
  ...scenarios[0]!.planDefaults,
  buyers: 6,
  crowdRatio: 0.5,
  durationMs: 1000,
  pools: 2,
};
const folders: string[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

/** The real bundle, with modules of that name in place of k6's. */
async function load(answer: Shim['answer'], change: Partial<LoadSettings> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'onsale-shim-'));
  folders.push(folder);
  await mkdir(join(folder, 'node_modules', 'k6'), { recursive: true });
  const names = Object.keys(modules);
  const exported = Object.fromEntries(
    names.map((n) => [n === 'index.js' ? '.' : `./${n.replace('.js', '')}`, `./${n}`]),
  );
  const description = JSON.stringify({ name: 'k6', type: 'module', exports: exported });
  await writeFile(join(folder, 'node_modules/k6/package.json'), description);
  for (const name of names) await writeFile(join(folder, 'node_modules/k6', name), modules[name]!);
  const intents = planIntents(plan, 'r');
  const fixture = {
    pools: ['10', '20'].map((id) => ({ id, name: id, capacity: 1, remaining: null })),
    buyers: intents.intents.map((_, i) => ({ id: `b${i}` })),
  };
  const settings: LoadSettings = {
    url: 'http://shop',
    intentsPath: join(folder, 'intents.json'),
    fixturePath: join(folder, 'fixture.json'),
    summaryPath: '/run/k6-summary.json',
    secretsPath: null,
    intents: 6,
    virtualUsers: 1,
    timeoutMs: 1234,
    seed: 1,
    thinkMs: { min: 0, max: 0 },
    attemptsMax: 1,
    expiryGraceMs: 0,
    paymentGraceMs: 0,
    leadMs: 500,
    lastOffsetMs: intents.intents.at(-1)!.offsetMs,
    giveUpMs: 60_000,
    maxDurationMs: 100_000,
    hosts: { shop: '127.0.0.1' },
    record: true,
    ...change,
  };
  await writeFile(settings.intentsPath, JSON.stringify(intents));
  await writeFile(settings.fixturePath, JSON.stringify(fixture));
  const outFile = join(folder, 'scenario.mjs');
  await bundleScenario({
    scenarioPath: scenarios[0]!.path,
    protocolPath: join(projectRoot, 'lib/targets/primepass/protocol.ts'),
    outFile,
  });
  const shim: Shim = { now: T, iteration: 0, sent: [], answer, begun: 0 };
  const logged: string[] = [];
  Object.assign(globalThis, {
    shim,
    __ENV: { ONSALE_LOAD: JSON.stringify(settings) },
    open: (path: string) => readFileSync(path, 'utf8'),
  });
  vi.spyOn(Date, 'now').mockImplementation(() => shim.now);
  vi.spyOn(console, 'log').mockImplementation((text: string) => void logged.push(text));
  const scenario = await import(pathToFileURL(outFile).href);
  return { scenario, shim, logged, settings, intents: intents.intents };
}

/** All that one virtual user does: every intent, then its closing visit. */
async function playAll(answer: Shim['answer'], change: Partial<LoadSettings> = {}) {
  const loaded = await load(answer, change);
  const barrier = loaded.scenario.setup();
  for (; loaded.shim.iteration <= 6; loaded.shim.iteration += 1) loaded.scenario.default(barrier);
  const operations: Operation[] = loaded.logged
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.startsWith('{"session"'))
    .map((line) => JSON.parse(line));
  return { ...loaded, barrier, operations };
}

const sold = () => ({ status: 200, error_code: 0, body: '{"status":"success"}', tookMs: 3 });

test('every intent is sent once, in order, not before its time, and recorded', async () => {
  const { shim, operations, intents, barrier, logged } = await playAll(sold);
  expect(barrier).toEqual({ startedAt: T + 500 });
  expect(logged[0]).toBe(`{"barrier":${T + 500}}`);
  expect(shim.begun).toBe(6);
  expect(operations.map((o) => o.intent)).toEqual(intents.map((i) => i.key));
  operations.forEach((operation, i) => {
    expect(operation).toMatchObject({
      session: 7,
      kind: 'purchase',
      pool: ['10', '20'][intents[i]!.pool],
      outcome: 'ok',
      end: operation.start + 3,
      start: shim.sent[i]!.at,
    });
    expect(operation.start).toBeGreaterThanOrEqual(T + 500 + intents[i]!.offsetMs);
  });
  expect(shim.sent[0]).toMatchObject({
    method: 'POST',
    url: 'http://shop/api/purchase',
    parameters: { timeout: 1234, redirects: 0, tags: { name: 'purchase' } },
  });
});

test('what is held is written before a wait', async () => {
  const { logged, shim, intents } = await playAll(sold);
  const waits = intents.filter(
    (intent, i) => intent.offsetMs - (intents[i - 1]?.offsetMs ?? 0) >= 60,
  );
  expect(logged.length - 1).toBeGreaterThanOrEqual(waits.length);
  expect(shim.begun).toBe(6);
});

test.each([
  [1050, 'info', 'timeout'],
  [1212, 'fail', 'connection-refused'],
  [1101, 'fail', 'connection-refused'],
  [1211, 'fail', 'connection-refused'],
  [1310, 'fail', 'connection-refused'],
  [1000, 'info', 'connection-reset'],
  [1201, 'info', 'connection-reset'],
  [1220, 'info', 'connection-reset'],
  [1300, 'info', 'connection-reset'],
  [1631, 'info', 'connection-reset'],
  [1701, 'info', 'connection-reset'],
])('no reply with code %d of k6 is %s, %s', async (code, outcome, reason) => {
  const answer = () => ({ status: 0, error_code: code, body: null, tookMs: 5 });
  const { operations } = await playAll(answer);
  expect(operations.map((o) => [o.outcome, o.reason, o.status])).toEqual(
    new Array(6).fill([outcome, reason, 0]),
  );
});

test('arrivals that come too late are given up: not sent, not counted', async () => {
  const slow = () => ({ ...sold(), tookMs: 40_000 });
  const { shim, operations } = await playAll(slow);
  expect(shim.sent.length).toBe(2);
  expect(shim.begun).toBe(2);
  expect(operations.length).toBe(2);
});

test('without recording the load is the same, and the log is empty', async () => {
  const { shim, operations } = await playAll(sold, { record: false });
  expect(shim.sent.length).toBe(6);
  expect(operations).toEqual([]);
});

test('the summary has the counts, T₀, and nothing else of the set-up', async () => {
  const { scenario } = await load(sold);
  const written = scenario.handleSummary({
    metrics: {
      onsale_begun: { values: { count: 6 } },
      http_reqs: { values: { count: 5, rate: 2 } },
      iterations: { values: { count: 7 } },
      vus_max: { values: { max: 1 } },
    },
    setup_data: { startedAt: 99 },
    options: { secret: 'x' },
  });
  expect(Object.keys(written)).toEqual(['/run/k6-summary.json']);
  expect(JSON.parse(written['/run/k6-summary.json'])).toEqual({
    startedAt: 99,
    begun: 6,
    asides: 0,
    httpRequests: 5,
    iterations: 7,
    droppedIterations: 0,
    virtualUsersMax: 1,
  });
  expect(
    JSON.parse(Object.values(scenario.handleSummary({ metrics: {} }))[0] as string),
  ).toMatchObject({
    startedAt: null,
    begun: 0,
  });
});

test('one iteration an intent and one closing visit a virtual user are asked of k6', async () => {
  const { scenario } = await load(sold);
  expect(scenario.options).toMatchObject({
    maxRedirects: 0,
    hosts: { shop: '127.0.0.1' },
    scenarios: { arrivals: { executor: 'shared-iterations', vus: 1, iterations: 7 } },
  });
});
