import { afterAll, beforeAll, expect, test } from 'vitest';
import { UsageFailure } from '../../../lib/model/failure.ts';
import { type Service, startService } from '../../target/service.ts';
import { knownOf } from '../connection.ts';
import { act, admin, connection, provisioned, rejection, wanted } from './wdm-shop.ts';

let shop: Service;
beforeAll(async () => {
  shop = await startService('wdm', '--option', 'generation=2024');
});
afterAll(() => shop?.stop());

const overHttp = (...options: string[]) => connection(shop.url, { options });
const overSql = () => connection(shop.url, { databaseUrl: shop.databaseUrl });

test('everything is as told', async () => {
  await admin.probe(overSql());
  const trials = await admin.check(overHttp());
  expect(trials.filter(({ got }) => got !== null)).toEqual([]);
});

test('the form is found out, sold to the last, and read back by both ways alike', async () => {
  const asked = wanted({ capacity: 4 }, { buyers: 3, quantity: 2 });
  const fixture = await provisioned(overHttp('price=5'), asked);
  expect(fixture.data).toEqual({ generation: '2024', assume: 'sold-out', reads: 'exact' });
  const known = knownOf(fixture, asked.intents);
  const [first, second, third] = [
    await act(shop.url, 'purchase', { ...known, i: 0 }),
    await act(shop.url, 'purchase', { ...known, i: 1 }),
    await act(shop.url, 'purchase', { ...known, i: 2 }),
  ];
  expect([first, second]).toMatchObject([{ outcome: 'ok' }, { outcome: 'ok' }]);
  expect(third).toMatchObject({ outcome: 'refused', reason: 'sold-out' });
  expect(await act(shop.url, 'availability', { ...known, i: 0 })).toMatchObject({ value: 0 });
  expect(await act(shop.url, 'status', { ...known, i: 1 })).toMatchObject({ state: 'paid' });
  const [http, sql] = [await admin.read(overHttp(), known), await admin.read(overSql(), known)];
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  expect(http.orders.toSorted(byId)).toEqual(sql.orders.toSorted(byId));
  expect(http.orders.map(({ quantity }) => quantity)).toEqual([2, 2]);
  expect(http.accounts).toEqual(sql.accounts);
  expect(http.accounts!.map(({ credit }) => credit)).toEqual([90, 90, 100]);
  expect(http.pools).toEqual(sql.pools);
});

test('who lacks credit is told so, and reads count as late, for stock moved meanwhile', async () => {
  const asked = wanted({ capacity: 4 });
  const fixture = await provisioned(overHttp('price=5', 'credit=4'), asked);
  expect(fixture.data).toMatchObject({ assume: 'nothing', reads: 'lag' });
  const of = { fixture, intents: asked.intents, i: 0 };
  expect(await act(shop.url, 'purchase', of)).toMatchObject({
    ...{ outcome: 'refused', reason: 'no-credit' },
  });
  const gone = { ...fixture, buyers: [{ ...fixture.buyers[0]!, order: 'none' }] };
  expect(await act(shop.url, 'purchase', { ...of, fixture: gone })).toMatchObject({
    ...{ outcome: 'fail', reason: 'client-error' },
  });
});

test('users and items come by the batch where that is asked for', async () => {
  const asked = wanted({ pools: 2, capacity: 4 }, { buyers: 3 });
  const fixture = await provisioned(overHttp('batch=yes', 'price=5'), asked);
  expect(fixture.pools.map(({ id, capacity }) => [id, capacity])).toEqual([
    ['0', 4],
    ['1', 4],
  ]);
  expect(fixture.buyers.map(({ id }) => id)).toEqual(['0', '1', '2']);
  const of = { fixture, intents: asked.intents, i: 2 };
  expect(await act(shop.url, 'purchase', of)).toMatchObject({ outcome: 'ok' });
  const { accounts } = await admin.read(overHttp(), knownOf(fixture, asked.intents));
  expect(accounts!.map(({ credit }) => credit)).toEqual([50, 50, 45]);
});

test('the other form is turned down before anybody buys, and nothing can be taken away', async () => {
  const failure = await rejection(admin.provision(overHttp('generation=2021'), wanted()));
  expect(failure).toBeInstanceOf(UsageFailure);
  const asked = wanted();
  const fixture = await provisioned(overHttp(), asked);
  expect(await admin.deprovision(overHttp(), knownOf(fixture, asked.intents))).toEqual([
    '3 orders, 3 users and 1 items stay: the API cannot take them away.',
  ]);
});
