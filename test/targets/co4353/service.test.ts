import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Failure, RunFailure, UsageFailure } from '../../../lib/model/failure.ts';
import { fixtureSchema } from '../../../lib/model/fixture.ts';
import type { OperationKind } from '../../../lib/model/operation.ts';
import type { IntentsFile, Plan } from '../../../lib/model/plan.ts';
import type { Connection, Provisioned } from '../../../lib/targets/admin.ts';
import { protocol } from '../../../lib/targets/co4353/protocol.ts';
import { co4353 } from '../../../lib/targets/co4353/target.ts';
import { optionsOf } from '../../../lib/targets/options.ts';
import type { Asked } from '../../../lib/targets/protocol.ts';
import { expired, letTimePass, quiet, type Shop, startBench } from '../../target/co4353/shop.ts';
import { askedBy, connectionTo, intentsOf, planOf } from '../connection.ts';
import { startServer } from '../hostile-server.ts';

const { admin } = co4353;
let bench: Awaited<ReturnType<typeof startBench>>;
let events: Shop;
let tickets: Shop;

beforeAll(async () => {
  bench = await startBench();
  [events, tickets] = [await bench.open([], {}), await bench.open([], { dialect: 'tickets' })];
});
afterAll(async () => {
  await events?.stop();
  await tickets?.stop();
  await bench?.stop();
});

interface Way {
  readonly options?: readonly string[];
  readonly change?: Partial<Connection>;
}

/** Over HTTP, by signing up. */
function overHttp(shop: Shop, { options = [], change = {} }: Way = {}): Connection {
  const given = optionsOf(co4353, ['propagation=400ms', ...options]);
  return connectionTo(shop.urls[0]!, { options: given, ...change });
}

/** With the signing key and the database. */
function overSql(shop: Shop, { options = [], change = {} }: Way = {}): Connection {
  const databaseUrl = shop.sql.options.connectionString!;
  return overHttp(shop, { options, change: { token: shop.signingKey, databaseUrl, ...change } });
}

const newRunId = (): string => randomBytes(5).toString('hex');
const askedFor = (buyers: number, plan: Partial<Plan> = {}) => ({
  plan: planOf({ buyers, ...plan }),
  intents: intentsOf(newRunId(), buyers, plan.pools),
});

/** A run that can act for its buyers. */
interface Run extends Provisioned {
  readonly intents: IntentsFile;
}
async function provisioned(connection: Connection, asked: ReturnType<typeof askedFor>) {
  const made = await admin.provision(connection, asked);
  fixtureSchema.parse(made.fixture);
  return { ...made, intents: asked.intents };
}

/** What one buyer asks for, as k6 would send it. */
async function act(shop: Shop, run: Run, i: number, kind: OperationKind, more?: Partial<Asked>) {
  const { fixture, secrets, intents } = run;
  const secret = secrets.buyers?.[i] ?? secrets.shared ?? '';
  const asked = { ...askedBy(fixture, intents, i), secret, data: fixture.data ?? {}, ...more };
  const { path, method, headers, body } = protocol[kind]!.say(asked);
  const reply = await fetch(shop.urls[0]! + path, { method, headers, body });
  const text = await reply.text();
  return protocol[kind]!.read({ status: reply.status, body: text, silence: null }, asked);
}

async function rejection(work: Promise<unknown>): Promise<Failure> {
  const error: unknown = await work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Failure);
  return error as Failure;
}

describe('before anything is sent', () => {
  test('the shop is what it should be, in both dialects, with and without secrets', async () => {
    for (const shop of [events, tickets]) {
      await admin.probe(overHttp(shop));
      await admin.probe(overSql(shop));
    }
  });

  test('a wrong key is the user’s to mend, and is not repeated', async () => {
    const change = { token: 'the wrong key' };
    const failure = await rejection(admin.probe(overHttp(events, { change })));
    expect(failure).toBeInstanceOf(UsageFailure);
    expect(failure.parts.remedy).toContain('JWT_KEY');
    expect(inspect(failure)).not.toContain('the wrong key');
  });

  test.each([
    ['<!DOCTYPE html><h1>Shop</h1>', 200],
    ['{"events":[]}', 200],
    ['[{"id":1}]', 200],
    ['', 502],
  ])('something else is no shop: %s', async (body, status) => {
    const other = await startServer((_, reply) => reply.writeHead(status).end(body));
    const failure = await rejection(admin.probe(overHttp({ ...events, urls: [other.url] })));
    await other.stop();
    expect(failure).toBeInstanceOf(RunFailure);
    expect(failure.parts.where).toContain('/api/events');
  });

  test('a database of something else is found out', async () => {
    const databaseUrl = events.sql.options.connectionString!.replace(/[^/]+$/, 'template1');
    const { parts } = await rejection(admin.probe(overSql(events, { change: { databaseUrl } })));
    expect(parts.got).toContain('orders.orders');
  });

  test.each([
    ['MongoDB', 'mongodb://user:geheim@127.0.0.1/orders'],
    ['nobody there', 'postgres://user:geheim@127.0.0.1:1/orders'],
  ])('a connection string that leads nowhere: %s', async (_, databaseUrl) => {
    const failure = await rejection(admin.probe(overSql(events, { change: { databaseUrl } })));
    expect(inspect(failure)).not.toContain('geheim');
  });

  test.each(['eventure', 'ticket', 'hold=1h'])('an option that does not fit: %s', (value) => {
    const given = value.includes('=') ? value : `dialect=${value}`;
    expect(() => optionsOf(co4353, [given])).toThrow(UsageFailure);
  });
});

