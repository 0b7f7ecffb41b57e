import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emailOf, protocol } from '../../../lib/targets/pretix/protocol.ts';
import type { Action, Asked, Reply } from '../../../lib/targets/protocol.ts';

const asked: Asked = {
  buyer: { id: 'onsale-r-0' },
  pool: { id: '12', name: 'Pool 1', capacity: 3, remaining: 3 },
  intent: { key: 'onsale-r-0', pool: 0, quantity: 2, offsetMs: 0 },
  secret: 'the-token',
  data: {
    ...{ organizer: 'onsale', event: 'onsale-r', price: '23.00', status: 'n', holdMs: '60000' },
    'quota 12': '34',
  },
  order: null,
  seat: null,
};
const single: Asked = { ...asked, intent: { ...asked.intent, quantity: 1 } };
const ofOrder: Asked = { ...asked, order: 'ABC12' };
const ofCart: Asked = { ...single, order: 'xyz@api#77' };
const paying: Asked = { ...asked, data: { ...asked.data, status: 'p' } };

const replied = (status: number, body: unknown): Reply => ({
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  silence: null,
});
const { purchase, resolve, hold, pay, cancel, availability, status, view } = protocol as Required<
  typeof protocol
>;
const read = (code: number, body: unknown, by: Asked = asked) =>
  purchase.read(replied(code, body), by);

const EN = (quota: string) =>
  `There is not enough quota available on quota "${quota}" to perform the operation.`;
const DE = (quota: string) =>
  `Es ist nicht genug Kontingent für „${quota}“ verfügbar, um diese Aktion durchzuführen.`;
const BUSY = { detail: 'The server was too busy to process your request. Please try again.' };
const IN_FLIGHT = { detail: 'Concurrent request with idempotency key.' };
const FORBIDDEN = { detail: 'You do not have permission to perform this action.' };
const HTML = '<html><head><title>502 Bad Gateway</title></head></html>';
const ORDER = { code: 'ABC12', status: 'n', total: '46.00', positions: [{ id: 1 }, { id: 2 }] };

