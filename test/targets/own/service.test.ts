import type { ServerResponse } from 'node:http';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { protocol, admin as skeleton } from '../../../examples/tutorial-shop/my-shop.ts';
import { Failure, RunFailure } from '../../../lib/model/failure.ts';
import { fixtureSchema } from '../../../lib/model/fixture.ts';
import { type Connection, noSecrets, type Target } from '../../../lib/targets/admin.ts';
import type { Admin, OrderTold } from '../../../lib/targets/own/definition.ts';
import { defineProtocol, ok, post } from '../../../lib/targets/own/module.ts';
import { ownTarget } from '../../../lib/targets/own/target.ts';
import { readFinalState } from '../../../lib/targets/settle.ts';
import { askedBy, connectionTo, intentsOf, planOf } from '../connection.ts';
import { startServer } from '../hostile-server.ts';
import { KEY, startTutorialShop } from './tutorial-shop.ts';

const file = { shown: 'my-shop.ts', locate: () => 'my-shop.ts:7' };

/** The skeleton with what a test wants otherwise; `undefined` takes away. */
function targetWith(change: { [name in keyof Admin]?: Admin[name] | undefined } = {}): Target {
  const entries = Object.entries({ ...skeleton, ...change });
  const admin = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  return ownTarget({ name: 'my-shop', path: '/my-shop.ts', file, exports: { protocol, admin } });
}

let url: string;
beforeAll(async () => {
  url = await startTutorialShop();
});
const stops: (() => Promise<void>)[] = [];
afterEach(() => Promise.all(stops.splice(0).map((stop) => stop())));

const connection = (change: Partial<Connection> = {}) =>
  connectionTo(url, { token: KEY, ...change });

/** Sends the first purchases of a run and gives what they were read as. */
async function buy(fixture: Parameters<typeof askedBy>[0], intents: ReturnType<typeof intentsOf>) {
  return Promise.all(
    intents.intents.map(async (_, i) => {
      const asked = askedBy(fixture, intents, i);
      const { method, path, headers, body } = protocol.purchase.say(asked);
      const reply = await fetch(url + path, { method, headers, body });
      const heard = { status: reply.status, body: await reply.text(), silence: null };
      return protocol.purchase.read(heard, asked);
    }),
  );
}

describe('the skeleton on the small shop', () => {
  test('provisions, finds again, sells, reads back page by page, and takes away', async () => {
    const target = targetWith();
    const plan = planOf({ buyers: 260, capacity: 250 });
    const intents = intentsOf('whole', 260);
    await target.admin.probe(connection());
    const { fixture, secrets } = await target.admin.provision(connection(), { plan, intents });
    expect(fixtureSchema.parse(fixture)).toEqual(fixture);
    expect(fixture.pools).toMatchObject([
      { name: 'Onsale whole 1', capacity: 250, remaining: 250 },
    ]);
    expect(JSON.stringify(fixture)).not.toContain(KEY);
    const again = await target.admin.provision(connection(), { plan, intents });
    expect(again.fixture).toEqual(fixture);

    const replies = await buy(fixture, intents);
    expect(replies.filter(({ outcome }) => outcome === 'ok')).toHaveLength(250);
    expect(replies.filter(({ reason }) => reason === 'sold-out')).toHaveLength(10);

    const known = { fixture, intents, secrets };
    const state = await readFinalState({ target, connection: connection(), ...known, quietMs: 0 });
    expect(state).toMatchObject({ settled: true, complete: true, exhaustive: true, caveats: [] });
    expect(state.pools).toEqual([{ id: fixture.pools[0]!.id, remaining: 0 }]);
    expect(state.orders).toHaveLength(250);
    const keys = intents.intents.map(({ key }) => key);
    expect(keys).toEqual(expect.arrayContaining(state.orders.map(({ intent }) => intent)));

    // A run that goes on with what is there begins after what was sold.
    const later = await target.admin.provision(connection(), { plan, intents });
    expect(later.fixture.pools).toMatchObject([{ capacity: 0, remaining: 0 }]);
    expect(later.fixture.baselineOrders).toHaveLength(250);
    const rest = await target.admin.read(connection(), { ...known, fixture: later.fixture });
    expect(rest.orders).toEqual([]);

    const gone = await target.admin.deprovision(connection(), known);
    expect(gone[0]).toContain('went');
    const after = await target.admin.read(connection(), known);
    expect(after).toMatchObject({ complete: false, pools: [{ remaining: null }] });
  });

  test('outlines without changing anything', async () => {
    const target = targetWith();
    const asked = { plan: planOf({ pools: 2 }), intents: intentsOf('outline', 3, 2) };
    const steps = await target.admin.outline(connection(), asked);
    expect(steps[0]).toBe('Make 2 pools of 2 tickets; 0 are there.');
    await target.admin.provision(connection(), asked);
    const [then] = await target.admin.outline(connection(), asked);
    expect(then).toBe('Make 0 pools of 2 tickets; 2 are there.');
  });

  test('checks: all as told, and what differs is named', async () => {
    expect((await targetWith().admin.check(connection())).every(({ got }) => got === null)).toBe(
      true,
    );
    const check: Admin['check'] = () => [
      { say: post('/buy', { show: 0 }), statuses: [422], what: 'a purchase of nothing' },
      { say: post('/buy', { show: 0 }), statuses: [400], fits: () => JSON.parse('{') },
    ];
    const trials = await targetWith({ check }).admin.check(connection());
    const differing = trials.filter(({ got }) => got !== null);
    expect(differing).toMatchObject([{ what: 'a purchase of nothing' }, { what: 'POST /buy' }]);
  });

  test('sells what there is where it makes nothing, and says what stays', async () => {
    const target = targetWith({ makePool: undefined, removePool: undefined });
    const notices: string[] = [];
    const intents = intentsOf('asis', 2);
    const { fixture } = await target.admin.provision(
      connection({ onNotice: (text) => notices.push(text) }),
      { plan: planOf({ capacity: 39 }), intents },
    );
    expect(fixture.pools).toMatchObject([{ id: '1', name: 'Matinee', capacity: 40 }]);
    expect(notices.join()).toContain('40 tickets left, the plan asks for 39');
    const told = await target.admin.deprovision(connection(), {
      fixture,
      intents,
      secrets: noSecrets,
    });
    expect(told.join()).toContain('1 pools stay');
  });
});

