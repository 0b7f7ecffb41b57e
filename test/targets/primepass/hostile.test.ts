import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { RunFailure } from '../../../lib/model/failure.ts';
import { admin } from '../../../lib/targets/primepass/admin.ts';
import { primepass } from '../../../lib/targets/primepass/target.ts';
import { REPLY_BYTES_MAX } from '../../../lib/targets/request.ts';
import { readFinalState } from '../../../lib/targets/settle.ts';
import { connectionTo, intentsOf, knownOf, planOf } from '../connection.ts';
import { closedUrl, type HostileServer, startServer } from '../hostile-server.ts';

const servers: HostileServer[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function serve(...args: Parameters<typeof startServer>): Promise<string> {
  const server = await startServer(...args);
  servers.push(server);
  return server.url;
}

async function answering(status: number, body: string | Buffer, headers = {}): Promise<string> {
  return serve((_, reply) => reply.writeHead(status, headers).end(body));
}

async function failureOf(work: Promise<unknown>): Promise<RunFailure> {
  const error = await work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RunFailure);
  return error as RunFailure;
}

const probe = (url: string, timeoutMs = 5000) =>
  failureOf(admin.probe(connectionTo(url, { timeoutMs })));

describe('probe: one failure that says expected, got, where and what to do', () => {
  test('target down', async () => {
    const url = await closedUrl();
    const { parts } = await probe(url);
    expect(parts.got).toBe('a refused connection');
    expect(parts.where).toBe(`GET ${url}/api/events`);
    expect(parts.expected).toContain('list of events');
    expect(parts.remedy).toContain('--url');
  });

  test.each([
    ['HTML', 200, '<html>hello</html>', /status 200 with "<html>hello<\/html>", which is not JSON/],
    ['garbage', 200, '\u0000\u001b[31mred\u202e', /status 200 with "\[31mred", which is not JSON/],
    ['nothing', 200, '', /an empty body, which is not JSON/],
    ['another API', 200, '{"items":[]}', /does not fit: the reply in .*items/],
    ['another list', 200, '[{"id":"x","title":"t"}]', /does not fit: 0\.id/],
    [
      'fractions of tickets',
      200,
      '[{"id":1,"title":"t","tickets":[{"id":1,"name":"n","remaining":1.5}]}]',
      /0\.tickets\.0\.remaining/,
    ],
    ['not found', 404, 'Not Found', /status 404 with "Not Found"/],
    ['server error', 500, '<h1>Internal</h1>', /status 500/],
    ['bad gateway', 502, '', /status 502 with an empty body/],
  ])('%s', async (_, status, body, got) => {
    const { parts } = await probe(await answering(status, body));
    expect(parts.got).toMatch(got);
    expect(parts.got).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test('a redirect is not followed', async () => {
    let visited = 0;
    const elsewhere = await serve((_, reply) => {
      visited += 1;
      reply.end('[]');
    });
    const { parts } = await probe(await answering(302, '', { Location: elsewhere }));
    expect(parts.got).toBe('a redirect (302)');
    expect(visited).toBe(0);
  });

  test('10 MB are cut off', async () => {
    const { parts } = await probe(await answering(200, Buffer.alloc(10_000_000, '[')));
    expect(parts.got).toBe(`a reply of more than ${REPLY_BYTES_MAX} bytes`);
  });

  test('a long error page is shown as one short line', async () => {
    const { parts } = await probe(await answering(500, 'very\nlong '.repeat(100_000)));
    expect(parts.got.length).toBeLessThan(200);
    expect(parts.got).toMatch(/^status 500 with "very long .*…"$/);
  });

  test('a decompression bomb is never unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
    const { parts } = await probe(await answering(200, bomb, { 'Content-Encoding': 'gzip' }));
    expect(parts.got).toMatch(/not JSON/);
  });

  test('never an answer', async () => {
    const url = await serve(() => undefined);
    expect((await probe(url, 200)).parts.got).toBe('no complete reply within 200 ms');
  });

  test('an answer that drips for ever', async () => {
    const url = await serve((_, reply) => {
      reply.writeHead(200);
      const drip = setInterval(() => reply.write(' '), 20);
      reply.on('close', () => clearInterval(drip));
    });
    expect((await probe(url, 300)).parts.got).toBe('no complete reply within 300 ms');
  });

  test('the connection breaks', async () => {
    const url = await serve((request) => request.socket.destroy());
    expect((await probe(url)).parts.got).toBe('no reply (ECONNRESET)');
  });

  test('an interrupt ends it with the reason of the interrupt', async () => {
    const url = await serve(() => undefined);
    const controller = new AbortController();
    const reason = new Error('interrupted');
    setTimeout(() => controller.abort(reason), 50);
    await expect(admin.probe(connectionTo(url, { signal: controller.signal }))).rejects.toBe(
      reason,
    );
  });
});

test('no proxy of the environment is used: load would go to another host', async () => {
  let proxied = 0;
  const proxy = await serve((_, reply) => {
    proxied += 1;
    reply.end('[]');
  });
  vi.stubEnv('http_proxy', proxy);
  vi.stubEnv('HTTP_PROXY', proxy);
  await admin.probe(connectionTo(await answering(200, '[]')));
  expect(proxied).toBe(0);
});

test('user info of the URL is in no message and no property of the failure', async () => {
  const url = (await closedUrl()).replace('http://', 'http://canary-user:canary-secret@');
  const failure = await probe(url);
  const { inspect } = await import('node:util');
  expect(inspect(failure, { depth: 20, showHidden: true })).not.toMatch(/canary/);
});

describe('provision over HTTP', () => {
  const events = [{ id: 1, title: 'Gala', tickets: [{ id: 9, name: 'Seat', remaining: 2 }] }];

  test('a user id that is no UUID never reaches a purchase', async () => {
    const url = await serve((request, reply) =>
      reply.end(
        request.method === 'GET' ? JSON.stringify(events) : '{"user_id":"x\\",\\"quantity\\":99"}',
      ),
    );
    const asked = { plan: planOf(), intents: intentsOf('r', 1) };
    const { parts } = await failureOf(admin.provision(connectionTo(url), asked));
    expect(parts.got).toMatch(/does not fit: user_id/);
    expect(parts.where).toMatch(/^POST .*\/api\/login$/);
  });

  test('one user id for all would make purchases indistinguishable', async () => {
    const url = await serve((request, reply) =>
      request.method === 'GET'
        ? reply.end(JSON.stringify(events))
        : reply.writeHead(201).end('{"user_id":"00000000-0000-0000-0000-000000000001"}'),
    );
    const asked = { plan: planOf(), intents: intentsOf('r', 2) };
    const { parts } = await failureOf(admin.provision(connectionTo(url), asked));
    expect(parts.got).toBe('one user id for several of them');
  });

  test('stock that is oversold before the run', async () => {
    const oversold = JSON.stringify(events).replace('"remaining":2', '"remaining":-3');
    const url = await serve((request, reply) =>
      request.method === 'GET'
        ? reply.end(oversold)
        : reply.writeHead(201).end('{"user_id":"00000000-0000-0000-0000-000000000001"}'),
    );
    const asked = { plan: planOf({ capacity: 0 }), intents: intentsOf('r', 1) };
    const { parts } = await failureOf(admin.provision(connectionTo(url), asked));
    expect(parts.got).toBe('-3 left of Gala / Seat');
  });
});

describe('read over HTTP', () => {
  const fixture = {
    schemaVersion: 1 as const,
    access: 'http' as const,
    event: 'Gala',
    pools: [
      { id: '9', name: 'Gala / Seat', capacity: 2, remaining: 2 },
      { id: '10', name: 'Gala / Box', capacity: 2, remaining: 2 },
    ],
    buyers: [{ id: 'anna' }, { id: 'bert' }, { id: 'carl' }],
    baselineOrders: ['5'],
  };
  const known = knownOf(fixture, intentsOf('r', 3, 2));

  function row(id: number | string, name: string, title = 'Gala') {
    return { order_id: id, status: 'confirmed', ticket_name: name, event_title: title };
  }

  function shop(tickets: object[], orders: Record<string, object[] | null>): Promise<string> {
    return serve((request, reply) => {
      const { pathname, searchParams } = new URL(request.url!, 'http://shop');
      if (pathname === '/api/events') {
        reply.end(JSON.stringify([{ id: 1, title: 'Gala', tickets }]));
        return;
      }
      const rows = orders[searchParams.get('user_id')!] ?? null;
      reply.writeHead(rows === null ? 500 : 200).end(JSON.stringify(rows ?? { error: 'lost' }));
    });
  }

  const seat = { id: 9, name: 'Seat', remaining: 0 };
  const box = { id: 10, name: 'Box', remaining: 1 };

  test('rows belong to the pool of their names and to the intent of their buyer', async () => {
    const url = await shop([seat, box], {
      anna: [row(7, 'Seat'), row(5, 'Seat')],
      bert: [row('8', 'Box')],
      carl: [],
    });
    const reading = await admin.read(connectionTo(url), known);
    expect(reading).toMatchObject({ access: 'http', complete: true, exhaustive: false });
    expect(reading.pools).toEqual([
      { id: '9', remaining: 0 },
      { id: '10', remaining: 1 },
    ]);
    const common = { quantity: 1, status: 'live' };
    expect(reading.orders).toEqual([
      { ...common, id: '7', pool: '9', intent: 'onsale-r-0', buyer: 'anna' },
      { ...common, id: '8', pool: '10', intent: 'onsale-r-1', buyer: 'bert' },
    ]);
  });

  test('a listing that is lost makes the reading incomplete and is said', async () => {
    const url = await shop([seat, box], { anna: [row(7, 'Seat')], bert: null, carl: [] });
    const reading = await admin.read(connectionTo(url), known);
    expect(reading.complete).toBe(false);
    expect(reading.orders).toHaveLength(1);
    expect(reading.caveats.join()).toMatch(/orders of 1 of 3 buyers were not read: status 500/);
  });

  test('a pool that is not on offer any more makes it incomplete', async () => {
    const url = await shop([seat], { anna: [], bert: [], carl: [] });
    const reading = await admin.read(connectionTo(url), known);
    expect(reading.complete).toBe(false);
    expect(reading.pools[1]).toEqual({ id: '10', remaining: null });
    expect(reading.caveats.join()).toMatch(/not on offer any more: tickets 10/);
  });

  test('orders for other tickets are kept, under the pool they are for', async () => {
    const vip = { id: 11, name: 'VIP', remaining: 1 };
    const url = await shop([seat, box, vip], {
      anna: [row(7, 'VIP')],
      bert: [row(8, 'Unheard', 'Of')],
      carl: [],
    });
    const reading = await admin.read(connectionTo(url), known);
    expect(reading.orders.map((order) => order.pool)).toEqual(['11', 'unlisted: Of / Unheard']);
    expect(reading.caveats.join()).toMatch(/2 order rows .* outside the run's pools/);
  });

  test('two tickets of one name cannot be told apart, which is said', async () => {
    const twin = { id: 4, name: 'Seat', remaining: 1 };
    const url = await shop([twin, seat, box], { anna: [row(7, 'Seat')], bert: [], carl: [] });
    const reading = await admin.read(connectionTo(url), known);
    expect(reading.orders[0]!.pool).toBe('9');
    expect(reading.caveats.join()).toMatch(/tickets 4, 9 have the same event and name/);
  });

  test('a shop that fails for everybody is not asked for everybody', async () => {
    let asked = 0;
    const url = await serve((request, reply) => {
      if (request.url === '/api/events') {
        reply.end(JSON.stringify([{ id: 1, title: 'Gala', tickets: [seat, box] }]));
        return;
      }
      asked += 1;
      request.socket.destroy();
    });
    const buyers = Array.from({ length: 1000 }, (_, i) => ({ id: `buyer-${i}` }));
    const many = knownOf({ ...fixture, buyers }, intentsOf('r', 1000, 2));
    const reading = await admin.read(connectionTo(url), many);
    expect(reading.complete).toBe(false);
    expect(reading.caveats.join()).toMatch(/1000 of 1000 buyers/);
    expect(asked).toBeLessThan(500);
  });

  test('a shop that goes between two readings leaves a state that is not settled', async () => {
    let asked = 0;
    const url = await serve((request, reply) => {
      if (request.url === '/api/events') asked += 1;
      if (asked > 1) request.socket.destroy();
      else if (request.url !== '/api/events') reply.end('[]');
      else reply.end(JSON.stringify([{ id: 1, title: 'Gala', tickets: [seat, box] }]));
    });
    const common = { target: primepass, connection: connectionTo(url), ...known };
    const state = await readFinalState({ ...common, quietMs: 0, limitMs: 0 });
    expect(state).toMatchObject({ settled: false, complete: true, readings: 1 });
    expect(state.caveats.join()).toContain('a reading failed: no reply (ECONNRESET)');
  });

  test('a shop that is gone is a failure', async () => {
    await failureOf(admin.read(connectionTo(await closedUrl()), known));
  });
});