describe('what is sent', () => {
  test('a purchase: a position a ticket, the key as address and idempotency key', () => {
    const { method, path, headers, body } = purchase.say(asked);
    expect([method, path]).toEqual(['POST', '/api/v1/organizers/onsale/events/onsale-r/orders/']);
    expect(headers).toMatchObject({
      Authorization: 'Token the-token',
      'Content-Type': 'application/json',
      'Accept-Language': 'en',
      'X-Idempotency-Key': 'onsale-r-0',
    });
    const position = { item: 12, attendee_name_parts: { full_name: 'onsale-r-0' } };
    expect(JSON.parse(body!)).toEqual({
      email: emailOf('onsale-r-0'),
      locale: 'en',
      sales_channel: 'web',
      positions: [position, position],
    });
  });

  test('paid at once and with an answer where the fixture says so', () => {
    const data = { ...paying.data, question: '5' };
    const body = JSON.parse(purchase.say({ ...single, data }).body!);
    expect(body).toMatchObject({ status: 'p', payment_provider: 'manual' });
    expect(body.positions[0].answers).toEqual([{ question: 5, answer: '23', options: [] }]);
  });

  test('a cart: one ticket until a moment that lies ahead', () => {
    const before = Date.now();
    const { path, body } = hold.say(single);
    expect(path).toMatch(/cartpositions\/$/);
    const { expires, ...rest } = JSON.parse(body!);
    expect(rest).toMatchObject({ item: 12, variation: null, price: '23.00', answers: [] });
    expect(Date.parse(expires)).toBeGreaterThanOrEqual(before + 60_000);
  });

  test('a cart is paid by an order that consumes it, an order by being marked', () => {
    const ofIt = pay.say(ofCart);
    expect(ofIt.path).toMatch(/orders\/$/);
    expect(ofIt.headers['X-Idempotency-Key']).toBe('onsale-r-0:pay');
    expect(JSON.parse(ofIt.body!)).toMatchObject({
      ...{ consume_carts: ['xyz@api'], status: 'p', payment_provider: 'manual' },
    });
    expect(pay.say(ofOrder).path).toMatch(/orders\/ABC12\/mark_paid\/$/);
  });

  test('a cart is given back by its position, an order by being cancelled without a mail', () => {
    expect(cancel.say(ofCart)).toMatchObject({
      method: 'DELETE',
      path: expect.stringMatching(/cartpositions\/77\/$/),
    });
    const { path, body } = cancel.say(ofOrder);
    expect(path).toMatch(/orders\/ABC12\/mark_canceled\/$/);
    expect(JSON.parse(body!)).toEqual({ send_email: false });
  });

  test('reads name quota, order, cart, and the key that is asked about', () => {
    const paths = [availability.say(asked), status.say(ofOrder), status.say(ofCart)];
    expect(paths.map(({ path }) => path.replace(/.*onsale-r\//, ''))).toEqual([
      'quotas/34/availability/',
      'orders/ABC12/',
      'cartpositions/77/',
    ]);
    const odd = { ...asked, intent: { ...asked.intent, key: 'a&b=c d' } };
    expect(resolve.say(odd).path).toBe('/api/v1/idempotency_query?key=a%26b%3Dc%20d');
    expect(view.say(asked).headers).not.toHaveProperty('Authorization');
  });

  test('`force` and `simulate` are never sent, whatever is asked for', () => {
    const all: readonly Action[] = Object.values(protocol);
    for (const by of [{ ...ofOrder, ...single }, ofCart, { ...paying, ...single, order: 'A' }])
      for (const { say } of all) expect(JSON.stringify(say(by))).not.toMatch(/force|simulate/);
  });
});

describe('replies to a purchase', () => {
  test('201 is the order, with what was paid where it was paid at once', () => {
    expect(read(201, ORDER)).toEqual({ outcome: 'ok', reason: '', told: '', order: 'ABC12' });
    expect(read(201, { ...ORDER, status: 'p' })).toMatchObject({ outcome: 'ok', amount: 4600 });
  });

  const soldOut = (text: string) => ({ positions: [{}, { item: [text] }] });
  test.each([
    ['quota exhausted', 400, soldOut(EN('ONSALE-r-Q1')), 'refused', 'sold-out'],
    ['quota exhausted, in German', 400, soldOut(DE('ONSALE-r-Q1')), 'refused', 'sold-out'],
    ['seat taken', 400, { positions: [{ seat: ['The seat is taken.'] }] }, 'refused', 'seat-taken'],
    ['lock wait', 409, BUSY, 'fail', 'busy'],
    ['lock wait, in German', 409, { detail: 'Der Server ist ausgelastet.' }, 'fail', 'busy'],
    ['too many requests', 429, '', 'fail', 'busy'],
    ['the same key still running', 409, IN_FLIGHT, 'info', 'in-flight'],
    ['409 of somebody else', 409, HTML, 'info', 'http-409'],
    ["another shop's quota", 400, soldOut(EN('Tickets')), 'fail', 'client-error'],
    ['an unknown item', 400, soldOut('Invalid pk "9"'), 'fail', 'client-error'],
    ['missing positions', 400, { positions: ['Required.'] }, 'fail', 'client-error'],
    ['a bad address', 400, { email: ['Enter a valid address.'] }, 'fail', 'client-error'],
    ['an unknown provider', 400, { payment_provider: ['Unknown.'] }, 'fail', 'client-error'],
    ['broken JSON', 400, { detail: 'JSON parse error' }, 'fail', 'client-error'],
    ['our marker in another field', 400, { email: ['ONSALE-r-Q1'] }, 'fail', 'client-error'],
    ['no or wrong token', 401, { detail: 'Invalid token.' }, 'fail', 'client-error'],
    ['unknown event or no right', 403, FORBIDDEN, 'fail', 'client-error'],
    ['wrong media type', 415, { detail: 'Unsupported.' }, 'fail', 'client-error'],
    ['proxy without a backend', 502, HTML, 'info', 'http-502'],
    ['proxy out of time', 504, HTML, 'info', 'http-504'],
    ['an error of its own', 500, '<h1>Server Error (500)</h1>', 'info', 'http-500'],
    ['a redirect', 302, '', 'info', 'http-302'],
    ['a preview', 201, { ...ORDER, code: 'PREVIEW' }, 'info', 'unreadable-reply'],
    ['success without an order', 200, ORDER, 'info', 'http-200'],
  ])('%s: %i', (_, code, body, outcome, reason) => {
    expect(read(code, body)).toMatchObject({ outcome, reason });
  });

  test.each([
    ['timeout', 'info'],
    ['connection-reset', 'info'],
    ['connection-refused', 'fail'],
  ] as const)('no reply: %s is %s', (silence, outcome) => {
    const reply: Reply = { status: 0, body: '', silence };
    for (const { read: readIt } of [purchase, hold, pay, cancel])
      expect(readIt(reply, ofCart)).toMatchObject({ outcome, reason: silence });
  });

  test.each([
    '',
    HTML,
    'null',
    '[]',
    '"ABC12"',
    '{}',
    '{"code":""}',
    '{"code":["ABC12"]}',
    '{"code"',
  ])('201 with %j is a sale nobody can be sure of', (body) => {
    expect(read(201, body)).toEqual({ outcome: 'info', reason: 'unreadable-reply', told: body });
  });

  test('no body makes a sale of what is none, or a refusal of what is none', () => {
    const body = fc.oneof(fc.json(), fc.string(), fc.constant(JSON.stringify(ORDER)));
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), body, (code, text) => {
        const reading = read(code, text);
        if (reading.outcome === 'ok') expect(code).toBe(201);
        if (reading.outcome === 'refused') expect(code).toBe(400);
        if (code >= 500) expect(reading.outcome).toBe('info');
      }),
    );
  });

  test('an order of 500 tickets is read, 10 MB are not', () => {
    const position = { id: 1, item: 12, price: '23.00', secret: 'x'.repeat(900) };
    const positions = Array.from({ length: 500 }, () => position);
    expect(read(201, { ...ORDER, positions }).outcome).toBe('ok');
    expect(read(201, { ...ORDER, padding: 'x'.repeat(10_000_000) }).outcome).toBe('info');
    const told = JSON.stringify(soldOut(EN('ONSALE-Q'))) + ' '.repeat(10_000_000);
    expect(read(400, told).outcome).toBe('fail');
  });

  test('deep and poisoned bodies are no orders', () => {
    expect(read(201, '{"__proto__":{"code":"ABC12"}}').outcome).toBe('info');
    expect(read(201, '['.repeat(100_000)).outcome).toBe('info');
    expect(read(400, '{"positions":{"item":["ONSALE-Q"]}}').reason).toBe('client-error');
  });
});