test.each(['events', 'tickets'])('every call is as the contract says: %s', async (dialect) => {
  const shop = dialect === 'events' ? events : tickets;
  const trials = await admin.check(dialect === 'events' ? overHttp(shop) : overSql(shop));
  expect(trials.filter(({ got }) => got !== null)).toEqual([]);
  expect(trials).toHaveLength(23);
});

describe('provisioning', () => {
  test('with the key: pools and buyers who can buy, and no account', async () => {
    const accounts = async () =>
      (await events.sql.query('SELECT count(*)::int AS n FROM auth.users')).rows[0].n;
    const before = await accounts();
    const asked = askedFor(5, { pools: 2, capacity: 7 });
    expect((await admin.outline(overSql(events), asked)).join(' ')).toMatch(
      /5 sessions with the signing key.*Make 2 events of 7 tickets/,
    );
    const run = await provisioned(overSql(events), asked);
    expect(run.fixture.pools.map((p) => [p.capacity, p.remaining, p.price])).toEqual([
      [7, 7, 2000],
      [7, 7, 2000],
    ]);
    expect(new Set(run.fixture.buyers.map(({ id }) => id)).size).toBe(5);
    expect(run.fixture).toMatchObject({ access: 'sql', baselineOrders: [] });
    const again = await provisioned(overSql(events), asked);
    expect(again.fixture).toEqual(run.fixture);
    expect((await admin.outline(overSql(events), asked)).join(' ')).toContain('Make 0 events');
    expect(await act(events, again, 3, 'purchase')).toMatchObject({ outcome: 'ok' });
    expect(await accounts()).toBe(before);
  });

  test('without it: accounts, which a second call finds', async () => {
    const asked = askedFor(6);
    const run = await provisioned(overHttp(events), asked);
    expect(run.fixture.access).toBe('http');
    expect(new Set(run.secrets.buyers).size).toBe(6);
    const again = await provisioned(overHttp(events), asked);
    expect(again.fixture).toEqual(run.fixture);
    expect(await act(events, again, 5, 'purchase')).toMatchObject({ outcome: 'ok' });
  });

  test('the outline changes nothing', async () => {
    const asked = askedFor(2);
    const first = await admin.outline(overHttp(events), asked);
    expect(await admin.outline(overHttp(events), asked)).toEqual(first);
  });

  test('a shop that sets no cookie is told, without the password', async () => {
    const other = await startServer(({ url }, reply) =>
      reply.end(url === '/api/events' ? '[]' : '{"id":"1"}'),
    );
    const connection = overHttp({ ...events, urls: [other.url] });
    const { parts } = await rejection(admin.provision(connection, askedFor(3)));
    await other.stop();
    expect(parts).toMatchObject({ expected: 'a session cookie' });
    expect(parts.remedy).toContain('https');
  });

  test('what is held from before would come back in the middle of the run', async () => {
    const asked = askedFor(3, { capacity: 5 });
    const run = await provisioned(overSql(events), asked);
    expect(await act(events, run, 0, 'purchase')).toMatchObject({ outcome: 'ok' });
    await quiet(events);
    for (const connection of [
      overSql(events),
      overHttp(events, { change: { token: events.signingKey } }),
    ]) {
      const failure = await rejection(admin.provision(connection, asked));
      expect(failure.parts.got).toContain('1 unpaid orders');
    }
  });

  test('what was paid for before is not this run’s business', async () => {
    const asked = askedFor(3, { capacity: 5 });
    const run = await provisioned(overSql(events), asked);
    const { order = '' } = await act(events, run, 0, 'hold');
    await quiet(events);
    expect(await act(events, run, 0, 'pay', { order })).toMatchObject({ outcome: 'ok' });
    await quiet(events);
    const again = await provisioned(overSql(events), asked);
    expect(again.fixture.pools[0]).toMatchObject({ capacity: 4, remaining: 4 });
    expect(again.fixture.baselineOrders).toEqual([order]);
    const reading = await admin.read(overSql(events), again);
    expect(reading.orders).toEqual([]);
    expect(reading.payments).toEqual([]);
  });

  test.each([
    [{ capacity: 0 }, 'at least one ticket a pool'],
    [{ seats: true as const }, 'a plan without seats'],
  ])('a plan that the shop cannot have: %j', async (plan, expected) => {
    const failure = await rejection(admin.provision(overSql(events), askedFor(1, plan)));
    expect(failure).toBeInstanceOf(UsageFailure);
    expect(failure.parts.expected).toBe(expected);
  });

  test('a run id made with another plan is said, not mixed', async () => {
    const asked = askedFor(1, { capacity: 5 });
    await admin.provision(overSql(events), asked);
    const other = { ...asked, plan: planOf({ capacity: 6 }) };
    const { parts } = await rejection(admin.provision(overSql(events), other));
    expect(parts.got).toBe('5 left and 0 paid for');
  });

  test('a database that never hears of the events is not this shop’s', async () => {
    const databaseUrl = tickets.sql.options.connectionString!;
    const elsewhere = overSql(events, { change: { databaseUrl, timeoutMs: 500 } });
    const { parts } = await rejection(admin.provision(elsewhere, askedFor(1)));
    expect(parts.got).toContain('without 1 of them');
  });

  test('taking away is not possible, and said', async () => {
    const run = await provisioned(overSql(events), askedFor(1));
    expect((await admin.deprovision(overSql(events), run)).join()).toMatch(/ stay, .*nothing away/);
  });
});

