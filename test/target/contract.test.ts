import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { primepassApp } from '../../target/primepass/app.ts';
import { correctShop } from '../../target/shop/correct-shop.ts';
import { DEMO_USER_ID } from '../../target/shop/schema.ts';
import { openPool } from '../../target/shop/transaction.ts';
import { makeTicket, makeUsers, type Service, send, startService } from './service.ts';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

const get = (path: string) => send(service.url + path, 'GET');
const post = (path: string, content: unknown) =>
  send(service.url + path, 'POST', JSON.stringify(content));

describe('GET /api/events', () => {
  test('lists the seed, prices as numbers, times without a zone, no capacity', async () => {
    const answer = await get('/api/events');
    expect(answer).toMatchObject({ status: 200, type: 'application/json' });
    const events = JSON.parse(answer.body);
    const [festival, summit] = events;
    expect(Object.keys(festival).sort()).toEqual([
      'city',
      'ends_at',
      'id',
      'starts_at',
      'status',
      'tickets',
      'title',
      'venue',
    ]);
    expect(festival).toMatchObject({ title: 'Nordic Music Festival', status: 'active' });
    expect(festival.starts_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    const offers = (event: { tickets: { name: string; price: number; remaining: number }[] }) =>
      event.tickets.map((t) => [t.name, t.price, t.remaining]);
    expect(offers(festival)).toEqual([
      ['Standard', 59.9, 300],
      ['VIP', 129.9, 50],
    ]);
    expect(offers(summit)).toEqual([
      ['Early Bird', 199, 100],
      ['Regular', 299, 200],
      ['Student', 99, 75],
    ]);
    expect(Object.keys(festival.tickets[0]).sort()).toEqual(['id', 'name', 'price', 'remaining']);
  });

  test('shows what is left after a sale', async () => {
    const ticket = await makeTicket(service.sql, 5);
    await post('/api/purchase', { user_id: DEMO_USER_ID, ticket_id: ticket, quantity: 2 });
    const events = JSON.parse((await get('/api/events')).body);
    const tickets = events.flatMap((event: { tickets: object[] }) => event.tickets);
    expect(tickets).toContainEqual({ id: ticket, name: 'Standard', price: 10, remaining: 3 });
  });
});

describe('GET /api/orders', () => {
  test('one element a ticket, newest first, times with microseconds', async () => {
    const [user] = await makeUsers(service.sql, 1);
    const ticket = await makeTicket(service.sql, 5);
    for (const quantity of [1, 2])
      await post('/api/purchase', { user_id: user, ticket_id: ticket, quantity });
    const answer = await get(`/api/orders?user_id=${user}`);
    expect(answer).toMatchObject({ status: 200, type: 'application/json' });
    const orders = JSON.parse(answer.body);
    expect(orders).toHaveLength(3);
    expect(Object.keys(orders[0]).sort()).toEqual([
      'city',
      'created_at',
      'event_date',
      'event_title',
      'order_id',
      'price',
      'status',
      'ticket_name',
    ]);
    expect(orders[0]).toMatchObject({
      status: 'confirmed',
      ticket_name: 'Standard',
      price: 10,
      event_title: 'Rush',
      city: 'Porto',
    });
    expect(orders[0].created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/);
    const ids = orders.map((line: { order_id: number }) => line.order_id);
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
    const times = orders.map((line: { created_at: string }) => line.created_at);
    expect(times).toEqual([...times].sort().reverse());
  });

  test('no user is 400 JSON, a malformed one the 500 page, an unknown one an empty list', async () => {
    for (const query of ['', '?user_id='])
      expect(await get(`/api/orders${query}`)).toMatchObject({
        status: 400,
        type: 'application/json',
      });
    expect(await get('/api/orders?user_id=nobody')).toMatchObject({
      status: 500,
      type: 'text/html; charset=utf-8',
    });
    const unknown = await get(`/api/orders?user_id=${randomUUID()}`);
    expect(unknown).toEqual({ status: 200, type: 'application/json', body: '[]' });
  });
});

describe('POST /api/login', () => {
  const account = (email: string) => ({ email, password: 'a secret', name: 'Ada' });

  test('makes the account, then knows it, and checks the password', async () => {
    const email = `${randomUUID()}@example.test`;
    const created = await post('/api/login', account(email));
    expect(created.status).toBe(201);
    const { status, user_id } = JSON.parse(created.body);
    expect(status).toBe('user_created');
    expect(user_id).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    const known = await post('/api/login', { email, password: 'a secret' });
    expect(known).toMatchObject({ status: 200 });
    expect(JSON.parse(known.body)).toEqual({ status: 'login_success', user_id });
    const wrong = await post('/api/login', { email, password: 'another' });
    expect(wrong).toMatchObject({ status: 401, body: '{"error":"invalid credentials"}' });
    const { rows } = await service.sql.query('SELECT * FROM users WHERE id = $1', [user_id]);
    expect(rows[0]).toMatchObject({ name: 'Ada', email, status: 'active' });
    expect(rows[0].password_hash).toMatch(/^scrypt\$/);
    expect(rows[0].password_hash).not.toContain('a secret');
  });

  test('a new e-mail without a name, no e-mail, no password, no JSON: 400', async () => {
    const email = `${randomUUID()}@example.test`;
    for (const content of [{ email, password: 'p' }, { email }, { password: 'p' }, [], null])
      expect((await post('/api/login', content)).status, JSON.stringify(content)).toBe(400);
    const text = await send(`${service.url}/api/login`, 'POST', 'a=b', {
      'content-type': 'text/plain',
    });
    expect(text.status).toBe(400);
    expect((await send(`${service.url}/api/login`, 'POST', '{')).type).toMatch('text/html');
  });

  test('of several who register one e-mail at once, one gets the account', async () => {
    const email = `${randomUUID()}@example.test`;
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post('/api/login', account(email))),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const { status } of answers) expect([200, 201, 500]).toContain(status);
  });
});

