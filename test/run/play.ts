import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Fixture } from '../../lib/model/fixture.ts';
import { type Operation, operationSchema } from '../../lib/model/operation.ts';
import { type IntentsFile, intentsFileSchema, type Plan } from '../../lib/model/plan.ts';
import { planIntents } from '../../lib/run/intents.ts';
import { type LoadAsked, type LoadDone, runLoad } from '../../lib/run/load.ts';
import { scenarios } from '../../lib/run/scenarios.ts';
import { k6ForTests } from '../k6.ts';

/** Not `onTestFinished`: that does not know which of several concurrent tests called it. */
const endings: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  await Promise.all(endings.splice(0).map((end) => end()));
});

/** A folder of the test's own, gone when its file is through. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'onsale-test-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A server on a free loopback port, closed with all its connections when the file is through. */
export async function serve(listener: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

/** PrimePass's answer to a purchase that worked. */
export const sells: RequestListener = (request, response) => {
  request.resume().on('end', () => {
    response.setHeader('Content-Type', 'application/json').end('{"status":"success"}');
  });
};

export const smallPlan: Plan = {
  ...scenarios[0]!.planDefaults,
  buyers: 40,
  capacity: 10,
  crowdRatio: 0.5,
  durationMs: 500,
  timeoutMs: 2000,
  virtualUsersMax: 20,
};

export interface Played extends LoadDone {
  readonly folder: string;
  readonly history: readonly Operation[];
  readonly intents: IntentsFile;
}

/** Plays a plan with real k6; every line of the history has been checked against the schema. */
export async function play(
  url: string,
  plan: Partial<Plan> = {},
  more: Partial<LoadAsked> = {},
): Promise<Played> {
  const folder = more.folder ?? join(await temporaryFolder(), 'run');
  await mkdir(folder, { recursive: true });
  const whole = { ...smallPlan, ...plan };
  const intents = intentsFileSchema.parse(planIntents(whole, 'test'));
  const fixture = fixtureFor(whole);
  await writeFile(join(folder, 'intents.json'), JSON.stringify(intents));
  await writeFile(join(folder, 'fixture.json'), JSON.stringify(fixture));
  const done = await runLoad({
    folder,
    k6Path: await k6ForTests(),
    scenario: scenarios[0]!,
    protocolPath: 'lib/targets/primepass/protocol.ts',
    address: { url, hosts: {} },
    plan: whole,
    intents,
    fixture,
    signal: new AbortController().signal,
    onKill: () => () => undefined,
    onProgress: () => undefined,
    ...more,
  });
  return { ...done, folder, intents, history: await readHistory(folder) };
}

function fixtureFor(plan: Plan): Fixture {
  return {
    schemaVersion: 1,
    access: 'http',
    event: 'Test',
    pools: Array.from({ length: plan.pools }, (_, i) => ({
      id: String(i + 1),
      name: `Pool ${i + 1}`,
      capacity: plan.capacity,
      remaining: null,
    })),
    buyers: Array.from({ length: plan.buyers }, (_, i) => ({ id: `buyer-${i}` })),
    baselineOrders: [],
  };
}

async function readHistory(folder: string): Promise<Operation[]> {
  const text = await readFile(join(folder, 'history.ndjson'), 'utf8');
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new Error('the history does not end with a whole line');
  return lines.map((line) => operationSchema.parse(JSON.parse(line)));
}