/** One who pays, one who sells back, one who lets it expire, one who holds, and one who comes too late. */
async function playedOn(shop: Shop, connection: Connection): Promise<Run & { orders: string[] }> {
  const run = await provisioned(connection, askedFor(5, { capacity: 4 }));
  const seatOf = (i: number) => ({ seat: run.fixture.pools[0]!.seats?.[Math.min(i, 3)] ?? null });
  const orders: string[] = [];
  const hold = async (i: number) => {
    const { outcome, order = '', expiresAt } = await act(shop, run, i, 'hold', seatOf(i));
    expect([i, outcome, expiresAt === undefined]).toEqual([i, 'ok', false]);
    orders.push(order);
    return order;
  };
  const [paid, soldBack] = [await hold(0), await hold(1)];
  await quiet(shop);
  for (const [i, order] of [paid, soldBack].entries())
    expect(await act(shop, run, i, 'pay', { order })).toMatchObject({
      outcome: 'ok',
      amount: 2000,
    });
  await quiet(shop);
  expect(await act(shop, run, 0, 'status', { order: paid })).toMatchObject({ state: 'paid' });
  expect(await act(shop, run, 1, 'cancel', { order: soldBack })).toMatchObject({ outcome: 'ok' });
  const left = await hold(2);
  await letTimePass(shop);
  await expired(shop);
  expect(await act(shop, run, 2, 'pay', { order: left })).toMatchObject({ reason: 'cancelled' });
  await hold(3);
  await quiet(shop);
  return { ...run, orders };
}

