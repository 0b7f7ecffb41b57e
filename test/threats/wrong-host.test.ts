import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newMachine, smallRun } from '../experience/product.ts';
import { startShop } from './shop.ts';

/** Another host, as far as the guard is concerned: another port. Nobody may ever come here. */
const strangers: string[] = [];
const stranger = createServer((request, reply) => {
  strangers.push(request.url ?? '');
  reply.end('[]');
});
let elsewhere: string;
beforeAll(async () => {
  await new Promise<void>((listening) => stranger.listen(0, '127.0.0.1', listening));
  elsewhere = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
});
afterAll(() => {
  stranger.closeAllConnections();
  stranger.close();
});

/** A proxy would be another way to where nobody should go. */
const proxies = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'all_proxy'];

test.each([
  ['the probe', ['/api/events']],
  ['provisioning', ['/api/login']],
  ['the load and reading back', ['/api/purchase', '/api/orders']],
])('%s follows no redirect and asks no proxy', async (_, redirected) => {
  const shop = await startShop({
    answer: ({ path, reply, honest }) => {
      if (!redirected.includes(path)) return honest();
      reply.writeHead(307, { Location: `${elsewhere}${path}` }).end();
    },
  });
  const machine = await newMachine();
  const env = Object.fromEntries(proxies.map((name) => [name, elsewhere]));
  const few = ['--buyers', '20', '--capacity', '5'];
  const { code, stderr } = await machine.loadtest(smallRun(shop.url, ...few), { env });
  for (const path of redirected) expect(shop.asked.get(path), stderr).toBeGreaterThan(0);
  expect(code, stderr).not.toBe(0);
  expect(strangers).toEqual([]);
});

test.each([
  ['http://192.0.2.1:8080', /--allow-host 192\.0\.2\.1/],
  ['http://0.0.0.0:8080', /127\.0\.0\.1/],
  ['http://169.254.169.254/', /--allow-host/],
])('%s is refused before anything is sent', async (url, told) => {
  const machine = await newMachine();
  const { code, stderr } = await machine.loadtest(smallRun(url));
  expect(code).toBe(2);
  expect(stderr).toMatch(told);
});