describe('POST /api/activity', () => {
  const viewed = { user_id: DEMO_USER_ID, event_id: 1, action: 'view', meta: { from: 'home' } };

  test('is recorded', async () => {
    const answer = await post('/api/activity', viewed);
    expect(answer.status).toBe(201);
    const { status, activity_id } = JSON.parse(answer.body);
    expect(status).toBe('ok');
    const { rows } = await service.sql.query('SELECT * FROM user_activity WHERE id = $1', [
      activity_id,
    ]);
    expect(rows[0]).toMatchObject(viewed);
  });

  test('bad types are 400, what the database refuses is 500 JSON', async () => {
    for (const bad of [{ event_id: '1' }, { user_id: 7 }, { action: null }, { meta: [1] }])
      expect((await post('/api/activity', { ...viewed, ...bad })).status).toBe(400);
    for (const bad of [{ event_id: 999_999 }, { user_id: 'nobody' }])
      expect(await post('/api/activity', { ...viewed, ...bad })).toMatchObject({
        status: 500,
        type: 'application/json',
      });
  });
});

test('ids are never given out twice', async () => {
  const first = await makeTicket(service.sql, 1);
  await service.sql.query('DELETE FROM ticket WHERE id = $1', [first]);
  expect(await makeTicket(service.sql, 1)).toBeGreaterThan(first);
});

test('without a database connection there is no reply at all', async () => {
  // Nothing listens on port 1, so every connection is refused.
  const pool = openPool('postgresql://nobody:nothing@127.0.0.1:1/none');
  const app = primepassApp(correctShop(pool));
  try {
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const body = JSON.stringify({ user_id: DEMO_USER_ID, ticket_id: 1, quantity: 1 });
    await expect(send(`${url}/api/purchase`, 'POST', body)).rejects.toThrow('fetch failed');
    await expect(send(`${url}/api/events`, 'GET')).rejects.toThrow('fetch failed');
    expect((await send(`${url}/api/purchase`, 'POST', '{}')).status).toBe(400);
  } finally {
    await app.close();
    await pool.end();
  }
});