describe('what became of an unanswered purchase', () => {
  const resolved = (code: number, body: unknown) => resolve.read(replied(code, body), asked);

  test('is the kept reply: an order, a refusal, bad input', () => {
    expect(resolved(201, ORDER)).toMatchObject({ outcome: 'ok', order: 'ABC12' });
    const positions = [{ item: [EN('ONSALE-r-Q1')] }];
    expect(resolved(400, { positions })).toMatchObject({ outcome: 'refused', reason: 'sold-out' });
    expect(resolved(400, { email: ['bad'] })).toMatchObject({ outcome: 'fail' });
  });

  test.each([
    ['never seen: it may still wait in front', 404, { detail: 'Idempotency key not seen before.' }],
    ['still running', 409, IN_FLIGHT],
    ['a proxy without a backend', 502, HTML],
    ["a proxy's own opinion", 400, HTML],
    ['a firewall', 403, HTML],
    ['a page where pretix is too old to be asked', 200, HTML],
    ['too many', 429, ''],
    ['nothing that is an order', 201, '[]'],
  ])('%s: not known yet', (_, code, body) => {
    expect(resolved(code, body)).toMatchObject({ outcome: 'info' });
  });

  test.each(['timeout', 'connection-reset', 'connection-refused'] as const)(
    '%s of the question says nothing of the purchase',
    (silence) => {
      const reading = resolve.read({ status: 0, body: '', silence }, asked);
      expect(reading.outcome).toBe('info');
    },
  );
});

