import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Failure, RunFailure, UsageFailure } from '../../../lib/model/failure.ts';
import type { Connection } from '../../../lib/targets/admin.ts';
import { listing, untilItsTurn } from '../../../lib/targets/pretix/calls.ts';
import { pretix } from '../../../lib/targets/pretix/target.ts';
import { connectionTo, intentsOf, planOf } from '../connection.ts';
import { type HostileServer, startServer } from '../hostile-server.ts';

/*
 * What a quiet pretix of one's own does not do: pages that lead elsewhere, counts that change, pages that are lost. Each
 * is told by a real server that answers as the test says.
 */
const TOKEN = 'a-secret-token';
const servers: HostileServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

type Answering = (url: URL, reply: ServerResponse, request: IncomingMessage) => void;

async function serve(answer: Answering, change: Partial<Connection> = {}): Promise<Connection> {
  const server = await startServer((request, reply) =>
    answer(new URL(request.url ?? '', 'http://shop'), reply, request),
  );
  servers.push(server);
  return connectionTo(server.url, { token: TOKEN, timeoutMs: 2000, ...change });
}

const json = (reply: ServerResponse, content: unknown, status = 200) =>
  reply.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(content));

/** Pages of 50 of so many things, as pretix gives them; `next` leads past the proxy, to a host that is not ours. */
function paged(url: URL, total: number, count = total) {
  const page = Number(url.searchParams.get('page'));
  const ids = Array.from({ length: total }, (_, i) => ({ id: i })).slice(page * 50 - 50, page * 50);
  const next = `http://192.0.2.1/api/v1/things/?page=${page + 1}`;
  return { count, next: page * 50 < total ? next : null, previous: null, results: ids };
}

const things = (connection: Connection) =>
  listing(
    connection,
    { path: '/api/v1/things/?status=n', expected: 'a list of things' },
    z.object({ id: z.int() }),
  );

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof RunFailure || error instanceof UsageFailure) return error;
  throw new Error(`expected a failure, got ${error}`);
}

describe('a listing', () => {
  test.each([0, 1, 49, 50, 51, 100, 321])('of %i is read, page by page', async (total) => {
    const asked: string[] = [];
    const connection = await serve((url, reply) => {
      asked.push(url.search);
      json(reply, paged(url, total));
    });
    const ids = (await things(connection)).map(({ id }) => id);
    expect(ids.sort((a, b) => a - b)).toEqual(Array.from({ length: total }, (_, i) => i));
    expect(asked).toHaveLength(Math.max(1, Math.ceil(total / 50)));
    expect(asked[0]).toBe('?status=n&page_size=50&page=1');
  });

  test('never follows where `next` leads: the pages of this host are asked for', async () => {
    const hosts = new Set<string | undefined>();
    const connection = await serve((url, reply, { headers }) => {
      hosts.add(headers.host);
      json(reply, paged(url, 120));
    });
    expect(await things(connection)).toHaveLength(120);
    expect([...hosts]).toEqual([new URL(connection.url).host]);
  });

  test('that is shorter than it says has lost a page', async () => {
    const connection = await serve((url, reply) =>
      json(
        reply,
        url.searchParams.get('page') === '2' ? { count: 120, results: [] } : paged(url, 120),
      ),
    );
    const { parts } = await failureOf(things(connection));
    expect([parts.expected, parts.got]).toEqual(['a list of things, 120 in all', '70 of them']);
  });

  test('whose count changes while it is read is not taken for a whole one', async () => {
    const connection = await serve((url, reply) => {
      const grown = url.searchParams.get('page') === '2' ? 103 : 101;
      json(reply, paged(url, grown));
    });
    expect((await failureOf(things(connection))).parts.got).toBe('101 of them while it changed');
    const moved = await serve((url, reply) => {
      const isFirst = url.searchParams.get('page') === '1';
      json(reply, paged(url, isFirst ? 99 : 130));
    });
    expect((await failureOf(things(moved))).parts.got).toBe('100 of them while it changed');
  });

  test('in which a row is listed twice, because rows moved between its pages, is not a whole one', async () => {
    const connection = await serve((url, reply) => {
      const page = paged(url, 100);
      json(
        reply,
        page.previous === null && url.searchParams.get('page') === '2'
          ? { ...page, results: [{ id: 49 }, ...page.results.slice(0, 49)] }
          : page,
      );
    });
    expect((await failureOf(things(connection))).parts.got).toBe('99 of them while it changed');
  });

  test.each([
    ['no JSON', '<html>', /not JSON/],
    ['no page', '{"count":"many"}', /does not fit/],
    ['negative', '{"count":-1,"results":[]}', /does not fit/],
  ])('%s', async (_, body, words) => {
    const connection = await serve((_url, reply) => reply.end(body));
    expect((await failureOf(things(connection))).parts.got).toMatch(words);
  });
});

describe('what the user has to mend is found before any load, in one failure', () => {
  const asked = { plan: planOf(), intents: intentsOf('r', 1) };
  const options = { organizer: 'nobody', event: '', price: '1.00', status: 'n', hold: '1' };
  const shop: Answering = (url, reply, { headers }) => {
    if (headers.authorization !== `Token ${TOKEN}`)
      json(reply, { detail: `Invalid token ${headers.authorization}` }, 401);
    else if (url.pathname === '/api/v1/version') json(reply, { pretix: '2026.8.0' });
    else json(reply, { detail: 'You do not have permission to perform this action.' }, 403);
  };

  test('no token', async () => {
    const connection = await serve(shop, { options, token: null });
    const failure = await failureOf(pretix.admin.probe(connection));
    expect(failure).toBeInstanceOf(UsageFailure);
    expect(failure.parts.where).toBe('ONSALE_TOKEN');
  });

  test('a wrong token, which no error shows', async () => {
    const connection = await serve(shop, { options, token: 'canary-wrong' });
    const failure = await failureOf(pretix.admin.probe(connection));
    expect(failure).toBeInstanceOf(UsageFailure);
    expect(failure.parts.remedy).toContain('ONSALE_TOKEN');
  });

  test('an organizer that is not there, or not for this token', async () => {
    const connection = await serve(shop, { options });
    for (const work of [pretix.admin.probe, (c: Connection) => pretix.admin.provision(c, asked)]) {
      const failure = await failureOf(work(connection));
      expect(failure).toBeInstanceOf(UsageFailure);
      expect(failure.parts.remedy).toContain('--option organizer=');
      expect(`${failure.stack}`).not.toContain(TOKEN);
    }
  });

  test('a shop that is no pretix', async () => {
    const connection = await serve((_, reply) => json(reply, { shop: 'other' }), { options });
    expect(await failureOf(pretix.admin.probe(connection))).toBeInstanceOf(RunFailure);
  });
});

test('its turn comes when everything before has been begun, however much longer than a request may take', async () => {
  const connection = await serve((_, reply) => setTimeout(() => json(reply, {}), 400), {
    timeoutMs: 100,
  });
  const notices: string[] = [];
  await untilItsTurn({ ...connection, onNotice: (sentence) => notices.push(sentence) });
  expect(notices.join()).toMatch(/nobody waits for/);
});
