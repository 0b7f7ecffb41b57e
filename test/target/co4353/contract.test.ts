import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type As, ask, CONCERT, newEvent, newUser, quiet, type Shop, startShop } from './shop.ts';

let shop: Shop;
let ada: As;
beforeAll(async () => {
  shop = await startShop('--processes', '1');
  ada = newUser(shop);
});
afterAll(() => shop.stop());

const HTTPS = { 'x-forwarded-proto': 'https' };
const NOBODY = '0123456789abcdef01234567';
const errors = (...messages: string[]) => ({ errors: messages.map((message) => ({ message })) });
const NOT_FOUND = { status: 404, body: errors('Not Found') };
const NOT_AUTHORIZED = { status: 401, body: errors('Not authorized') };
const post = (path: string, body?: unknown, headers = {}) =>
  ask(shop, 'POST', path, { body, headers });

async function paidOrder(buyer: As, eventId: string): Promise<string> {
  const { body } = await buyer('POST', '/api/orders', { eventId });
  await quiet(shop);
  await buyer('POST', '/api/payments', { token: 'tok_visa', orderId: body.id });
  await quiet(shop);
  return body.id;
}

describe('/api/users', () => {
  const account = { email: 'ada@t.co', password: 'pass' };

  test('signup: 200 with credits and a cookie; again 400', async () => {
    const { status, body, cookie } = await post('/api/users/signup', account, HTTPS);
    expect([status, body]).toEqual([
      200,
      { credits: '0', email: 'ada@t.co', id: expect.stringMatching(/^[0-9a-f]{24}$/) },
    ]);
    expect(cookie).toMatch(/^express:sess=[\w+/=]+; path=\/; secure; httponly$/);
    const session = cookie!.slice('express:sess='.length).split(';')[0]!;
    const { jwt, ...rest } = JSON.parse(Buffer.from(session, 'base64').toString());
    const [header, claims] = jwt
      .split('.')
      .map((part: string) => Buffer.from(part, 'base64url').toString());
    expect([rest, JSON.parse(header)]).toEqual([{}, { alg: 'HS256', typ: 'JWT' }]);
    const user = { id: body.id, email: 'ada@t.co', iat: expect.any(Number) };
    expect(JSON.parse(claims)).toEqual(user);
    const headers = { cookie: `express:sess=${session}` };
    expect((await ask(shop, 'GET', '/api/users/currentuser', { headers })).body).toEqual({
      currentUser: user,
    });
    expect(await post('/api/users/signup', account, HTTPS)).toMatchObject({
      status: 400,
      body: errors('Email is already!!'),
    });
  });

  test('over plain http the same replies come without a cookie', async () => {
    const other = { ...account, email: 'plain@t.co' };
    for (const path of ['signup', 'signin', 'signout'])
      expect(await post(`/api/users/${path}`, other)).toMatchObject({ status: 200, cookie: null });
  });

  test('signin: 200 with a cookie; a wrong password or address is 400, not 401', async () => {
    const known = { ...account, email: 'known@t.co' };
    await post('/api/users/signup', known);
    const { status, body, cookie } = await post('/api/users/signin', known, HTTPS);
    expect([status, body.email, cookie]).toEqual([200, 'known@t.co', expect.any(String)]);
    for (const wrong of [
      { ...known, password: 'other' },
      { ...known, email: 'un@t.co' },
    ])
      expect(await post('/api/users/signin', wrong, HTTPS)).toMatchObject({
        status: 400,
        body: errors('Invalid Credentials'),
        cookie: null,
      });
  });

  test('signout: 200 {} and an empty cookie', async () => {
    const { status, body, cookie } = await post('/api/users/signout', {}, HTTPS);
    expect([status, body]).toEqual([200, {}]);
    expect(cookie).toMatch(/^express:sess=; /);
  });

  test('currentuser is null without a session and with a forged one', async () => {
    const forged = Buffer.from('{"jwt":"e30.e30.e30"}').toString('base64');
    for (const cookie of ['a=b', 'express:sess=%%%', `express:sess=${forged}`])
      expect(
        await ask(shop, 'GET', '/api/users/currentuser', { headers: { cookie } }),
      ).toMatchObject({ status: 200, body: { currentUser: null } });
  });

  test('what is not valid is 400 and names its field', async () => {
    const { status, body } = await post('/api/users/signup', { email: 'ada', password: 'abc' });
    expect([status, body.errors.map(({ field }: { field: string }) => field)]).toEqual([
      400,
      ['email', 'password'],
    ]);
    for (const content of [undefined, [], { email: 'b@t.co', password: 'x'.repeat(21) }])
      expect((await post('/api/users/signup', content)).status).toBe(400);
  });
});

