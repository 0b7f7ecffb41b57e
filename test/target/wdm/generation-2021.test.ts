import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectNoAnswer, json, page, type Shop, settle, startShop, text } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop('2021');
});
afterAll(() => shop.service.stop());

const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;
const NOBODY = '11111111-1111-4111-8111-111111111111';

describe('payment', () => {
  test('a user is made, gets funds, and is read with key id and a float', async () => {
    const made = await shop.post('/payment/create_user');
    const { user_id: user, ...rest } = JSON.parse(made.body);
    expect([made.status, made.type, rest]).toEqual([200, 'application/json', {}]);
    expect(user).toMatch(UUID);
    expect(await shop.post(`/payment/add_funds/${user}/15`)).toEqual(json('{"done":true}'));
    expect(await shop.get(`/payment/find_user/${user}`)).toEqual(
      json(`{"id":"${user}","credit":15.0}`),
    );
    await shop.post(`/payment/add_funds/${user}/0.25`);
    expect(await shop.get(`/payment/find_user/${user}`)).toEqual(
      json(`{"id":"${user}","credit":15.25}`),
    );
  });

  test('funds for nobody are not done and say so with 200; a read of nobody is never answered', async () => {
    expect(await shop.post(`/payment/add_funds/${NOBODY}/1`)).toEqual(json('{"done":false}'));
    await expectNoAnswer(shop, 'GET', `/payment/find_user/${NOBODY}`);
  });

  test('a payment names its order, is seen by its status, and is cancelled once', async () => {
    const user = await shop.newUser(10);
    const status = () => shop.post(`/payment/status/${user}/an-order`);
    expect(await status()).toEqual(json('{"paid":false}'));
    expect((await shop.post(`/payment/pay/${user}/an-order/7`)).status).toBe(200);
    expect(await status()).toEqual(json('{"paid":true}'));
    expect((await shop.post(`/payment/pay/${user}/other/7`)).status).toBe(400);
    for (let i = 0; i < 2; i += 1)
      expect((await shop.post(`/payment/cancel/${user}/an-order`)).status).toBe(200);
    expect(await status()).toEqual(json('{"paid":false}'));
    expect((await shop.get(`/payment/find_user/${user}`)).body).toContain('"credit":10.0');
    await expectNoAnswer(shop, 'POST', `/payment/pay/${NOBODY}/an-order/1`);
  });
});

describe('stock', () => {
  test('an item starts with none, is added to and subtracted from, and is read with floats', async () => {
    const made = await shop.post('/stock/item/create/5');
    const { item_id: item } = JSON.parse(made.body);
    expect(made).toMatchObject({ status: 200, type: 'application/json' });
    const found = (stock: number) => json(`{"id":"${item}","price":5.0,"stock":${stock}}`);
    expect(await shop.get(`/stock/find/${item}`)).toEqual(found(0));
    expect(await shop.post(`/stock/add/${item}/4`)).toMatchObject(text(/./));
    expect(await shop.post(`/stock/subtract/${item}/3`)).toMatchObject(text(/./));
    expect(await shop.get(`/stock/find/${item}`)).toEqual(found(1));
    expect((await shop.post(`/stock/subtract/${item}/2`)).status).toBe(400);
    expect(await shop.get(`/stock/find/${item}`)).toEqual(found(1));
  });

  test('an item that does not exist: 400 where it is counted, no answer where it is read', async () => {
    expect((await shop.post(`/stock/subtract/${NOBODY}/1`)).status).toBe(400);
    await expectNoAnswer(shop, 'GET', `/stock/find/${NOBODY}`);
  });
});

describe('orders', () => {
  test('are made for anybody; every addItem is one unit', async () => {
    const item = await shop.newItem(2.5, 9);
    const order = await shop.newOrder(NOBODY, item, item);
    expect(order).toMatch(UUID);
    expect(await shop.get(`/orders/find/${order}`)).toEqual(
      json(
        `{"id":"${order}","items":["${item}","${item}"],"paid":false,"total_cost":5.0,"user_id":"${NOBODY}"}`,
      ),
    );
    expect((await shop.remove(`/orders/removeItem/${order}/${item}`)).status).toBe(200);
    // The other process may have read it before, so the tables are asked.
    const { rows } = await shop.service.sql.query(
      `SELECT items->0->>'item' AS item, jsonb_array_length(items) AS length, total_cost::float8 AS cost
        FROM orders.purchase WHERE id = $1`,
      [order],
    );
    expect(rows).toEqual([{ item, length: 1, cost: 2.5 }]);
  });

  test('addItem with a quantity is no address of this form, by which it is told from the other', async () => {
    expect(await shop.post('/orders/addItem/o/i/1')).toEqual(page(404));
  });

  test('an item that does not exist is never added and nobody says so', async () => {
    const order = await shop.newOrder(NOBODY);
    await expectNoAnswer(shop, 'POST', `/orders/addItem/${order}/${NOBODY}`);
  });

  test('an order can be removed; one that is not there is 404', async () => {
    const order = await shop.newOrder(NOBODY);
    expect((await shop.remove(`/orders/remove/${order}`)).status).toBe(200);
    for (const answer of [
      await shop.get(`/orders/find/${order}`),
      await shop.remove(`/orders/remove/${order}`),
      await shop.remove(`/orders/removeItem/${order}/${NOBODY}`),
      await shop.post(`/orders/addItem/${order}/${NOBODY}`),
    ])
      expect(answer).toEqual(page(404));
  });
});

