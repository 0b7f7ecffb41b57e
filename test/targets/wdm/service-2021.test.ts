import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UsageFailure } from '../../../lib/model/failure.ts';
import { stateSchema } from '../../../lib/model/state.ts';
import { readFinalState } from '../../../lib/targets/settle.ts';
import { wdm } from '../../../lib/targets/wdm/target.ts';
import { type Service, startService } from '../../target/service.ts';
import { knownOf } from '../connection.ts';
import { act, admin, connection, provisioned, rejection, wanted } from './wdm-shop.ts';

let shop: Service;
beforeAll(async () => {
  shop = await startService('wdm', '--option', 'generation=2021', '--processes', '4');
});
afterAll(() => shop?.stop());

const overHttp = (...options: string[]) => connection(shop.url, { options });
const overSql = (...options: string[]) =>
  connection(shop.url, { options, databaseUrl: shop.databaseUrl });

async function rowCounts(): Promise<unknown> {
  const { rows } = await shop.sql.query(
    `SELECT (SELECT count(*) FROM orders.purchase) AS orders,
      (SELECT count(*) FROM payment.account) AS users, (SELECT count(*) FROM stock.item) AS items`,
  );
  return rows[0];
}

test('is recognised without changing anything, and everything is as told', async () => {
  const before = await rowCounts();
  await admin.probe(overHttp());
  await admin.probe(overSql());
  const told = await admin.outline(overHttp(), wanted());
  expect(told.join('\n')).toMatch(/Make 1 items of 2 in stock[\s\S]*Nothing of a former call/);
  expect(await rowCounts()).toEqual(before);
  const trials = await admin.check(overHttp());
  expect(trials.filter(({ got }) => got !== null)).toEqual([]);
  expect(trials.length).toBeGreaterThan(15);
});