describe('/api/events', () => {
  test('new: 201; ticketLeft goes in, ticketsLeft comes out', async () => {
    const { status, body } = await ada('POST', '/api/events/new', CONCERT);
    const { ticketLeft, ...rest } = CONCERT;
    const more = { id: expect.stringMatching(/^[0-9a-f]{24}$/), version: 0 };
    expect(status).toBe(201);
    expect(body).toEqual({ ...rest, ...more, ticketsLeft: 20, userId: expect.any(String) });
    expect(await ada('GET', `/api/events/${body.id}`)).toMatchObject({ status: 200, body });
  });

  test('new without a session is 401, whatever is in it; not valid is 400', async () => {
    expect(await post('/api/events/new', {})).toMatchObject(NOT_AUTHORIZED);
    const bad = { name: '', description: 'x'.repeat(2000), date: 'soon', ticketLeft: 0, price: -1 };
    const { status, body } = await ada('POST', '/api/events/new', bad);
    expect(status).toBe(400);
    expect(body.errors.map(({ field }: { field: string }) => field)).toEqual(Object.keys(bad));
  });

  test('the list has only what is still to come', async () => {
    const past = { ...CONCERT, date: '2001-01-01T00:00:00.000Z' };
    const { body: gone } = await ada('POST', '/api/events/new', past);
    const { body: next } = await ada('POST', '/api/events/new', CONCERT);
    const { status, body } = await ask(shop, 'GET', '/api/events');
    const ids = body.map(({ id }: { id: string }) => id);
    expect([status, ids.includes(next.id), ids.includes(gone.id)]).toEqual([200, true, false]);
  });

  test('an unknown event is 404, a malformed id a 400 that nobody meant', async () => {
    expect(await ask(shop, 'GET', `/api/events/${NOBODY}`)).toMatchObject(NOT_FOUND);
    const { status, body } = await ask(shop, 'GET', '/api/events/1');
    expect(status).toBe(400);
    expect(body).toEqual({ message: expect.stringContaining('Cast to ObjectId failed') });
  });
});