describe('POST /orders/checkout', () => {
  const checkout = (order: string) => shop.post(`/orders/checkout/${order}`);

  test('pays once, however often it is called', async () => {
    const [user, item] = [await shop.newUser(100), await shop.newItem(5, 9)];
    const order = await shop.newOrder(user, item, item);
    for (let i = 0; i < 2; i += 1) expect(await checkout(order)).toEqual(text('Order successful'));
    const { rows } = await shop.service.sql.query(
      `SELECT credit::int, stock::int, paid FROM payment.account a, stock.item i, orders.purchase p
        WHERE a.id = $1 AND i.id = $2 AND p.id = $3`,
      [user, item, order],
    );
    expect(rows).toEqual([{ credit: 90, stock: 7, paid: true }]);
  });

  test('of an order that is being checked out joins it', async () => {
    const [user, item] = [await shop.newUser(100), await shop.newItem(5, 9)];
    const order = await shop.newOrder(user, item);
    const answers = await Promise.all(Array.from({ length: 10 }, () => checkout(order)));
    expect(answers).toEqual(answers.map(() => text('Order successful')));
    const { rows } = await shop.service.sql.query(
      'SELECT credit::int FROM payment.account WHERE id = $1',
      [user],
    );
    expect(rows).toEqual([{ credit: 95 }]);
  });

  test('of an empty order is a success', async () => {
    expect(await checkout(await shop.newOrder(await shop.newUser(0)))).toEqual(
      text('Order successful'),
    );
  });

  test.each([
    ['stock', 100, 0, 'Not enough stock'],
    ['credit', 4, 9, 'Not enough credit'],
    ['either', 4, 0, 'Not enough stock\tNot enough credit'],
  ])('without enough %s is 400, and everything is given back', async (_, credit, stock, words) => {
    const [user, item] = [await shop.newUser(credit), await shop.newItem(5, stock)];
    const order = await shop.newOrder(user, item);
    expect(await checkout(order)).toEqual(text(words, 400));
    await settle(shop);
    const { rows } = await shop.service.sql.query(
      `SELECT credit::int, stock::int, paid FROM payment.account a, stock.item i, orders.purchase p
        WHERE a.id = $1 AND i.id = $2 AND p.id = $3`,
      [user, item, order],
    );
    expect(rows).toEqual([{ credit, stock, paid: false }]);
  });

  test('can be tried again after a refusal', async () => {
    const [user, item] = [await shop.newUser(0), await shop.newItem(5, 9)];
    const order = await shop.newOrder(user, item);
    expect((await checkout(order)).status).toBe(400);
    await shop.post(`/payment/add_funds/${user}/5`);
    expect((await checkout(order)).status).toBe(200);
  });

  test('of an order that is not there is the 404 page', async () => {
    expect(await checkout(NOBODY)).toEqual(page(404));
  });

  test('of a user that is not there is never answered, and takes nothing for good', async () => {
    const item = await shop.newItem(5, 9);
    const order = await shop.newOrder(NOBODY, item);
    await expectNoAnswer(shop, 'POST', `/orders/checkout/${order}`);
    await settle(shop);
    expect((await shop.get(`/stock/find/${item}`)).body).toContain('"stock":9');
  });
});

describe('reads', () => {
  test('are as old as the process’s last commit, and fresh after a harmless write', async () => {
    const [user, item] = [await shop.newUser(10), await shop.newItem(5, 9)];
    const order = await shop.newOrder(user, item);
    const credit = async () =>
      JSON.parse((await shop.get(`/payment/find_user/${user}`)).body).credit;
    expect(await credit()).toBe(10);
    expect((await shop.post(`/orders/checkout/${order}`)).status).toBe(200);
    expect(await credit()).toBe(10);
    await shop.post('/payment/create_user');
    expect(await credit()).toBe(5);
  });
});

describe('the gateway and the rest', () => {
  test('nothing else is there: other services, other methods, numbers that are none, batches', async () => {
    for (const [method, path] of [
      ['get', '/'],
      ['get', '/users/x'],
      ['get', '/payment/'],
      ['get', '/payment/create_user'],
      ['post', `/payment/add_funds/${NOBODY}/much`],
      ['post', `/payment/add_funds/${NOBODY}/-1`],
      ['post', `/stock/add/${NOBODY}/1.5`],
      ['post', '/payment/pay/u/1'],
      ['post', '/payment/batch_init/1/1'],
      ['post', '/stock/batch_init/1/1/1'],
      ['post', '/orders/batch_init/1/1/1/1'],
    ] as const)
      expect(await shop[method](path), path).toEqual(page(404));
  });

  test('a body and any content type are looked over', async () => {
    const headers = { 'content-type': 'application/json' };
    const url = `${shop.service.url}/payment/create_user`;
    for (const body of ['', '{'])
      expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(200);
  });

  test.each(['orders', 'payment', 'stock'])('%s counts for Prometheus', async (service) => {
    const { status, type, body } = await shop.get(`/${service}/metrics`);
    expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(body).toMatch(/^# HELP .+\n# TYPE http_requests_total counter\n/);
  });

  test('each service knows only its own tables', async () => {
    const { rows } = await shop.service.sql.query(
      `SELECT has_schema_privilege('wdm_stock', 'payment', 'USAGE') AS one,
        has_schema_privilege('wdm_payment', 'orders', 'USAGE') AS other,
        has_schema_privilege('wdm_orders', 'orders', 'USAGE') AS own`,
    );
    expect(rows).toEqual([{ one: false, other: false, own: true }]);
  });

  test('clear_tables empties one service', async () => {
    const user = await shop.newUser(1);
    for (const service of ['orders', 'payment', 'stock'])
      expect((await shop.remove(`/${service}/clear_tables`)).status).toBe(200);
    expect(await shop.post(`/payment/add_funds/${user}/1`)).toEqual(json('{"done":false}'));
  });
});
