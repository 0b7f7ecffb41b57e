import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { json, page, type Shop, settle, startShop, text } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop('2024');
});
afterAll(() => shop.service.stop());

const NOBODY = '11111111-1111-4111-8111-111111111111';

describe('payment', () => {
  test('a user gets funds and is read with key user_id and an integer', async () => {
    const user = await shop.newUser(10);
    expect(await shop.post(`/payment/add_funds/${user}/5`)).toEqual(
      text(`User: ${user} credit updated to: 15`),
    );
    expect(await shop.get(`/payment/find_user/${user}`)).toEqual(
      json(`{"user_id":"${user}","credit":15}`),
    );
  });

  test('a payment is a subtraction; too much is 400', async () => {
    const user = await shop.newUser(10);
    expect((await shop.post(`/payment/pay/${user}/7`)).status).toBe(200);
    expect((await shop.post(`/payment/pay/${user}/4`)).status).toBe(400);
    expect((await shop.get(`/payment/find_user/${user}`)).body).toContain('"credit":3');
  });

  test('nobody is 400 everywhere', async () => {
    for (const answer of [
      await shop.post(`/payment/add_funds/${NOBODY}/1`),
      await shop.get(`/payment/find_user/${NOBODY}`),
      await shop.post(`/payment/pay/${NOBODY}/1`),
    ])
      expect(answer).toEqual(page(400, `User: ${NOBODY} not found!`));
  });

  test('there is no cancel and no status', async () => {
    for (const path of ['/payment/cancel/u/o', '/payment/status/u/o', '/payment/pay/u/o/1'])
      expect(await shop.post(path)).toEqual(page(404));
  });
});

describe('stock', () => {
  test('an item is read without its id and with integers', async () => {
    const item = await shop.newItem(5, 3);
    expect(await shop.get(`/stock/find/${item}`)).toEqual(json('{"price":5,"stock":3}'));
    expect(await shop.post(`/stock/add/${item}/1`)).toMatchObject(text(/./));
    expect((await shop.post(`/stock/subtract/${item}/4`)).status).toBe(200);
    expect((await shop.post(`/stock/subtract/${item}/1`)).status).toBe(400);
  });

  test('an item that does not exist is 400 everywhere', async () => {
    for (const answer of [
      await shop.get(`/stock/find/${NOBODY}`),
      await shop.post(`/stock/add/${NOBODY}/1`),
      await shop.post(`/stock/subtract/${NOBODY}/1`),
    ])
      expect(answer).toEqual(page(400, `Item: ${NOBODY} not found!`));
  });
});

describe('orders', () => {
  test('addItem takes a quantity, a negative one as well', async () => {
    const item = await shop.newItem(5, 9);
    const order = await shop.newOrder(NOBODY);
    for (const quantity of [3, -1])
      expect((await shop.post(`/orders/addItem/${order}/${item}/${quantity}`)).status).toBe(200);
    expect(await shop.get(`/orders/find/${order}`)).toEqual(
      json(
        `{"order_id":"${order}","items":[["${item}",3],["${item}",-1]],"paid":false,"total_cost":10,"user_id":"${NOBODY}"}`,
      ),
    );
  });

  test('an order or an item that does not exist is 400; removing is no address', async () => {
    const order = await shop.newOrder(NOBODY);
    expect(await shop.post(`/orders/addItem/${order}/${NOBODY}/1`)).toEqual(
      page(400, `Item: ${NOBODY} does not exist!`),
    );
    for (const answer of [
      await shop.get(`/orders/find/${NOBODY}`),
      await shop.post(`/orders/addItem/${NOBODY}/x/1`),
      await shop.post(`/orders/checkout/${NOBODY}`),
    ])
      expect(answer).toEqual(page(400, `Order: ${NOBODY} not found!`));
    for (const path of ['/orders/removeItem/o/i', '/orders/remove/o', '/orders/clear_tables'])
      expect(await shop.remove(path)).toEqual(page(404));
    expect(await shop.post('/orders/addItem/o/i')).toEqual(page(404));
  });

  test('what is no number crashes; what comes back in a page is no markup', async () => {
    expect(await shop.post(`/payment/add_funds/${NOBODY}/much`)).toEqual(page(500));
    const { body } = await shop.get('/payment/find_user/%3Cb%3E');
    expect(body).toContain('User: &lt;b&gt; not found!');
  });
});

