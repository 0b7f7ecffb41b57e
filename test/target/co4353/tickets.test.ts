import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type As,
  ask,
  expired,
  letTimePass,
  newUser,
  quiet,
  type Shop,
  startShop,
} from './shop.ts';

let shop: Shop;
let ada: As;
beforeAll(async () => {
  shop = await startShop('--option', 'dialect=tickets');
  ada = newUser(shop);
});
afterAll(() => shop.stop());

const NOBODY = '0123456789abcdef01234567';

async function newTicket(title = 'Seat'): Promise<string> {
  const { body } = await ada('POST', '/api/tickets', { title, price: 20 });
  await quiet(shop);
  return body.id;
}

describe('the dialect of the course', () => {
  test('signup is 201 without credits', async () => {
    const body = { email: 'ada@t.co', password: 'pass' };
    expect(await ask(shop, 'POST', '/api/users/signup', { body })).toEqual({
      status: 201,
      body: { email: 'ada@t.co', id: expect.any(String) },
      cookie: null,
    });
  });

  test('a ticket is made (201), changed by its owner, and the orders service hears of it', async () => {
    const made = await ada('POST', '/api/tickets', { title: 'Seat', price: 20 });
    expect(made).toMatchObject({ status: 201, body: { title: 'Seat', price: 20, version: 0 } });
    const { id } = made.body;
    const change = { title: 'Better seat', price: 30 };
    expect((await newUser(shop)('PUT', `/api/tickets/${id}`, change)).status).toBe(401);
    expect((await ada('PUT', `/api/tickets/${NOBODY}`, change)).status).toBe(404);
    expect((await ada('PUT', `/api/tickets/${id}`, { title: '', price: 1 })).status).toBe(400);
    expect(await ada('PUT', `/api/tickets/${id}`, change)).toMatchObject({
      status: 200,
      body: { id, ...change, version: 1 },
    });
    expect((await ask(shop, 'POST', '/api/tickets', { body: change })).status).toBe(401);
    await quiet(shop);
    const { status, body } = await ada('POST', '/api/orders', { ticketId: id });
    expect([status, body.ticket]).toMatchObject([201, { id, ...change }]);
  });

  test('of many who want one ticket one gets it, the others 400; then it cannot be changed', async () => {
    const ticketId = await newTicket();
    const buyers = Array.from({ length: 20 }, () => newUser(shop));
    const replies = await Promise.all(
      buyers.map((buyer) => buyer('POST', '/api/orders', { ticketId })),
    );
    const [got, ...more] = replies.filter(({ status }) => status === 201);
    expect([got?.body.ticket.id, more]).toEqual([ticketId, []]);
    const refused = { errors: [{ message: 'Ticket is already reserved' }] };
    for (const reply of replies.filter((one) => one !== got))
      expect(reply).toMatchObject({ status: 400, body: refused });
    await quiet(shop);
    const { body: shown } = await ask(shop, 'GET', `/api/tickets/${ticketId}`);
    expect(shown.orderId).toBe(got?.body.id);
    const change = { title: 'Other', price: 1 };
    expect(await ada('PUT', `/api/tickets/${ticketId}`, change)).toMatchObject({
      status: 400,
      body: { errors: [{ message: 'Cannot edit a reserved ticket' }] },
    });
  });

  test('DELETE gives the ticket back at once: 204, and only to its owner', async () => {
    const ticketId = await newTicket();
    const buyer = newUser(shop);
    const { body: order } = await buyer('POST', '/api/orders', { ticketId });
    expect((await ada('DELETE', `/api/orders/${order.id}`)).status).toBe(401);
    expect((await buyer('DELETE', `/api/orders/${NOBODY}`)).status).toBe(404);
    for (const again of [1, 2])
      expect([again, await buyer('DELETE', `/api/orders/${order.id}`)]).toMatchObject([
        again,
        { status: 204, body: null },
      ]);
    expect(await buyer('GET', `/api/orders/${order.id}`)).toMatchObject({
      status: 200,
      body: { id: order.id, status: 'cancelled', ticket: { id: ticketId } },
    });
    expect((await newUser(shop)('POST', '/api/orders', { ticketId })).status).toBe(201);
  });

  test('an order that is not paid expires, and the ticket can be had again', async () => {
    const ticketId = await newTicket();
    expect((await ada('POST', '/api/orders', { ticketId })).status).toBe(201);
    await letTimePass(shop);
    await expired(shop);
    const { body } = await ask(shop, 'GET', `/api/tickets/${ticketId}`);
    expect(body).not.toHaveProperty('orderId');
    expect((await newUser(shop)('POST', '/api/orders', { ticketId })).status).toBe(201);
  });

  test('what nobody expected is a 400 that says nothing', async () => {
    expect(await ask(shop, 'GET', '/api/tickets/1')).toMatchObject({
      status: 400,
      body: { errors: [{ message: 'Something went wrong' }] },
    });
  });
});
