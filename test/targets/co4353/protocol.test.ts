import { describe, expect, test } from 'vitest';
import { protocol } from '../../../lib/targets/co4353/protocol.ts';
import type { Action, Asked, Protocol, Reply } from '../../../lib/targets/protocol.ts';

const EVENT = '65f000000000000000000001';
const SEATS = ['65f0000000000000000000a0', '65f0000000000000000000a1', '65f0000000000000000000a2'];

const ofEvents: Asked = {
  buyer: { id: '65f000000000000000000009' },
  pool: { id: EVENT, name: 'Concert', capacity: 20, remaining: 20, price: 2000 },
  intent: { key: 'onsale-r-4', pool: 0, quantity: 1, offsetMs: 0 },
  secret: 'express:sess=abc',
  data: { dialect: 'events', card: 'tok_visa' },
  order: '65f00000000000000000000f',
  seat: null,
};
const ofTickets: Asked = {
  ...ofEvents,
  pool: { id: 'pool-1', name: 'Tickets', capacity: 3, remaining: 3, price: 2000, seats: SEATS },
  data: { dialect: 'tickets', card: 'tok_visa' },
};

function action(kind: keyof Protocol): Action {
  const found = protocol[kind];
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
}

function read(kind: keyof Protocol, status: number, body: unknown, asked = ofEvents) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return action(kind).read({ status, body: text, silence: null }, asked);
}

const note = (message: string, field?: string) => ({
  errors: [{ message, ...(field === undefined ? {} : { field }) }],
});
const ORDER = {
  id: '65f00000000000000000000f',
  status: 'created',
  expiresAt: '2027-01-01T00:01:00.000Z',
  version: 0,
  event: { id: '65f0000000000000000000ff', eventId: EVENT, ticketsLeft: 2 },
};

describe('what is said', () => {
  test.each([
    ['purchase', ofEvents, 'POST', '/api/orders', { eventId: EVENT }],
    ['hold', ofEvents, 'POST', '/api/orders', { eventId: EVENT }],
    ['hold', ofTickets, 'POST', '/api/orders', { ticketId: SEATS[1] }],
    ['hold', { ...ofTickets, seat: SEATS[2]! }, 'POST', '/api/orders', { ticketId: SEATS[2] }],
    ['pay', ofEvents, 'POST', '/api/payments', { token: 'tok_visa', orderId: ORDER.id }],
    ['cancel', ofEvents, 'POST', '/api/orders/sell/', { orderId: ORDER.id }],
    ['cancel', ofTickets, 'DELETE', `/api/orders/${ORDER.id}`, null],
    ['availability', ofEvents, 'GET', `/api/events/${EVENT}`, null],
    ['availability', ofTickets, 'GET', '/api/tickets', null],
    ['status', ofEvents, 'GET', `/api/orders/${ORDER.id}`, null],
    ['view', ofEvents, 'GET', '/api/events', null],
    ['view', ofTickets, 'GET', '/api/tickets', null],
  ] as const)('%s', (kind, asked, method, path, body) => {
    const said = action(kind).say(asked);
    expect(said).toMatchObject({ method, path });
    expect(said.body === null ? null : JSON.parse(said.body)).toEqual(body);
    expect(said.headers.Cookie).toBe('express:sess=abc');
    // Go would send a request with such a header again by itself.
    expect(Object.keys(said.headers).filter((name) => /idempotency/i.test(name))).toEqual([]);
  });

  test('an id of the target cannot lead elsewhere', () => {
    const asked = { ...ofEvents, order: '../users/signout?x=' };
    expect(action('status').say(asked).path).toBe('/api/orders/..%2Fusers%2Fsignout%3Fx%3D');
  });

  test('without a ticket to ask for one is asked for that nobody knows', () => {
    const empty = { ...ofTickets, pool: { ...ofTickets.pool, seats: [] } };
    expect(action('purchase').say(empty).body).toContain('000000000000000000000000');
  });
});

