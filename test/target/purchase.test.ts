import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, makeTicket, makeUsers, type Service, send, startService } from './service.ts';

let service: Service;
let user: string;
let ticket: number;
beforeAll(async () => {
  service = await startService();
  [user] = (await makeUsers(service.sql, 1)) as [string];
  ticket = await makeTicket(service.sql, 20);
});
afterAll(() => service.stop());

const purchase = (body: string, headers?: Record<string, string>): Promise<Answer> =>
  send(`${service.url}/api/purchase`, 'POST', body, headers);
const order = (fields: object) =>
  purchase(JSON.stringify({ user_id: user, ticket_id: ticket, quantity: 1, ...fields }));
const json = (status: number, content: object) => ({
  status,
  type: 'application/json',
  body: JSON.stringify(content),
});
const SOLD_OUT = json(400, { error: 'Tickets unavailable or sold out' });
const INVALID = json(400, { error: 'Missing or invalid fields' });

function expectPage(answer: Answer, status: number) {
  expect(answer.status).toBe(status);
  expect(answer.type).toBe('text/html; charset=utf-8');
  expect(answer.body).toMatch(new RegExp(`^<!doctype html>\n<html lang=en>\n<title>${status} `));
}

async function stock() {
  const { rows } = await service.sql.query(
    `SELECT remaining, (SELECT count(*)::int FROM orders WHERE ticket_id = t.id) AS orders
      FROM ticket t WHERE id = $1`,
    [ticket],
  );
  return rows[0];
}

describe('POST /api/purchase', () => {
  test('sells all that was asked for, one row a ticket', async () => {
    const before = await stock();
    expect(await order({ quantity: 3 })).toEqual(json(200, { status: 'success' }));
    expect(await stock()).toEqual({ remaining: before.remaining - 3, orders: before.orders + 3 });
  });

  test('sells nothing where fewer are left than asked', async () => {
    const before = await stock();
    expect(await order({ quantity: before.remaining + 1 })).toEqual(SOLD_OUT);
    expect(await order({ quantity: 1e12 })).toEqual(SOLD_OUT);
    expect(await stock()).toEqual(before);
  });

  test('an unknown ticket reads like one that is sold out', async () => {
    expect(await order({ ticket_id: 999_999 })).toEqual(SOLD_OUT);
  });

  test.each([
    ['no user', { user_id: undefined }],
    ['an empty user', { user_id: '' }],
    ['no ticket', { ticket_id: undefined }],
    ['ticket null', { ticket_id: null }],
    ['no quantity', { quantity: undefined }],
    ['quantity 0', { quantity: 0 }],
    ['quantity -1', { quantity: -1 }],
    ['quantity false', { quantity: false }],
  ])('%s is a missing or invalid field', async (_, fields) => {
    expect(await order(fields)).toEqual(INVALID);
  });

  test.each([['text/plain'], ['application/x-www-form-urlencoded'], ['nonsense']])(
    'content type %s: JSON required',
    async (type) => {
      const answer = await purchase('{}', { 'content-type': type });
      expect(answer).toEqual(json(400, { error: 'JSON required' }));
    },
  );

  test('no content type: JSON required', async () => {
    expect(await purchase('{}', {})).toEqual(json(400, { error: 'JSON required' }));
    expect((await send(`${service.url}/api/purchase`, 'POST')).status).toBe(400);
  });

  test('a content type with parameters, or one built on JSON, will do', async () => {
    const type = 'application/problem+json; charset=utf-8';
    expect(await purchase('{}', { 'content-type': type })).toEqual(INVALID);
  });

  test.each([['{'], ['{"user_id":'], ['']])('broken JSON %j is the 400 page', async (body) => {
    expectPage(await purchase(body), 400);
  });

  test.each([['null'], ['[]'], ['[1]'], ['"text"'], ['7']])(
    'JSON %s, which is no object, is the 500 page',
    async (body) => {
      expectPage(await purchase(body), 500);
    },
  );

  test.each([['1'], ['many'], [[1]], [{ n: 1 }]])(
    'quantity %j is the 500 page',
    async (quantity) => {
      expectPage(await order({ quantity }), 500);
    },
  );

  test.each([
    ['quantity 1.5', { quantity: 1.5 }],
    ['quantity true', { quantity: true }],
    ['a bad uuid', { user_id: 'nobody' }],
    ['a user that is a number', { user_id: 7 }],
    ['an unknown user', { user_id: '11111111-1111-4111-8111-111111111111' }],
    ['ticket "abc"', { ticket_id: 'abc' }],
    ['ticket true', { ticket_id: true }],
  ])('%s is a failed transaction and leaves nothing', async (_, fields) => {
    const before = await stock();
    const answer = await order(fields);
    expect(answer).toMatchObject({ status: 500, type: 'application/json' });
    expect(JSON.parse(answer.body).error).toMatch(/^Transaction failed: .{5,}/);
    expect(await stock()).toEqual(before);
  });

  test.each([['GET'], ['PUT'], ['DELETE'], ['PATCH']])('%s is the 405 page', async (method) => {
    expectPage(await send(`${service.url}/api/purchase`, method), 405);
  });

  test('an unknown address is the 404 page', async () => {
    expectPage(await send(`${service.url}/api/nothing`, 'GET'), 404);
  });
});