describe('carts', () => {
  const CART = { id: 77, cart_id: 'xyz@api', item: 12, expires: '2026-12-30T10:00:00Z' };

  test('are named by cart and position, and say until when they hold', () => {
    expect(hold.read(replied(201, CART), single)).toEqual({
      ...{ outcome: 'ok', reason: '', told: '', order: 'xyz@api#77' },
      expiresAt: Date.parse(CART.expires),
    });
  });

  test.each([
    ['exhausted', 400, [EN('ONSALE-r-Q1')], 'refused', 'sold-out'],
    ['exhausted, by the item', 400, { item: [DE('ONSALE-r-Q1')] }, 'refused', 'sold-out'],
    ['without an end', 400, { expires: ['This field may not be null.'] }, 'fail', 'client-error'],
    ['busy', 409, BUSY, 'fail', 'busy'],
    ['without its ids', 201, { id: 77 }, 'info', 'unreadable-reply'],
    ['lost', 504, HTML, 'info', 'http-504'],
  ])('%s: %i', (_, code, body, outcome, reason) => {
    expect(hold.read(replied(code, body), single)).toMatchObject({ outcome, reason });
  });

  test('one position is one ticket', () => {
    expect(() => hold.say(asked)).toThrow(/one ticket/);
  });

  test('paid, it goes on under the name of its order', () => {
    expect(pay.read(replied(201, ORDER), ofCart)).toMatchObject({ outcome: 'ok', order: 'ABC12' });
    const late = { positions: [{ item: [EN('ONSALE-r-Q1')] }] };
    expect(pay.read(replied(400, late), ofCart)).toMatchObject({ reason: 'sold-out' });
  });

  test('hold until they are over; one that is gone says nothing', () => {
    const at = (expires: string, code = 200) =>
      status.read(replied(code, { ...CART, expires }), ofCart);
    expect(at('2999-01-01T00:00:00Z')).toMatchObject({ outcome: 'ok', state: 'held' });
    expect(at('1999-01-01T00:00:00Z')).toMatchObject({ outcome: 'ok', state: 'expired' });
    expect(at('2999-01-01T00:00:00Z', 404)).toEqual({ outcome: 'ok', reason: '', told: '' });
  });
});

describe('orders afterwards', () => {
  test.each([
    ['n', 'held'],
    ['p', 'paid'],
    ['e', 'expired'],
    ['c', 'cancelled'],
  ])('status %s is %s', (code, state) => {
    const reading = status.read(replied(200, { ...ORDER, status: code }), ofOrder);
    expect(reading).toMatchObject({ outcome: 'ok', state, order: 'ABC12' });
  });

  test.each([
    [200, { ...ORDER, status: 'x' }],
    [200, { ...ORDER, status: 'toString' }],
    [200, HTML],
    [404, { detail: 'Not found.' }],
    [502, HTML],
  ])('a status nobody understands is a failed read: %i', (code, body) => {
    expect(status.read(replied(code, body), ofOrder).outcome).toBe('fail');
  });

  test.each([pay, cancel])('a change is 200, wrong state 400, unknown 404', ({ read: readIt }) => {
    const of = (code: number) => readIt(replied(code, { detail: 'no' }), ofOrder).outcome;
    expect([200, 400, 404, 409, 500].map(of)).toEqual(['ok', 'fail', 'fail', 'fail', 'info']);
  });

  test('giving back returns no money', () => {
    expect(cancel.read(replied(200, ORDER), { ...paying, order: 'A' })).toMatchObject({
      amount: 0,
    });
    expect(cancel.read(replied(200, ORDER), ofOrder)).not.toHaveProperty('amount');
    expect(cancel.read(replied(204, ''), ofCart).outcome).toBe('ok');
  });

  test('what is left is what the quota says, and nothing else', () => {
    const of = (code: number, body: unknown) => availability.read(replied(code, body), asked);
    expect(of(200, { available_number: 7, available: true })).toMatchObject({ value: 7 });
    for (const number of [null, '7', 1.5]) {
      expect(of(200, { available_number: number }).outcome).toBe('fail');
    }
    expect(of(403, FORBIDDEN)).toMatchObject({ outcome: 'fail', reason: 'http-403' });
  });

  test('pages are seen or not', () => {
    expect(view.read(replied(200, '<html>'), asked)).toMatchObject({ outcome: 'ok', told: '' });
    expect(view.read(replied(403, '<html>'), asked)).toMatchObject({ outcome: 'fail', told: '' });
  });
});

test('it imports nothing at run time but the reading of replies, because it runs inside k6', () => {
  const file = new URL('../../../lib/targets/pretix/protocol.ts', import.meta.url);
  const imports = readFileSync(file, 'utf8').match(/^import [^;]*;$/gm) ?? [];
  const atRunTime = imports.filter((line) => !line.startsWith('import type '));
  expect(atRunTime.join()).toMatch(/^import \{[^}]*\} from '..\/reading.ts';$/);
});