describe('replies to an order', () => {
  test.each([
    ['made', 201, ORDER, 'ok', ''],
    ['sold out', 400, note('Ticket is not Available at present'), 'refused', 'sold-out'],
    ['in capitals', 400, note('TICKET IS NOT AVAILABLE AT PRESENT'), 'refused', 'sold-out'],
    ['reserved', 400, note('Ticket is already reserved'), 'refused', 'sold-out'],
    ['field', 400, note('TicketId must be provided', 'eventId'), 'fail', 'client-error'],
    ['no field told', 400, note('TicketId must be provided'), 'fail', 'client-error'],
    ['exception', 400, { message: 'VersionError: no matching document' }, 'info', 'http-400'],
    [
      'an exception with the words of a refusal',
      400,
      { message: 'Ticket is not Available at present' },
      'info',
      'http-400',
    ],
    ['exception (Grider)', 400, note('Something went wrong'), 'info', 'http-400'],
    ['no JSON', 400, '<html>', 'info', 'http-400'],
    ['unknown, or not heard of yet', 404, note('Not Found'), 'fail', 'not-found'],
    ['no session', 401, note('Not authorized'), 'fail', 'client-error'],
    ['crashed', 500, '', 'info', 'http-500'],
    ['service gone', 502, '<html><h1>502 Bad Gateway</h1></html>', 'info', 'http-502'],
    ['overloaded', 503, note('too busy'), 'info', 'http-503'],
    ['gateway gave up', 504, '<html>', 'info', 'http-504'],
    ['pages of the client', 200, '<!DOCTYPE html>', 'info', 'http-200'],
    ['made, without an id', 201, { status: 'created' }, 'info', 'unreadable-reply'],
    ['made, no JSON', 201, 'Created', 'info', 'unreadable-reply'],
  ])('%s', (_, status, body, outcome, reason) => {
    for (const kind of ['purchase', 'hold'] as const)
      expect(read(kind, status, body)).toMatchObject({ outcome, reason });
  });

  test('a hold tells its expiry, a purchase has none', () => {
    const expiresAt = Date.parse(ORDER.expiresAt);
    expect(read('hold', 201, ORDER)).toEqual({
      ...{ outcome: 'ok', reason: '', told: '', order: ORDER.id, expiresAt },
    });
    expect(read('purchase', 201, ORDER)).not.toHaveProperty('expiresAt');
  });

  test('numbers for ids and further keys are understood', () => {
    expect(read('purchase', 201, { ...ORDER, id: 17, new: [] })).toMatchObject({ order: '17' });
  });

  test('a taken ticket is no pool that is sold out, and is named', () => {
    const taken = note('Ticket is already reserved');
    expect(read('hold', 400, taken, ofTickets)).toMatchObject({
      ...{ outcome: 'refused', reason: 'seat-taken', seat: SEATS[1] },
    });
    const { event: _, ...order } = ORDER;
    const given = { ...order, ticket: { id: SEATS[0] } };
    expect(read('hold', 201, given, ofTickets)).toMatchObject({ outcome: 'ok', seat: SEATS[0] });
    expect(read('hold', 201, order, ofTickets)).toMatchObject({ outcome: 'ok', seat: SEATS[1] });
  });

  test.each([
    ['timeout', 'info'],
    ['connection-reset', 'info'],
    ['connection-refused', 'fail'],
  ] as const)('no reply: %s is %s', (silence, outcome) => {
    const reply: Reply = { status: 0, body: '', silence };
    for (const kind of ['purchase', 'hold', 'pay', 'cancel'] as const)
      expect(action(kind).read(reply, ofEvents)).toMatchObject({ outcome, reason: silence });
  });
});

describe('replies to a payment', () => {
  test.each([
    ['paid', 201, { id: '1' }, 'ok', ''],
    ['cancelled', 400, note('Cannot pay for cancelled order'), 'refused', 'cancelled'],
    ['Grider', 400, note('Cannot pay for an cancelled order'), 'refused', 'cancelled'],
    ['paid before', 400, note('Order is already paid'), 'refused', 'already-paid'],
    ['no token', 400, note('Token is required', 'token'), 'fail', 'client-error'],
    ['the card company', 400, { message: 'Your card was declined.' }, 'info', 'http-400'],
    ['unknown, or not heard of yet', 404, note('Not Found'), 'fail', 'not-found'],
    ["another's", 401, note('Not authorized'), 'fail', 'client-error'],
    ['ingress', 502, '', 'info', 'http-502'],
    ['pages of the client', 201, '<!DOCTYPE html>', 'info', 'unreadable-reply'],
  ])('%s', (_, status, body, outcome, reason) => {
    const reading = read('pay', status, body);
    expect(reading).toMatchObject({ outcome, reason, order: ORDER.id });
    expect(reading.amount).toBe(outcome === 'ok' ? 2000 : undefined);
  });
});

