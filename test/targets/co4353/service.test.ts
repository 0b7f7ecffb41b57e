import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Failure, RunFailure, UsageFailure } from '../../../lib/model/failure.ts';
import { co4353 } from '../../../lib/targets/co4353/target.ts';
import { optionsOf } from '../../../lib/targets/options.ts';
import { quiet, type Shop, startBench } from '../../target/co4353/shop.ts';
import { planOf } from '../connection.ts';
import { startServer } from '../hostile-server.ts';
import { act, askedFor, overHttp, overSql, provisioned } from './scene.ts';

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