describe('reading back', () => {
  test('orders, payments and both counters; over HTTP what the buyers can see', async () => {
    const run = await playedOn(events, overSql(events));
    const [pool] = run.fixture.pools;
    const reading = await admin.read(overSql(events), run);
    expect(reading).toMatchObject({ complete: true, exhaustive: true, caveats: [] });
    const standing = (rows: typeof reading.orders) =>
      run.orders
        .map((id) => rows.find((row) => row.id === id))
        .map((row) => [row?.state, row?.status]);
    const expected = [
      ['paid', 'live'],
      ['cancelled', 'cancelled'],
      ['cancelled', 'cancelled'],
      ['held', 'live'],
    ];
    expect(standing(reading.orders)).toEqual(expected);
    const counters = [
      { name: 'orders service', remaining: 2 },
      { name: 'event service', remaining: 2 },
    ];
    expect(reading.pools).toEqual([{ id: pool!.id, remaining: 2, counters }]);
    const key = (i: number) => run.intents.intents[i]!.key;
    expect(
      reading.payments!.map(({ intent, amount, status }) => [intent, amount, status]).sort(),
    ).toEqual([
      [key(0), 2000, 'charged'],
      [key(1), 2000, 'charged'],
      [key(1), 2000, 'refunded'],
    ]);
    const byHttp = await admin.read(overHttp(events), run);
    expect(byHttp).toMatchObject({ complete: true, exhaustive: false, pools: reading.pools });
    expect(standing(byHttp.orders)).toEqual(expected);
    expect(byHttp).not.toHaveProperty('payments');
    const owners = (rows: typeof reading.orders) =>
      rows.map((row) => [row.id, row.intent, row.pool]).sort();
    expect(owners(byHttp.orders)).toEqual(owners(reading.orders));
  });

  test('a stranger’s order is seen over SQL, and named nobody’s', async () => {
    const run = await provisioned(overSql(events), askedFor(2, { capacity: 5 }));
    const stranger = await provisioned(overSql(events), askedFor(1));
    const elsewhere = { ...stranger, fixture: { ...stranger.fixture, pools: run.fixture.pools } };
    expect(await act(events, elsewhere, 0, 'purchase')).toMatchObject({ outcome: 'ok' });
    await quiet(events);
    const reading = await admin.read(overSql(events), run);
    expect(reading.orders.map(({ intent }) => intent)).toEqual([null]);
    const byHttp = await admin.read(overHttp(events), run);
    expect(byHttp.orders).toEqual([]);
    // Nobody of the run has an order, so only the event service tells what is left.
    expect(byHttp.pools[0]).toMatchObject({ remaining: 4, counters: [{ name: 'event service' }] });
  });

  test('what a buyer of the run got elsewhere is not lost', async () => {
    const run = await provisioned(overSql(events), askedFor(1));
    const other = await provisioned(overSql(events), askedFor(1));
    const elsewhere = { ...run, fixture: { ...run.fixture, pools: other.fixture.pools } };
    const { order = '' } = await act(events, elsewhere, 0, 'purchase');
    const { key } = run.intents.intents[0]!;
    const row = { id: order, pool: other.fixture.pools[0]!.id, intent: key, status: 'live' };
    for (const connection of [overSql(events), overHttp(events)])
      expect((await admin.read(connection, run)).orders).toMatchObject([row]);
  });

  test('with one session for all nobody can tell whose an order is', async () => {
    const connection = overSql(events, { options: ['buyers=shared'] });
    const run = await provisioned(connection, askedFor(3, { capacity: 5 }));
    expect(new Set(run.fixture.buyers.map(({ id }) => id)).size).toBe(1);
    for (const i of [0, 1]) await act(events, run, i, 'purchase');
    await quiet(events);
    for (const way of [connection, overHttp(events)]) {
      const reading = await admin.read(way, run);
      expect(reading.complete).toBe(false);
      expect(reading.orders.map(({ intent }) => intent)).toEqual([null, null]);
      expect(reading.caveats.join()).toContain('buyers=own');
    }
  });

  test('tickets one by one: a seat each, and a taken one is no pool that is sold out', async () => {
    for (const connection of [overSql(tickets), overHttp(tickets)]) {
      const run = await playedOn(tickets, connection);
      const [pool] = run.fixture.pools;
      expect(pool!.seats).toHaveLength(4);
      const seat = pool!.seats![3]!;
      expect(await act(tickets, run, 4, 'hold', { seat })).toMatchObject({
        reason: 'seat-taken',
        seat,
      });
      expect(await act(tickets, run, 4, 'availability')).toMatchObject({ outcome: 'ok', value: 2 });
      const reading = await admin.read(connection, run);
      expect(reading.pools[0]).toMatchObject({ id: pool!.id, remaining: 2 });
      const rows = reading.orders.filter(({ status }) => status === 'live');
      expect(rows.map((row) => row.seat).sort()).toEqual([pool!.seats![0], seat].sort());
      expect(new Set(reading.orders.map((row) => row.pool))).toEqual(new Set([pool!.id]));
    }
  });

  test('nothing of a secret is in what goes into files', async () => {
    const run = await provisioned(overSql(events), askedFor(2));
    const reading = await admin.read(overSql(events), run);
    const outline = await admin.outline(overSql(events), { plan: planOf(), intents: run.intents });
    const text = inspect([run.fixture, run.intents, reading, outline], { depth: null });
    const { password } = new URL(events.sql.options.connectionString!);
    for (const secret of [events.signingKey, password, 'express:sess', ...run.secrets.buyers!])
      expect(text).not.toContain(secret);
  });

  test('orders that cannot be read are said', async () => {
    const run = await provisioned(overSql(events), askedFor(2));
    const other = await startServer(({ url, headers }, reply) => {
      if (url?.startsWith('/api/events/'))
        return reply.end('{"id":"1","name":"n","ticketsLeft":1}');
      return headers.cookie === run.secrets.buyers![0]
        ? reply.end('[]')
        : reply.writeHead(502).end();
    });
    const reading = await admin.read(overHttp({ ...events, urls: [other.url] }), run);
    await other.stop();
    expect(reading.complete).toBe(false);
    expect(reading.caveats.join()).toContain('1 of 2 sessions');
  });
});