describe('provisioning', () => {
  test('makes items, users with ample credit, and an order for each intent', async () => {
    const asked = wanted({ pools: 2, capacity: 7 }, { buyers: 5, quantity: 3 });
    const fixture = await provisioned(overHttp('price=4'), asked);
    expect(fixture).toMatchObject({
      access: 'http',
      data: { generation: '2021', assume: 'sold-out', reads: 'lag' },
      rules: { atomic: true, idempotency: 'none' },
      baselineOrders: [],
    });
    const pool = { capacity: 7, remaining: 7, price: 4 };
    expect(fixture.pools).toMatchObject([pool, pool]);
    const { rows } = await shop.sql.query(
      `SELECT p.id, p.user_id, p.total_cost::int AS cost, p.paid, a.credit::int AS credit,
        array_agg(DISTINCT line->>'item') AS items, sum((line->>'quantity')::int)::int AS units
        FROM orders.purchase p JOIN payment.account a ON a.id = p.user_id,
          jsonb_array_elements(p.items) AS line
        WHERE p.id = ANY ($1) GROUP BY p.id, a.credit ORDER BY array_position($1, p.id)`,
      [fixture.buyers.map(({ order }) => order)],
    );
    expect(rows).toEqual(
      fixture.buyers.map(({ id, order }, i) => ({
        ...{ id: order, user_id: id, cost: 12, paid: false, credit: 120, units: 3 },
        items: [fixture.pools[i % 2]!.id],
      })),
    );
    expect(new Set(fixture.buyers.map(({ id }) => id)).size).toBe(5);
  });

  test('gives a buyer of several intents one account and an order for each', async () => {
    const { plan, intents } = wanted({}, { buyers: 4 });
    const shared = intents.intents.map((intent, i) => ({ ...intent, buyer: i % 2 }));
    const asked = { plan, intents: { ...intents, intents: shared } };
    const { buyers } = await provisioned(overHttp(), asked);
    expect(buyers.map(({ id }) => id)).toEqual([0, 1, 0, 1].map((i) => buyers[i]!.id));
    expect(new Set(buyers.map(({ order }) => order)).size).toBe(4);
    // Twice what a single one would have had.
    expect(buyers[0]!.credit).toBe(200);
  });

  test('takes credit that is not ample for what it is', async () => {
    const poor = await provisioned(overHttp('price=5', 'credit=4'), wanted());
    expect(poor.data).toMatchObject({ assume: 'nothing' });
    const storm = wanted({ attemptsMax: 3 });
    const once = await provisioned(overHttp('price=5', 'credit=14'), storm);
    expect(once.data).toMatchObject({ assume: 'nothing' });
    const thrice = await provisioned(overHttp('price=5', 'credit=15'), storm);
    expect(thrice.data).toMatchObject({ assume: 'sold-out' });
  });

  test('says that the shop speaks another form than the one asked for', async () => {
    const failure = await rejection(admin.provision(overHttp('generation=2024'), wanted()));
    expect(failure).toBeInstanceOf(UsageFailure);
    expect(failure.message).toMatch(/form of 2024, got one that speaks that of 2021/);
  });

  test('makes everything anew when it is called again', async () => {
    const asked = wanted();
    const [first, second] = [
      await provisioned(overHttp(), asked),
      await provisioned(overHttp(), asked),
    ];
    const ids = [first, second].flatMap(({ buyers }) => buyers.flatMap((b) => [b.id, b.order]));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('what is read back', () => {
  test('is the same over HTTP as over SQL, though every process has looked before', async () => {
    const asked = wanted({ capacity: 3, pools: 1 }, { buyers: 5, quantity: 1 });
    const fixture = await provisioned(overHttp('price=5'), asked);
    const known = knownOf(fixture, asked.intents);
    const look = async () => {
      for (let tried = 0; tried < 12; tried++) {
        await act(shop.url, 'availability', { ...known, i: 0 });
        await fetch(`${shop.url}/payment/find_user/${fixture.buyers[0]!.id}`);
      }
    };
    await look();
    const outcomes: string[] = [];
    for (const i of [0, 1, 2, 3]) {
      const { outcome, reason } = await act(shop.url, 'purchase', { ...known, i });
      outcomes.push(`${outcome}${reason}`);
    }
    expect(outcomes).toEqual(['ok', 'ok', 'ok', 'refusedsold-out']);
    const stale = await act(shop.url, 'availability', { ...known, i: 0 });
    expect(stale).toMatchObject({ outcome: 'ok', value: 3, mayLag: true });

    const quick = { fixture, intents: asked.intents, secrets: known.secrets, quietMs: 0 };
    const http = stateSchema.parse(
      await readFinalState({ target: wdm, connection: overHttp(), ...quick }),
    );
    const sql = stateSchema.parse(
      await readFinalState({ target: wdm, connection: overSql(), ...quick }),
    );
    expect(http).toMatchObject({ access: 'http', settled: true, complete: true });
    expect(http).toMatchObject({ exhaustive: false, pools: [{ remaining: 0 }] });
    expect(http.mayLag).toBeUndefined();
    expect(sql).toMatchObject({ access: 'sql', settled: true, complete: true, exhaustive: true });
    expect(http.orders).toEqual(sql.orders);
    expect(http.accounts).toEqual(sql.accounts);
    expect(http.pools).toEqual(sql.pools);
    expect(new Set(http.orders.map(({ intent }) => intent))).toEqual(
      new Set([0, 1, 2].map((i) => asked.intents.intents[i]!.key)),
    );
    expect(http.orders[0]).toMatchObject({ quantity: 1, status: 'live', state: 'paid' });
    const credits = new Map(http.accounts!.map(({ buyer, credit }) => [buyer, credit]));
    expect(fixture.buyers.map(({ id }) => credits.get(id))).toEqual([45, 45, 45, 50, 50]);
  });

  test('has strangers only over SQL', async () => {
    const asked = wanted({ capacity: 3 }, { buyers: 2 });
    const fixture = await provisioned(overHttp(), asked);
    const known = knownOf(fixture, asked.intents);
    await shop.sql.query(
      `INSERT INTO orders.purchase (id, user_id, items, paid)
        VALUES ($1, 'somebody', jsonb_build_array(jsonb_build_object('item', $2::text, 'quantity', 2)), true)`,
      [`stranger-${asked.intents.runId}`, fixture.pools[0]!.id],
    );
    expect((await admin.read(overHttp(), known)).orders).toEqual([]);
    expect((await admin.read(overSql(), known)).orders).toMatchObject([
      { intent: null, buyer: 'somebody', quantity: 2 },
    ]);
  });

  test('is not complete in the database of another shop', async () => {
    const asked = wanted();
    const fixture = await provisioned(overHttp(), asked);
    const foreign = fixture.buyers.map((buyer) => ({ ...buyer, order: `other-${buyer.order}` }));
    const known = knownOf({ ...fixture, buyers: foreign }, asked.intents);
    const reading = await admin.read(overSql(), known);
    expect(reading).toMatchObject({ complete: false });
    expect(reading.caveats.join()).toMatch(/3 orders of this run are not in the database/);
  });
});

test('a second checkout of a paid order charges nobody', async () => {
  const asked = wanted({ capacity: 5 }, { buyers: 1, quantity: 2 });
  const fixture = await provisioned(overHttp('price=5'), asked);
  const of = { fixture, intents: asked.intents, i: 0 };
  expect(await act(shop.url, 'status', of)).toMatchObject({ state: 'none' });
  for (const _ of [1, 2])
    expect(await act(shop.url, 'purchase', of)).toMatchObject({ outcome: 'ok' });
  const { accounts, pools } = await admin.read(overSql(), knownOf(fixture, asked.intents));
  expect(accounts).toMatchObject([{ credit: 90 }]);
  expect(pools).toMatchObject([{ remaining: 3 }]);
});

test('taking away what was made leaves users and items, and says so', async () => {
  const asked = wanted({ capacity: 5 });
  const fixture = await provisioned(overHttp(), asked);
  const known = knownOf(fixture, asked.intents);
  expect(await admin.deprovision(overHttp(), known)).toEqual([
    '3 orders went.',
    '3 users and 1 items stay: the API cannot take them away.',
  ]);
  expect((await admin.deprovision(overHttp(), known))[1]).toMatch(/3 orders were gone before/);
  const reading = await admin.read(overHttp(), known);
  expect(reading).toMatchObject({ complete: false });
  expect(reading.caveats.join()).toMatch(/3 orders, users or items were not read: GET .*404/);
});
