import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { manifestSchema } from '../../lib/model/manifest.ts';
import { type Verdict, verdictSchema } from '../../lib/model/verdict.ts';
import { type Ended, type Machine, newMachine, smallRun } from '../experience/product.ts';
import { startReferenceService } from '../reference-service.ts';
import { closedUrl, startServer } from '../targets/hostile-server.ts';
import { startShop } from '../threats/shop.ts';
import { eventually, expectNothingLeft, newOpenMachine } from './left-overs.ts';

const stops: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const stop of stops) await stop();
});

/** Exit code 4, one error in four parts that says `told`; nothing on stdout, no run left. */
async function expectCouldNotRun(machine: Machine, ended: Ended, told: RegExp): Promise<void> {
  const { code, stdout, stderr } = ended;
  expect({ code, stdout }, stderr).toEqual({ code: 4, stdout: '' });
  expect(stderr).toMatch(/\nloadtest: expected .+\n {2}got: .+\n {2}where: .+\n {2}to do: .+\n$/s);
  expect(stderr).toMatch(told);
  expect(stderr).not.toContain('fault of Onsale');
  expect(stderr.length).toBeLessThan(2000);
  await expect(machine.runs()).rejects.toThrow(/ENOENT/);
  await expectNothingLeft(machine);
}

async function verdictIn(run: string): Promise<Verdict> {
  return verdictSchema.parse(JSON.parse(await readFile(join(run, 'verdict.json'), 'utf8')));
}

const html = (reply: ServerResponse) =>
  reply.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>Welcome to nginx!</h1>');
const garbage = (reply: ServerResponse) => reply.end(Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28]));
const large = (reply: ServerResponse) => reply.end(Buffer.alloc(10_000_000, 'x'));
const never = () => undefined;

describe.concurrent('at the start, a target', { timeout: 120_000 }, () => {
  test('that is down', async () => {
    const machine = await newMachine();
    const ended = await machine.loadtest(smallRun(await closedUrl()));
    await expectCouldNotRun(machine, ended, /got: +a refused connection/);
  });

  test.each([
    ['that answers HTML', html, /Welcome to nginx/],
    ['that answers 200 with garbage', garbage, /which is not JSON/],
    ['that answers 10 MB', large, /a reply of more than 4194304 bytes/],
    ['that never answers', never, /no complete reply within 10000 ms/],
  ])('%s', async (_, answer, told) => {
    const machine = await newMachine();
    const server = await startServer((_request, reply) => answer(reply));
    stops.push(server.stop);
    await expectCouldNotRun(machine, await machine.loadtest(smallRun(server.url)), told);
  });
});

describe.concurrent('under load, a target', { timeout: 120_000 }, () => {
  test.each([
    ['that answers HTML', html],
    ['that answers 200 with garbage', garbage],
    ['that answers 10 MB', large],
    ['that never answers', never],
  ])('%s: every purchase is kept as uncertain, and there is no pass', async (_, answer) => {
    const machine = await newMachine();
    const shop = await startShop({
      answer: ({ path, reply, honest }) => {
        if (path === '/api/purchase') answer(reply);
        else honest();
      },
    });
    const flags = ['--buyers', '40', '--timeout', '1s'];
    const { code, stderr } = await machine.loadtest(smallRun(shop.url, ...flags));
    expect([1, 3], stderr).toContain(code);
    const [run] = await machine.runs();
    const { totals, result } = await verdictIn(run!);
    expect(result).not.toBe('pass');
    expect(totals.outcomes).toEqual({ ok: 0, refused: 0, fail: 0, info: 40 });
    expect(shop.asked.get('/api/purchase')).toBe(40);
    await expectNothingLeft(machine);
  });

  test('that is killed: judged without its word, no pass, and no interrupt', async () => {
    const machine = await newMachine();
    const shop = await startReferenceService();
    let stopped: Promise<void> | null = null;
    const flags = ['--duration', '6s', '--crowd', '0.3'];
    const { child, ended } = machine.start(smallRun(shop.url, ...flags), {
      env: { ONSALE_DATABASE_URL: shop.databaseUrl },
    });
    try {
      const run = await eventually(() =>
        machine.runs().then(
          ([first]) => first,
          () => null,
        ),
      );
      const log = join(run, 'k6.log');
      await eventually(async () =>
        (await readFile(log, 'utf8').catch(() => '')).includes('"outcome":"ok"'),
      );
      stopped = shop.stop();
      const { code, stdout, stderr } = await ended;
      expect([1, 3], stderr).toContain(code);
      expect(stdout).toContain('read back');
      const manifest = manifestSchema.parse(
        JSON.parse(await readFile(join(run, 'manifest.json'), 'utf8')),
      );
      expect(manifest).toMatchObject({ status: 'failed', stage: 'settle' });
      expect(manifest.trouble.join()).not.toContain(new URL(shop.databaseUrl).password);
      const verdict = await verdictIn(run);
      expect(verdict.interrupted).toBe(false);
      expect(verdict.result).not.toBe('pass');
      expect(verdict.totals.outcomes.ok).toBeGreaterThan(0);
      for (const { value, invariant } of verdict.findings)
        expect(value, invariant).not.toBe('violated');
      expect(await readFile(join(run, 'report', 'report.html'), 'utf8')).toMatch(/<\/html>\s*$/);
      await expectNothingLeft(machine);
    } finally {
      child.kill('SIGKILL');
      await (stopped ?? shop.stop());
    }
  });
});

test('a port that is in use: said once, nothing left', async () => {
  const machine = await newOpenMachine();
  const server = await startServer((_, reply) => reply.end());
  stops.push(server.stop);
  const { port } = new URL(server.url);
  const { code, stdout, stderr } = await machine.loadtest(['target', 'up', '--port', port]);
  expect({ code, stdout }, stderr).toEqual({ code: 4, stdout: '' });
  expect(stderr).toMatch(/^loadtest: expected .+\n {2}got: .+another program is using it\n/);
  expect(stderr).toContain(`127.0.0.1 port ${port}`);
  expect(stderr.match(/to do:/g)).toHaveLength(1);
  await expectNothingLeft(machine);
});
