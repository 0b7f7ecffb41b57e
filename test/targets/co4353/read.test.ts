import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../../lib/targets/admin.ts';
import { co4353 } from '../../../lib/targets/co4353/target.ts';
import { expired, letTimePass, quiet, type Shop, startBench } from '../../target/co4353/shop.ts';
import { planOf } from '../connection.ts';
import { startServer } from '../hostile-server.ts';
import { act, askedFor, overHttp, overSql, provisioned, type Run } from './scene.ts';

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
