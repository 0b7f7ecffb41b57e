import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Ended, type Machine, newMachine, smallRun } from '../experience/product.ts';
import { type ReferenceService, startReferenceService } from '../reference-service.ts';
import { startShop } from './shop.ts';

const CANARY = 'canary/9f2c+7e:S3cret=';
let shop: ReferenceService;
beforeAll(async () => {
  shop = await startReferenceService({ processes: 1 });
});
afterAll(() => shop?.stop());

/** Every spelling in which a secret might lie about. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // Within a longer text base64 depends on where the secret begins; these are the parts that do not.
  const inside = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(Math.ceil((shift * 8) / 6) + (shift === 0 ? 0 : 1), -4),
  );
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('base64'),
    bytes.toString('base64url').slice(0, -2),
    bytes.toString('hex'),
    ...inside,
  ];
}

async function filesIn(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
}

interface Place {
  readonly name: string;
  readonly text: string;
}

/** All that a command has left on its machine and said. */
async function placesOf(machine: Machine, ended: Ended): Promise<Place[]> {
  const files = await filesIn(machine.folder);
  const read = files.map(async (name) => ({ name, text: await readFile(name, 'latin1') }));
  return [
    ...(await Promise.all(read)),
    { name: 'stdout', text: ended.stdout },
    { name: 'stderr', text: ended.stderr },
  ];
}

function expectNowhere(secrets: readonly string[], places: readonly Place[]): void {
  const leaks = secrets
    .flatMap(spellings)
    .flatMap((spelling) =>
      places
        .filter(({ text }) => text.includes(spelling))
        .map(({ name }) => `${spelling}: ${name}`),
    );
  expect(leaks).toEqual([]);
}

const others = {
  AWS_SECRET_ACCESS_KEY: CANARY,
  GITHUB_TOKEN: CANARY,
  PGPASSWORD: CANARY,
  K6_CLOUD_TOKEN: CANARY,
  NPM_TOKEN: CANARY,
  ONSALE_DATABASE_PASSWORD: CANARY,
};

const passwordIn = (url: string) => decodeURIComponent(new URL(url).password);

function withPassword(url: string, password: string, host?: string): string {
  const changed = new URL(url);
  changed.password = encodeURIComponent(password);
  if (host !== undefined) changed.host = host;
  return changed.href;
}

/** Whatever this process has started, and what those have, as the system shows it to this user. */
async function descendants(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const own = children.split(' ').filter(Boolean).map(Number);
  return [...own, ...(await Promise.all(own.map(descendants))).flat()];
}

test('the instrument finds a secret in every spelling, also inside base64', () => {
  for (const text of [
    ...[0, 1, 2].map((n) => Buffer.from(`${'x'.repeat(n)}${CANARY}yz`).toString('base64')),
    `a${encodeURIComponent(CANARY)}`,
  ])
    expect(() => expectNowhere([CANARY], [{ name: 'it', text }])).toThrow();
});

test('a whole run: no secret in any file, in what was said, in k6’s environment or any command line', async () => {
  const machine = await newMachine();
  const env = { ...others, ONSALE_DATABASE_URL: shop.databaseUrl };
  const { child, ended } = machine.start(smallRun(shop.url), { env });
  const seen: Place[] = [];
  const started = new Set<string>();
  await vi.waitUntil(
    async () => {
      // Leases are there only as long as there is something to clean up.
      const leases = join(machine.folder, '.local', 'state', 'onsale', 'leases');
      for (const name of await readdir(leases).catch(() => []))
        seen.push({ name, text: await readFile(join(leases, name), 'utf8').catch(() => '') });
      for (const pid of await descendants(child.pid!)) {
        const cmdline = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
        started.add(basename(cmdline.split('\0')[0]!));
        const environ = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
        seen.push({ name: `command line ${cmdline}`, text: cmdline });
        if (cmdline.includes('scenario.js')) seen.push({ name: 'k6 environment', text: environ });
      }
      return child.exitCode !== null;
    },
    { timeout: 60_000, interval: 100 },
  );
  const own = await ended;
  expect(seen.some(({ name, text }) => name === 'k6 environment' && text !== '')).toBe(true);
  expect(seen.filter(({ name }) => name.endsWith('.json')).length).toBeGreaterThan(0);
  const [run] = await machine.runs();
  expect((await filesIn(run!)).length).toBeGreaterThan(10);
  const secrets = [CANARY, passwordIn(shop.databaseUrl)];
  expectNowhere(secrets, [...seen, ...(await placesOf(machine, own))]);
  // No browser, no pager, no shell; node is a child that has not become its program yet.
  for (const name of started) expect(['k6', 'esbuild', 'node', '']).toContain(name);
});

test.each([
  ['a wrong password', () => withPassword(shop.databaseUrl, CANARY)],
  ['a wrong host', () => withPassword(shop.databaseUrl, CANARY, '127.0.0.1:1')],
  ['a host that is no name', () => withPassword(shop.databaseUrl, CANARY, 'no-such.invalid')],
  ['a connection string of another kind', () => `mysql://u:${encodeURIComponent(CANARY)}@h/d`],
  ['one that is none', () => `postgresql://u:${CANARY}@[`],
])('%s: the failure does not repeat the secret', async (_, url) => {
  const machine = await newMachine();
  const env = { ...others, ONSALE_DATABASE_URL: url() };
  const ended = await machine.loadtest(smallRun(shop.url), { env });
  expect([2, 4]).toContain(ended.code);
  expect(ended.stderr).toContain('to do:');
  expectNowhere([CANARY], await placesOf(machine, ended));
});

test('secrets in the URL are refused without being repeated', async () => {
  const machine = await newMachine();
  for (const url of [
    shop.url.replace('http://', `http://user:${encodeURIComponent(CANARY)}@`),
    `${shop.url}/?token=${encodeURIComponent(CANARY)}`,
  ]) {
    const ended = await machine.loadtest(smallRun(url));
    expect(ended.code).toBe(2);
    expectNowhere([CANARY], await placesOf(machine, ended));
  }
});

test('a run whose target vanishes in the middle of provisioning tells nothing either', async () => {
  const own = await startShop({
    answer: ({ path, honest }) => {
      if (path === '/api/login' && (own.asked.get(path) ?? 0) > 10) own.vanish();
      else honest();
    },
  });
  const machine = await newMachine();
  const ended = await machine.loadtest(smallRun(own.url), { env: others });
  expect(ended.code).toBe(4);
  expectNowhere([CANARY], await placesOf(machine, ended));
});
