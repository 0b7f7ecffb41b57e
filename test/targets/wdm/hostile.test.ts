import { afterEach, expect, test } from 'vitest';
import { RunFailure } from '../../../lib/model/failure.ts';
import { knownOf } from '../connection.ts';
import { closedUrl, startServer } from '../hostile-server.ts';
import { type Oddity, type OddShop, startOddShop } from './odd-shop.ts';
import { act, admin, connection, provisioned, rejection, wanted } from './wdm-shop.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function oddShop(odd: Oddity = () => null): Promise<OddShop> {
  const shop = await startOddShop(odd);
  stops.push(shop.stop);
  return shop;
}

test('numbers for ids are as good as words', async () => {
  const shop = await oddShop();
  const asked = wanted({ capacity: 3 }, { quantity: 2 });
  const fixture = await provisioned(connection(shop.url), asked);
  const of = { fixture, intents: asked.intents, i: 1 };
  expect(await act(shop.url, 'purchase', of)).toMatchObject({ outcome: 'ok' });
  const reading = await admin.read(connection(shop.url), knownOf(fixture, asked.intents));
  expect(reading.orders).toMatchObject([
    { intent: asked.intents.intents[1]!.key, pool: fixture.pools[0]!.id, quantity: 2 },
  ]);
});

test.each([
  ['is not there', closedUrl, /a refused connection/],
  ['is another server', () => answering(200, '<h1>Welcome</h1>'), /status 200 with "<h1>Welcome/],
  ['is a gateway without its services', () => answering(502, ''), /status 502/],
])('a shop that %s is found before anything is made', async (_, url, told) => {
  const failure = await rejection(admin.probe(connection(await url())));
  expect(failure).toBeInstanceOf(RunFailure);
  expect(failure.message).toMatch(told);
});

async function answering(status: number, body: string): Promise<string> {
  const server = await startServer((_, reply) => reply.writeHead(status).end(body));
  stops.push(server.stop);
  return server.url;
}

const instead =
  (pattern: RegExp, status: number, body: string): Oddity =>
  (line) =>
    pattern.test(line) ? { status, body } : null;

test.each([
  ['funds that did not arrive', instead(/add_funds/, 200, '{"done":false}'), /"done":false/],
  ['an id that leads elsewhere', instead(/create_user/, 200, '{"user_id":".."}'), /does not fit/],
  ['stock that is not shown', instead(/stock\/find/, 200, '{"price":10,"stock":0}'), /got 0 at 10/],
  ['a price of its own', instead(/stock\/find/, 200, '{"price":9.5,"stock":2}'), /got 2 at 9.5/],
  [
    'one order for everybody',
    instead(/orders\/create/, 200, '{"order_id":1}'),
    /one id for several/,
  ],
  ['no way to tell its form', instead(/addItem.*\/1$/, 500, 'oops'), /generation=2021 or 2024/],
  [
    'an order without its items',
    instead(/orders\/find/, 200, '{"items":[],"paid":false,"total_cost":0,"user_id":1}'),
    /1 units that costs 10, got an unpaid one of 0/,
  ],
])('%s is found before the load', async (_, odd, told) => {
  const shop = await oddShop(odd);
  const failure = await rejection(admin.provision(connection(shop.url), wanted()));
  expect(failure.message).toMatch(told);
  expect(shop.asked.some((line) => line.includes('checkout'))).toBe(false);
});

test('a request that is never answered is given up, and nothing is filled twice', async () => {
  let lost = 0;
  const shop = await oddShop((line) =>
    line.includes('/stock/add/') && lost++ === 0 ? 'never' : null,
  );
  const to = connection(shop.url, { timeoutMs: 300 });
  const fixture = await provisioned(to, wanted({ capacity: 4 }));
  expect(fixture.pools).toMatchObject([{ capacity: 4, remaining: 4 }]);
  const filled = shop.asked.filter((line) => line.includes('/stock/add/'));
  expect(new Set(filled).size).toBe(filled.length);
});

test('a shop that tells a little later what it has done is as good as one that tells it at once', async () => {
  const shop = await oddShop((line, asked) => {
    if (asked > 1) return null;
    if (line.includes('/stock/find/')) return { status: 200, body: '{"price":10,"stock":0}' };
    if (!line.includes('/orders/find/')) return null;
    return { status: 200, body: '{"items":[],"paid":false,"total_cost":0,"user_id":0}' };
  });
  const { pools } = await provisioned(connection(shop.url), wanted({ capacity: 2 }));
  expect(pools).toMatchObject([{ capacity: 2, remaining: 2 }]);
  const trials = await admin.check(connection(shop.url));
  const paid = trials.find(({ what }) => what.includes('find of a paid order'));
  expect(paid).toMatchObject({ got: null });
});

test('a shop that tells old values for ever is said to lag, service by service', async () => {
  const shop = await oddShop();
  const asked = wanted();
  const fixture = await provisioned(connection(shop.url), asked);
  const fresh = await admin.read(connection(shop.url), knownOf(fixture, asked.intents));
  expect(fresh).toMatchObject({ complete: true });
  expect(fresh.mayLag).toBeUndefined();
  const stuck = await oddShop((line) =>
    line.includes('/stock/find/') ? { status: 200, body: '{"price":1,"stock":0}' } : null,
  );
  const reading = await admin.read(
    connection(stuck.url),
    knownOf({ ...fixture, buyers: [] }, asked.intents),
  );
  expect(reading).toMatchObject({ mayLag: true });
  expect(reading.caveats.join()).toMatch(/stock went on telling old values/);
  expect(reading.caveats.join()).not.toMatch(/orders went on/);
});

test('half a unit is left out and said', async () => {
  let sold = false;
  const shop = await oddShop((line) => {
    if (!sold || !/find_user|stock\/find/.test(line)) return null;
    const isCanary = shop.asked.filter((each) => each === line).length > 3;
    return isCanary ? null : { status: 200, body: '{"credit":1.5,"price":10,"stock":2.5}' };
  });
  const asked = wanted({}, { buyers: 1 });
  const fixture = await provisioned(connection(shop.url), asked);
  sold = true;
  const reading = await admin.read(connection(shop.url), knownOf(fixture, asked.intents));
  expect(reading).toMatchObject({ accounts: [], pools: [{ remaining: null }] });
  expect(reading.caveats.join()).toMatch(/1 accounts hold no whole number.*1 items have no whole/);
});

test('what cannot be read makes the reading incomplete, and a dead shop is not asked for ever', async () => {
  let dead = false;
  const shop = await oddShop((line) =>
    dead && /orders\/find/.test(line) ? { status: 500, body: '' } : null,
  );
  const asked = wanted({}, { buyers: 2 });
  const fixture = await provisioned(connection(shop.url), asked);
  dead = true;
  const known = knownOf({ ...fixture, data: { generation: '2024' } }, asked.intents);
  const reading = await admin.read(connection(shop.url), known);
  expect(reading).toMatchObject({ complete: false, orders: [] });
  expect(reading.caveats.join()).toMatch(
    /2 orders, users or items were not read: GET .*status 500/,
  );
});