describe('POST /orders/checkout', () => {
  const checkout = (order: string) => shop.post(`/orders/checkout/${order}`);

  test('pays once, however often it is called, and the read after it is fresh', async () => {
    const [user, item] = [await shop.newUser(100), await shop.newItem(5, 9)];
    const order = await shop.newOrder(user, item);
    await shop.get(`/payment/find_user/${user}`);
    for (let i = 0; i < 2; i += 1)
      expect(await checkout(order)).toEqual(text('Checkout successful'));
    expect((await shop.get(`/payment/find_user/${user}`)).body).toContain('"credit":95');
    expect((await shop.get(`/stock/find/${item}`)).body).toContain('"stock":8');
    expect((await shop.get(`/orders/find/${order}`)).body).toContain('"paid":true');
  });

  test('of an empty order is a success', async () => {
    expect((await checkout(await shop.newOrder(await shop.newUser(0)))).status).toBe(200);
  });

  test.each([
    ['stock', 100, 0, 'Out of stock on item_id: ITEM'],
    ['credit', 4, 9, 'User out of credit'],
    ['either', 4, 0, 'Out of stock on item_id: ITEM'],
  ])('without enough %s is 400, and everything is given back', async (_, credit, stock, words) => {
    const [user, item] = [await shop.newUser(credit), await shop.newItem(5, stock)];
    const order = await shop.newOrder(user, item);
    expect(await checkout(order)).toEqual(page(400, words.replace('ITEM', item)));
    await settle(shop);
    expect((await shop.get(`/payment/find_user/${user}`)).body).toContain(`"credit":${credit}`);
    expect((await shop.get(`/stock/find/${item}`)).body).toContain(`"stock":${stock}`);
    expect((await shop.get(`/orders/find/${order}`)).body).toContain('"paid":false');
  });

  test('of a user that is not there is 400', async () => {
    const order = await shop.newOrder(NOBODY, await shop.newItem(5, 9));
    expect((await checkout(order)).status).toBe(400);
  });
});

test('batches are made with numbers for names, and made anew', async () => {
  for (let i = 0; i < 2; i += 1) {
    expect(await shop.post('/payment/batch_init/20/1000')).toEqual(
      json('{"msg":"Batch init for users successful"}'),
    );
    expect(await shop.post('/stock/batch_init/10/50/2')).toEqual(
      json('{"msg":"Batch init for stock successful"}'),
    );
    expect(await shop.post('/orders/batch_init/30/10/20/2')).toEqual(
      json('{"msg":"Batch init for orders successful"}'),
    );
    expect((await shop.get('/payment/find_user/19')).body).toBe('{"user_id":"19","credit":1000}');
    expect((await shop.get('/stock/find/9')).body).toBe('{"price":2,"stock":50}');
    const order = JSON.parse((await shop.get('/orders/find/29')).body);
    expect(order).toMatchObject({ order_id: '29', paid: false, total_cost: 4 });
    for (const [item, quantity] of order.items) {
      expect(Number(item)).toBeLessThan(10);
      expect(quantity).toBe(1);
    }
    expect((await shop.post('/orders/checkout/29')).status).toBe(200);
  }
  expect((await shop.get('/payment/find_user/20')).status).toBe(400);
});

test('a database that refuses is blamed on the client', async () => {
  const user = await shop.newUser(1);
  await shop.service.sql.query('ALTER TABLE payment.account RENAME TO gone');
  expect(await shop.post(`/payment/add_funds/${user}/1`)).toEqual(page(400, 'DB error'));
  await shop.service.sql.query('ALTER TABLE payment.gone RENAME TO account');
});
