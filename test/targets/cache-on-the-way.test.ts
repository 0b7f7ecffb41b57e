import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { request } from '../../lib/targets/request.ts';
import { connectionTo } from './connection.ts';

/** A shop whose answer is new each time, behind a cache that keeps the first one as RFC 9111 lets it. */
let asked = 0;
const kept = new Map<string, string>();
const cache = createServer(({ url = '', headers }, reply) => {
  const mayReuse = !/no-cache/.test(headers['cache-control'] ?? '');
  const text = (mayReuse ? kept.get(url) : undefined) ?? `answer ${++asked}`;
  kept.set(url, text);
  reply.end(text);
});
afterEach(() => cache.close());

test('a cache between us and the target is passed by', async () => {
  cache.listen(0, '127.0.0.1');
  await once(cache, 'listening');
  const base = `http://127.0.0.1:${(cache.address() as AddressInfo).port}`;
  const ask = { method: 'GET', path: '/orders', expected: 'orders', remedy: '' } as const;
  const bodies = [
    await (await fetch(`${base}/orders`)).text(),
    (await request(connectionTo(base), ask)).body,
    (await request(connectionTo(base), ask)).body,
  ];
  expect(bodies).toEqual(['answer 1', 'answer 2', 'answer 3']);
});