describe('/api/orders', () => {
  test('201 with the copy of the event; then 400 sold out, which leaves nothing', async () => {
    const eventId = await newEvent(shop, 1);
    const { status, body } = await ada('POST', '/api/orders', { eventId });
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: 'created', version: 0 });
    expect(body.event).toMatchObject({ eventId, name: 'Concert', ticketsLeft: 0 });
    expect(body.event.id).not.toBe(eventId);
    const holdMs = Date.parse(body.expiresAt) - Date.now();
    expect(holdMs > 50_000 && holdMs <= 60_500).toBe(true);
    const late = newUser(shop);
    expect(await late('POST', '/api/orders', { eventId })).toMatchObject({
      status: 400,
      body: errors('Ticket is not Available at present'),
    });
    expect((await late('GET', '/api/orders')).body).toEqual([]);
  });

  test('an event that the orders service has not heard of is 404, also while it exists', async () => {
    expect(await ada('POST', '/api/orders', { eventId: NOBODY })).toMatchObject(NOT_FOUND);
    const { rows } = await shop.sql.query(
      `INSERT INTO events.events (id, user_id, name, description, date, price, tickets_left)
        VALUES ('fedcba9876543210fedcba98', 'u', 'Unheard', 'd', '2099-01-01', 1, 5) RETURNING id`,
    );
    const eventId = rows[0].id;
    expect((await ask(shop, 'GET', `/api/events/${eventId}`)).status).toBe(200);
    expect(await ada('POST', '/api/orders', { eventId })).toMatchObject(NOT_FOUND);
  });

  test('no event or a malformed one is 400, no session 401', async () => {
    for (const body of [{}, { eventId: 7 }, { eventId: 'x' }])
      expect(await ada('POST', '/api/orders', body)).toMatchObject({
        status: 400,
        body: { errors: [{ message: 'TicketId must be provided', field: 'eventId' }] },
      });
    expect(await post('/api/orders', {})).toMatchObject(NOT_AUTHORIZED);
    expect(await ask(shop, 'GET', '/api/orders')).toMatchObject(NOT_AUTHORIZED);
    expect(await ask(shop, 'GET', `/api/orders/${NOBODY}`)).toMatchObject(NOT_AUTHORIZED);
  });

  test('one order comes with the publishable key; lists hold one’s own only', async () => {
    const [buyer, other] = [newUser(shop), newUser(shop)];
    const eventId = await newEvent(shop, 5);
    const { body: order } = await buyer('POST', '/api/orders', { eventId });
    expect(await buyer('GET', `/api/orders/${order.id}`)).toMatchObject({
      status: 200,
      body: {
        order: { id: order.id, status: 'created', event: { eventId } },
        env: expect.stringMatching(/^pk_/),
      },
    });
    expect((await buyer('GET', '/api/orders')).body).toMatchObject([{ id: order.id }]);
    expect((await other('GET', '/api/orders')).body).toEqual([]);
    expect(await other('GET', `/api/orders/${order.id}`)).toMatchObject(NOT_AUTHORIZED);
    expect(await other('GET', `/api/orders/${NOBODY}`)).toMatchObject(NOT_FOUND);
  });

  test('sell/ gives a paid ticket back, and its money', async () => {
    const [buyer, other] = [newUser(shop), newUser(shop)];
    const eventId = await newEvent(shop, 2);
    const orderId = await paidOrder(buyer, eventId);
    expect(await other('POST', '/api/orders/sell/', { orderId })).toMatchObject(NOT_FOUND);
    expect(await buyer('POST', '/api/orders/sell/', { orderId })).toMatchObject({
      status: 200,
      body: { id: orderId, status: 'cancelled', event: { ticketsLeft: 2 } },
    });
    expect(await buyer('POST', '/api/orders/sell/', { orderId })).toMatchObject(NOT_FOUND);
    await quiet(shop);
    expect((await ada('GET', `/api/events/${eventId}`)).body.ticketsLeft).toBe(2);
    const text = 'SELECT status FROM payments.payments WHERE order_id = $1';
    expect((await shop.sql.query(text, [orderId])).rows).toEqual([{ status: 'refunded' }]);
  });

  test('sell/ is 404 for what is not paid, 400 shortly before the event', async () => {
    const buyer = newUser(shop);
    const { body: unpaid } = await buyer('POST', '/api/orders', {
      eventId: await newEvent(shop, 1),
    });
    expect(await buyer('POST', '/api/orders/sell/', { orderId: unpaid.id })).toMatchObject(
      NOT_FOUND,
    );
    const date = new Date(Date.now() + 9 * 60_000).toISOString();
    const { body: soon } = await ada('POST', '/api/events/new', { ...CONCERT, date });
    await quiet(shop);
    const orderId = await paidOrder(buyer, soon.id);
    expect(await buyer('POST', '/api/orders/sell/', { orderId })).toMatchObject({
      status: 400,
      body: errors('Ticket is expired'),
    });
  });
});