describe('replies to giving back', () => {
  test.each([
    ['sold', ofEvents, 200, { ...ORDER, status: 'cancelled' }, 'ok', ''],
    ['not paid, or not own', ofEvents, 404, note('Not Found'), 'fail', 'not-found'],
    ['begins soon', ofEvents, 400, note('Ticket is expired'), 'refused', 'closed'],
    ['deleted', ofTickets, 204, '', 'ok', ''],
    ["another's", ofTickets, 401, note('Not authorized'), 'fail', 'client-error'],
    ['pages of the client', ofEvents, 200, '<!DOCTYPE html>', 'info', 'unreadable-reply'],
    ['exception', ofEvents, 400, { message: 'VersionError' }, 'info', 'http-400'],
  ] as const)('%s', (_, asked, status, body, outcome, reason) => {
    const reading = read('cancel', status, body, asked);
    expect(reading).toMatchObject({ outcome, reason, order: ORDER.id });
  });
});

describe('replies to reads', () => {
  test.each([
    ['created', { state: 'held', mayLag: true }],
    ['awaiting:payment', { state: 'held', mayLag: true }],
    ['complete', { state: 'paid' }],
    ['cancelled', { state: 'cancelled' }],
  ])('an order that is %s', (status, expected) => {
    const about = { outcome: 'ok', reason: '', told: '', order: ORDER.id };
    const wrapped = { order: { ...ORDER, status }, env: 'pk_test' };
    expect(read('status', 200, wrapped)).toEqual({ ...about, ...expected });
    expect(read('status', 200, { ...ORDER, status })).toEqual({ ...about, ...expected });
  });

  test.each([
    [200, { ...ORDER, status: 'constructor' }, 'unreadable-reply'],
    [200, '<html>', 'unreadable-reply'],
    [400, { message: 'STRIPE_P_KEY must be defined' }, 'http-400'],
    [404, 'default backend - 404', 'http-404'],
    [502, { ...ORDER }, 'http-502'],
    [401, note('Not authorized'), 'http-401'],
  ])('no state: %s %j', (status, body, reason) => {
    expect(read('status', status, body)).toMatchObject({ outcome: 'fail', reason });
  });

  test('an order that the service does not know', () => {
    expect(read('status', 404, note('Not Found'))).toMatchObject({ outcome: 'ok', state: 'none' });
  });

  test('what is left lags behind', () => {
    const left = { id: EVENT, name: 'Concert', ticketsLeft: -2 };
    const ok = { outcome: 'ok', reason: '', told: '', mayLag: true };
    expect(read('availability', 200, left)).toEqual({ ...ok, value: -2 });
    const tickets = [
      { id: SEATS[0], title: 'a' },
      { id: SEATS[1], title: 'b', orderId: '1' },
      { id: SEATS[2], title: 'c', orderId: null },
      { id: 'another', title: 'd' },
    ];
    expect(read('availability', 200, tickets, ofTickets)).toEqual({ ...ok, value: 2 });
    expect(read('availability', 200, [], ofTickets)).toEqual({ ...ok, value: 0 });
  });

  test.each([
    [ofEvents, 200, { ticketsLeft: '3' }],
    [ofEvents, 200, [3]],
    [ofTickets, 200, {}],
    [ofTickets, 404, []],
    [ofEvents, 400, { message: 'Cast to ObjectId failed' }],
    [ofEvents, 502, ''],
  ])('nothing is told about what is left: %#', (asked, status, body) => {
    expect(read('availability', status, body, asked)).toMatchObject({ outcome: 'fail' });
  });

  test('a listing is a view, a page of the client is none', () => {
    expect(read('view', 200, [])).toEqual({ outcome: 'ok', reason: '', told: '' });
    expect(read('view', 200, '<!DOCTYPE html>')).toMatchObject({ outcome: 'fail' });
    expect(read('view', 502, '[]')).toMatchObject({ outcome: 'fail', reason: 'http-502' });
  });
});