test('buyers that are made have their secrets, which are nowhere else', async () => {
  const target = targetWith({
    makeBuyer: (_, { name, index }) => ({ id: name, credit: 5, secret: `session ${index}` }),
    secret: undefined,
  });
  const asked = { plan: planOf(), intents: intentsOf('secret', 2) };
  const { fixture, secrets } = await target.admin.provision(connection(), asked);
  expect(secrets).toEqual({ shared: null, buyers: ['session 0', 'session 1'] });
  expect(fixture.buyers[1]).toEqual({ id: 'onsale-secret-buyer-1', credit: 5 });
  expect(JSON.stringify(fixture)).not.toContain('session');
});

test('orders of each buyer belong to whom was asked, and tell nothing of others', async () => {
  const target = targetWith({
    orders: undefined,
    ordersOf: (_, { id }) => [{ id: `of ${id}`, pool: 1 }],
  });
  const intents = intentsOf('each', 2);
  const { fixture } = await targetWith().admin.provision(connection(), { plan: planOf(), intents });
  const reading = await target.admin.read(connection(), { fixture, intents, secrets: noSecrets });
  expect(reading).toMatchObject({ exhaustive: false, complete: true });
  expect(reading.orders.map(({ intent }) => intent)).toEqual(intents.intents.map(({ key }) => key));
  expect(reading.caveats.join()).toContain('only the orders of this run’s buyers');
});

/** The failure of one reading with these orders. */
async function failureOf(orders: () => unknown): Promise<RunFailure> {
  const target = targetWith({ orders: orders as () => OrderTold[] });
  const intents = intentsOf('wrong', 2);
  const { fixture } = await targetWith().admin.provision(connection(), { plan: planOf(), intents });
  const known = { fixture, intents, secrets: noSecrets };
  const failure = await target.admin.read(connection(), known).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(RunFailure);
  return failure as RunFailure;
}