describe('/api/payments', () => {
  test('201, the order is complete, and a second payment is refused', async () => {
    const buyer = newUser(shop);
    const { body: order } = await buyer('POST', '/api/orders', {
      eventId: await newEvent(shop, 1),
    });
    await quiet(shop);
    const payment = { token: 'tok_visa', orderId: order.id };
    expect(await newUser(shop)('POST', '/api/payments', payment)).toMatchObject(NOT_AUTHORIZED);
    expect(await buyer('POST', '/api/payments', payment)).toMatchObject({
      status: 201,
      body: { id: expect.stringMatching(/^[0-9a-f]{24}$/) },
    });
    await quiet(shop);
    const { body } = await buyer('GET', `/api/orders/${order.id}`);
    expect(body.order).toMatchObject({ status: 'complete', version: 1 });
    expect(await buyer('POST', '/api/payments', payment)).toMatchObject({
      status: 400,
      body: errors('Order is already paid'),
    });
  });

  test('a refused card is a 400 with its text, and the order can still be paid', async () => {
    const buyer = newUser(shop);
    const { body: order } = await buyer('POST', '/api/orders', {
      eventId: await newEvent(shop, 1),
    });
    await quiet(shop);
    for (const [token, message] of [
      ['tok_chargeDeclined', 'Your card was declined.'],
      ['tok_unheard', "No such token: 'tok_unheard'"],
    ])
      expect(await buyer('POST', '/api/payments', { token, orderId: order.id })).toMatchObject({
        status: 400,
        body: { message },
      });
    const payment = { token: 'tok_visa', orderId: order.id };
    expect((await buyer('POST', '/api/payments', payment)).status).toBe(201);
  });

  test('unknown 404, missing token 400, malformed id 400, no session 401', async () => {
    const pay = (body: unknown) => ada('POST', '/api/payments', body);
    expect(await pay({ token: 'tok_visa', orderId: NOBODY })).toMatchObject(NOT_FOUND);
    expect((await pay({ orderId: NOBODY })).body.errors).toMatchObject([{ field: 'token' }]);
    expect(await pay({ token: 'tok_visa', orderId: 'x' })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('Cast to ObjectId failed') },
    });
    expect(await post('/api/payments', {})).toMatchObject(NOT_AUTHORIZED);
  });

  test('from its last moment on an order cannot be paid, even while it is not cancelled yet', async () => {
    const buyer = newUser(shop);
    const { body: order } = await buyer('POST', '/api/orders', {
      eventId: await newEvent(shop, 1),
    });
    await quiet(shop);
    const text = 'UPDATE payments.orders SET expires_at = clock_timestamp() WHERE id = $1';
    await shop.sql.query(text, [order.id]);
    const payment = { token: 'tok_visa', orderId: order.id };
    expect(await buyer('POST', '/api/payments', payment)).toMatchObject({
      status: 400,
      body: errors('Cannot pay for cancelled order'),
    });
    const { body } = await buyer('GET', `/api/orders/${order.id}`);
    expect(body.order.status).toBe('created');
  });

  test('a sold order cannot be paid again', async () => {
    const buyer = newUser(shop);
    const orderId = await paidOrder(buyer, await newEvent(shop, 1));
    await buyer('POST', '/api/orders/sell', { orderId });
    await quiet(shop);
    expect(await buyer('POST', '/api/payments', { token: 'tok_visa', orderId })).toMatchObject({
      status: 400,
      body: errors('Cannot pay for cancelled order'),
    });
  });
});

test('broken JSON is a 400 with the parser’s text; an unknown path is 404', async () => {
  const response = await fetch(`${shop.urls[0]}/api/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"eventId":',
  });
  expect([response.status, await response.json()]).toEqual([
    400,
    { message: expect.stringContaining('JSON') },
  ]);
  expect(await ask(shop, 'GET', '/api/nothing')).toMatchObject(NOT_FOUND);
});
