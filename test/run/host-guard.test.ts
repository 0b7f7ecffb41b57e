import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import axios from 'axios';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RunFailure, UsageFailure } from '../../lib/model/failure.ts';
import { checkDatabase, checkTarget, isLoopback } from '../../lib/run/host-guard.ts';
import { k6Hosts, pinnedAgents } from '../../lib/run/pinned-connections.ts';

const servers: Server[] = [];

async function serve(host: string, answer: string, location?: string): Promise<number> {
  const server = createServer((_request, response) => {
    if (location !== undefined) response.writeHead(302, { location });
    response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  servers.push(server);
  return (server.address() as AddressInfo).port;
}

afterAll(() => {
  for (const server of servers) server.close();
});

async function failureOf(work: Promise<unknown>) {
  const failure = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(failure).toBeInstanceOf(UsageFailure);
  return (failure as UsageFailure).parts;
}

const nowhere = () => Promise.reject(new Error('must not be resolved'));
const resolvesTo =
  (...addresses: string[]) =>
  () =>
    Promise.resolve(addresses);

describe('checkTarget', () => {
  test.each([
    ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080', '127.0.0.1', 8080],
    ['http://127.0.0.1:8080///', 'http://127.0.0.1:8080', '127.0.0.1', 8080],
    ['HTTP://127.8.9.1/api/', 'http://127.8.9.1/api', '127.8.9.1', 80],
    ['https://0x7f.1', 'https://127.0.0.1', '127.0.0.1', 443],
    ['http://2130706433:1', 'http://127.0.0.1:1', '127.0.0.1', 1],
    ['http://0177.0.0.01', 'http://127.0.0.1', '127.0.0.1', 80],
    ['http://127.1', 'http://127.0.0.1', '127.0.0.1', 80],
    ['http://[::1]:9', 'http://[::1]:9', '::1', 9],
    ['http://[0:0:0:0:0:0:0:1]', 'http://[::1]', '::1', 80],
    ['http://[::ffff:127.0.0.1]', 'http://[::ffff:7f00:1]', '::ffff:7f00:1', 80],
  ])('allows %s, which is this machine', async (text, url, host, port) => {
    const checked = await checkTarget(text, [], { resolve: nowhere });
    expect(checked).toEqual({ url, host, port, addresses: [host] });
    expect(k6Hosts(checked)).toEqual({});
  });

  test.each([
    'http://10.0.0.1',
    'http://0.0.0.0',
    'http://0',
    'http://[::]',
    'http://[::ffff:10.0.0.1]',
    'http://[::127.0.0.1]',
    'http://[64:ff9b::7f00:1]',
    'http://128.0.0.1',
    'http://0xa000001',
    'http://169.254.169.254',
  ])('refuses %s', async (text) => {
    const parts = await failureOf(checkTarget(text, ['example.com'], { resolve: nowhere }));
    expect(parts.remedy).toMatch(/--allow-host|127\.0\.0\.1/);
  });

  test.each([
    '',
    'nonsense',
    'http://',
    'http://a b',
    'http://h:99999',
    'localhost:8080',
    'ftp://127.0.0.1',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'http://127.0.0.1/?',
    'http://127.0.0.1/#',
    'http://127.0.0.1/?a=1',
  ])('refuses %j, which is no base URL', async (text) => {
    expect((await failureOf(checkTarget(text, []))).where).toBe('--url');
  });

  test.each([
    'http://hunter2@127.0.0.1',
    'http://u:hunter2@127.0.0.1',
    'http://:hunter2@127.0.0.1',
    'http://127.0.0.1/?token=hunter2',
    'http://127.0.0.1/#hunter2',
    'http://u:hunter2@bad host',
    'u:hunter2@127.0.0.1',
    'hunter2:x@127.0.0.1',
  ])('never repeats the secret in %s', async (text) => {
    const failure = await checkTarget(text, []).catch((reason: unknown) => reason);
    expect(failure).toBeInstanceOf(UsageFailure);
    const { message, stack, parts } = failure as UsageFailure;
    expect(`${message}${stack}${JSON.stringify(parts)}`).not.toContain('hunter2');
  });

  test('a name that is not listed must be this machine, with every address', async () => {
    const inside = resolvesTo('127.0.0.1', '::1');
    expect((await checkTarget('http://shop.test', [], { resolve: inside })).host).toBe('shop.test');
    const mixed = resolvesTo('127.0.0.1', '10.0.0.1');
    const parts = await failureOf(checkTarget('http://shop.test', [], { resolve: mixed }));
    expect(parts.got).toBe('shop.test, which is 10.0.0.1');
    expect(parts.remedy).toContain('--allow-host shop.test');
  });

  test.each([
    ['shop.test', true],
    ['SHOP.test.', true],
    ['shop.test:8080', true],
    ['shop.test:80', false],
    ['test', false],
    ['x.shop.test', false],
    ['shop.test.evil', false],
  ])('allowing %s is exact', async (entry, allowed) => {
    const resolve = resolvesTo('192.0.2.7');
    const check = checkTarget('http://shop.test:8080', [entry], { resolve });
    if (allowed) expect((await check).addresses).toEqual(['192.0.2.7']);
    else await failureOf(check);
  });

  test.each([
    ['http://192.0.2.1', '192.0.2.1'],
    ['http://192.0.2.1', '0xc0000201'],
    ['http://[2001:db8::1]', '2001:db8:0::1'],
    ['http://[2001:db8::1]:81', '[2001:db8::1]:81'],
    ['https://bücher.test', 'bücher.test'],
    ['https://x.test', 'x.test:443'],
  ])('%s is allowed as %s', async (url, entry) => {
    const checked = await checkTarget(url, [entry], { resolve: resolvesTo('192.0.2.1') });
    expect(checked.addresses.length).toBe(1);
  });

  test.each(['*', '*.test', 'http://x.test', 'u:hunter2@x.test', 'a b', ''])(
    'refuses %j as an allowed host',
    async (entry) => {
      const resolve = resolvesTo('192.0.2.7');
      const parts = await failureOf(checkTarget('http://x.test', [entry], { resolve }));
      expect(parts.where).toBe('--allow-host');
      expect(JSON.stringify(parts)).not.toContain('hunter2');
    },
  );

  test('a listed name that cannot be resolved is no usage mistake, an unlisted one is', async () => {
    const name = 'onsale-no-such-host.invalid';
    await expect(checkTarget(`http://${name}`, [name])).rejects.toThrow(RunFailure);
    await expect(checkTarget(`http://${name}`, [])).rejects.toThrow(UsageFailure);
    const empty = checkTarget('http://shop.test', ['shop.test'], { resolve: resolvesTo() });
    await expect(empty).rejects.toThrow(/no address/);
  });

  test('the name is resolved once, and the real localhost is this machine', async () => {
    let asked = 0;
    const resolve = async () => {
      asked++;
      return ['127.0.0.1'];
    };
    await checkTarget('http://shop.test', ['shop.test'], { resolve });
    expect(asked).toBe(1);
    const { addresses } = await checkTarget('http://LOCALHOST.:1/', []);
    expect(addresses.every(isLoopback)).toBe(true);
  });

  test('of several addresses the one that answers comes first', async () => {
    const port = await serve('127.0.0.1', 'here');
    const resolve = resolvesTo('127.0.0.2', '::1', '127.0.0.1');
    const checked = await checkTarget(`http://shop.test:${port}`, [], { resolve });
    expect(checked.addresses).toEqual(['127.0.0.1', '127.0.0.2', '::1']);
    expect(k6Hosts(checked)).toEqual({ 'shop.test': '127.0.0.1' });
  });

  test('any text gives a target on this machine or a failure', async () => {
    const parts = fc.constantFrom(
      'http://',
      '127.1',
      '0x7f',
      '@',
      ':',
      '10.1',
      '[::1]',
      '/',
      '.',
      '%',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(parts, { maxLength: 6 }), async (pieces) => {
        const check = checkTarget(pieces.join(''), [], { resolve: resolvesTo('10.9.9.9') });
        const checked = await check.catch((failure: unknown) => {
          expect(failure).toBeInstanceOf(UsageFailure);
          return null;
        });
        expect(checked?.addresses.every(isLoopback) ?? true).toBe(true);
      }),
    );
  });
});

describe('pinnedAgents', () => {
  let port = 0;
  beforeAll(async () => {
    port = await serve('127.0.0.1', 'pinned');
  });

  async function agentsFor(url: string) {
    return pinnedAgents(await checkTarget(url, [], { resolve: resolvesTo('127.0.0.1') }));
  }

  test('reach a name that no name server knows, at its pinned address', async () => {
    const url = `http://shop.invalid:${port}`;
    const reply = await axios.get(`${url}/x`, await agentsFor(url));
    expect(reply.data).toBe('pinned');
  });

  test.each([
    ['another name', 'http://localhost:PORT/'],
    ['another address', 'http://127.0.0.1:PORT/'],
    ['another port', 'http://shop.invalid:1/'],
  ])('refuse %s, asked for or redirected to', async (_name, elsewhere) => {
    const other = elsewhere.replace('PORT', `${port}`);
    const agents = await agentsFor(`http://shop.invalid:${port}`);
    await expect(axios.get(other, agents)).rejects.toThrow(/requests to shop.invalid/);
    const redirecting = await serve('127.0.0.1', '', other);
    const url = `http://shop.invalid:${redirecting}`;
    const redirected = axios.get(url, await agentsFor(url));
    await expect(redirected).rejects.toThrow(/requests to shop.invalid/);
  });

  test('https goes to the pinned address too', async () => {
    const url = `https://shop.invalid:${port}`;
    // The server speaks no TLS: getting that far shows that the connection was made.
    await expect(axios.get(url, await agentsFor(url))).rejects.toThrow(/SSL|EPROTO|TLS/i);
  });
});

describe('checkDatabase', () => {
  test.each([
    'postgresql://u:canary@127.0.0.1:5432/shop',
    'postgres://u:canary@[::1]/shop',
    'postgresql:///shop?host=/var/run/postgresql',
    'postgresql://u:canary@db.test/shop',
  ])('lets %s pass where db.test is allowed', async (text: string) => {
    await expect(checkDatabase(text, ['db.test'])).resolves.toBeUndefined();
  });

  test.each([
    'postgresql://u:canary@192.0.2.7/shop',
    'postgresql://u:canary@db.test/shop',
    'postgresql://u:canary@127.0.0.1/shop?host=192.0.2.7',
    'mysql://u:canary@127.0.0.1/shop',
    'canary',
  ])('refuses %s and repeats no secret', async (text: string) => {
    const resolve = async () => ['192.0.2.7'];
    const refusal = await checkDatabase(text, [], { resolve }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(UsageFailure);
    expect((refusal as Error).message).not.toContain('canary');
  });

  test('knows that the driver takes a host that is not named from PGHOST', async () => {
    const text = 'postgresql:///shop';
    await expect(checkDatabase(text, [], { env: {} })).resolves.toBeUndefined();
    const elsewhere = checkDatabase(text, [], { env: { PGHOST: '192.0.2.7' } });
    await expect(elsewhere).rejects.toThrow(UsageFailure);
  });
});