describe('one clear failure', () => {
  test.each<[string, () => unknown, RegExp]>([
    ['nothing at all', () => undefined, /orders\(\) to return .*, got something else/],
    ['a row without a pool', () => [{ id: 1 }], /orders\[0\]\.pool/],
    ['half a ticket', () => [{ id: 1, pool: 1, quantity: 0.5 }], /orders\[0\]\.quantity/],
    [
      'a row twice',
      () => [
        { id: 1, pool: 1 },
        { id: '1', pool: 1 },
      ],
      /\[1\]\.id: .*there twice/,
    ],
    ['a mistyped key', () => [{ id: 1, pool: 1, byuer: 'x' }], /byuer/],
    ['an error', () => (null as unknown as { x: [] }).x, /TypeError: .* \(my-shop\.ts:7\)/],
    ['an error of megabytes', () => Promise.reject(new Error('x'.repeat(5e6))), /xxx…/],
    ['nothing that is an error', () => Promise.reject(null), /null was thrown/],
  ])('where orders() gives %s', async (_, orders, told) => {
    const { message } = await failureOf(orders);
    expect(message).toMatch(told);
    expect(message.length).toBeLessThan(1000);
  });

  test('where the key is wrong, missing, or told by the file', async () => {
    const target = targetWith();
    const asked = { plan: planOf(), intents: intentsOf('key', 2) };
    const refused = target.admin.provision(connection({ token: 'wrong' }), asked);
    await expect(refused).rejects.toThrow(/status 401.*makePool\(\) in my-shop\.ts:7/s);
    const without = target.admin.probe(connection({ token: null }));
    await expect(without).rejects.toThrow(/ONSALE_TOKEN: the X-Key/);
    const pools = (): never => {
      throw new Error(`GET /?key=${encodeURIComponent(KEY)} with ${KEY} failed`);
    };
    const failure = await targetWith({ pools }).admin.probe(connection()).catch(String);
    expect(failure).toContain('***');
    expect(failure).not.toContain('canary');
  });

  test('where a pool that was made is not told', async () => {
    const target = targetWith({ makePool: () => 4711 });
    const asked = { plan: planOf(), intents: intentsOf('lost', 2) };
    await expect(target.admin.provision(connection(), asked)).rejects.toThrow(/the pool 4711/);
  });

  test('where buyers are not told apart', async () => {
    const target = targetWith({ makeBuyer: () => 1 });
    const asked = { plan: planOf(), intents: intentsOf('same', 2) };
    await expect(target.admin.provision(connection(), asked)).rejects.toThrow(/one id for several/);
  });

  test.each<[string, unknown, RegExp]>([
    ['has no path', { method: 'POST', headers: {}, body: null }, /path: /],
    [
      'names a host',
      { method: 'GET', path: 'http://x/', headers: {}, body: null },
      /begins with \//,
    ],
  ])('where a request %s: before any load', async (_, exchange, told) => {
    const wrong = defineProtocol({
      purchase: { say: () => exchange as never, read: () => ok() },
    });
    const exports = { protocol: wrong, admin: skeleton };
    const target = ownTarget({ name: 'my-shop', path: '/my-shop.ts', file, exports });
    const asked = { plan: planOf(), intents: intentsOf('say', 2) };
    const failure = await target.admin.provision(connection(), asked).catch((e: unknown) => e);
    expect(failure).toBeInstanceOf(RunFailure);
    expect(String(failure)).toMatch(/protocol\.purchase\.say/);
    expect(String(failure)).toMatch(told);
  });

  test.each<[string, (reply: ServerResponse) => unknown]>([
    ['HTML', (reply) => reply.end('<h1>\u001b[31mWelcome</h1>')],
    ['another shape', (reply) => reply.end('{"shows":{"0":1}}')],
    ['a redirect', (reply) => reply.writeHead(302, { Location: 'http://example.com' }).end()],
    ['5 MB', (reply) => reply.end(Buffer.alloc(5_000_000, 'x'))],
    ['nothing', () => undefined],
  ])('where the shop answers %s', async (_, answer) => {
    const server = await startServer((_request, reply) => answer(reply));
    stops.push(server.stop);
    const hostile = connectionTo(server.url, { token: KEY, timeoutMs: 200 });
    const failure = await targetWith()
      .admin.probe(hostile)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Failure);
    expect(String(failure)).not.toContain('\u001b');
    expect(String(failure)).toContain('my-shop.ts');
  });
});

test('an interrupt is no failure of the file', async () => {
  const interruption = new AbortController();
  const reason = new Error('interrupted');
  const pools: Admin['pools'] = (shop) => {
    interruption.abort(reason);
    return shop.get('/shows');
  };
  const { signal } = interruption;
  const probe = targetWith({ pools }).admin.probe(connection({ signal }));
  await expect(probe).rejects.toBe(reason);
});

test('what it can do follows from what it has', () => {
  expect(targetWith().capabilities).toEqual(['quantities', 'availability', 'order-listing']);
  const { capabilities } = targetWith({
    capabilities: ['seats'],
    mayLag: true,
    rules: { buyerLimit: 4, idempotency: 'replay' },
  });
  expect(capabilities).toEqual(
    expect.arrayContaining(['seats', 'stale-reads', 'buyer-limit', 'idempotency']),
  );
});
