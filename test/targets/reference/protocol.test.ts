import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Action, Asked, Reply } from '../../../lib/targets/protocol.ts';
import { protocol } from '../../../lib/targets/reference/protocol.ts';

const asked: Asked = {
  buyer: { id: 'buyer-0' },
  pool: { id: '7', name: 'Pool 1', capacity: 3, remaining: 3, price: 1000 },
  intent: { key: 'onsale-r-0', pool: 0, quantity: 2, offsetMs: 0 },
  secret: '',
  data: {},
  order: '9',
  seat: null,
};
const { purchase, hold, pay, cancel, availability, status, view } = protocol as Required<
  typeof protocol
>;

const replied = (code: number, body: unknown): Reply => ({
  status: code,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  silence: null,
});
const read = (action: Action, code: number, body: unknown) =>
  action.read(replied(code, body), asked);
const coded = (code: string) => ({ code, message: 'in words for people' });
const HTML = '<html>502 Bad Gateway</html>';
const EXPIRES = '2026-12-30T10:00:00.000Z';

const BOUGHT = { order: '9', status: 'paid', seats: [], totalCents: 2000 };
const HELD = { order: '9', status: 'held', expiresAt: EXPIRES, seats: [], totalCents: 2000 };
const PAID = { order: '9', status: 'paid', chargedCents: 2000 };
const GIVEN = { order: '9', status: 'cancelled', refundedCents: 500 };
/** Every step that writes, with the reply that says it worked. */
const steps = [
  ['purchase', purchase, 201, BOUGHT],
  ['hold', hold, 201, HELD],
  ['pay', pay, 200, PAID],
  ['cancel', cancel, 200, GIVEN],
] as const;

describe('what is sent', () => {
  test('each step under a key of its own, a purchase under the plain one', () => {
    const sent = [purchase, hold, pay, cancel].map(({ say }) => say(asked));
    expect(sent.map(({ headers, path }) => [path, headers['Idempotency-Key']])).toEqual([
      ['/purchases', 'onsale-r-0'],
      ['/holds', 'onsale-r-0:hold'],
      ['/orders/9/payment', 'onsale-r-0:payment'],
      ['/orders/9/cancel', 'onsale-r-0:cancel'],
    ]);
    const wanted = { buyer: 'buyer-0', pool: '7', quantity: 2, metadata: { intent: 'onsale-r-0' } };
    expect(sent.map(({ body }) => JSON.parse(body!))).toEqual([
      wanted,
      wanted,
      { amountCents: 2000 },
      {},
    ]);
  });

  test('the seat that is wanted, and reads of the pool, its copy, and the order', () => {
    expect(JSON.parse(purchase.say({ ...asked, seat: 'A3' }).body!)).toMatchObject({ seat: 'A3' });
    expect([availability, view, status].map(({ say }) => say(asked).path)).toEqual([
      '/pools/7',
      '/pools/7?copy=replica',
      '/orders/9',
    ]);
  });
});

describe('success', () => {
  test('names the order, its seat, its end, and the money that moved', () => {
    const fine = { outcome: 'ok', reason: '', told: '', order: '9' };
    expect(read(purchase, 201, { ...BOUGHT, seats: ['A1', 'A2'] })).toEqual({
      ...{ ...fine, seat: 'A1', amount: 2000 },
    });
    expect(read(hold, 201, HELD)).toEqual({ ...fine, expiresAt: Date.parse(EXPIRES) });
    expect(read(pay, 200, PAID)).toEqual({ ...fine, amount: 2000 });
    expect(read(cancel, 200, GIVEN)).toEqual({ ...fine, amount: 500 });
  });

  test.each(steps)(
    '%s: of another step, without an order or unreadable it is unsure',
    (...step) => {
      const [, action, code, body] = step;
      for (const other of [{ ...body, order: undefined }, { ...body, status: 'expired' }, [body]])
        expect(read(action, code, other)).toMatchObject({
          ...{ outcome: 'info', reason: 'unreadable-reply' },
        });
      for (const text of ['', HTML, 'null', '{"order":"9"', '{"__proto__":{"order":"9"}}'])
        expect(read(action, code, text).outcome).toBe('info');
      expect(read(action, code === 200 ? 201 : 200, body).outcome).toBe('info');
    },
  );

  test('an order of a thousand seats is read, 10 MB are not', () => {
    const seats = Array.from({ length: 1000 }, (_, i) => `A${i + 1}`);
    expect(read(purchase, 201, { ...BOUGHT, seats })).toMatchObject({ outcome: 'ok', seat: 'A1' });
    const order = { status: 'held', seats };
    expect(read(status, 200, order)).toMatchObject({ outcome: 'ok', state: 'held' });
    const padded = JSON.stringify(BOUGHT) + ' '.repeat(10_000_000);
    expect(read(purchase, 201, padded).outcome).toBe('info');
  });
});

describe('failures of the contract', () => {
  test.each([
    ['sold_out', 'sold-out'],
    ['seat_taken', 'seat-taken'],
    ['limit_reached', 'limit-reached'],
    ['not_open', 'not-open'],
    ['closed', 'closed'],
    ['insufficient_funds', 'no-credit'],
    ['expired', 'expired'],
    ['already_paid', 'already-paid'],
    ['cancelled', 'cancelled'],
    ['already_cancelled', 'already-cancelled'],
  ])('409 %s: refused, %s', (code, reason) => {
    for (const [, action] of steps)
      expect(read(action, 409, coded(code))).toMatchObject({
        outcome: 'refused',
        reason,
        told: code,
      });
  });

  test.each([
    ['malformed', 400, coded('invalid'), 'fail', 'client-error'],
    ['unknown pool', 404, coded('unknown_pool'), 'fail', 'client-error'],
    ['unknown buyer', 404, coded('unknown_buyer'), 'fail', 'client-error'],
    ['unknown order', 404, coded('unknown_order'), 'fail', 'client-error'],
    ['not JSON', 415, coded('invalid'), 'fail', 'client-error'],
    ['key of another request', 422, coded('key_reused'), 'fail', 'client-error'],
    ['key being worked on', 409, coded('in_flight'), 'info', 'in-flight'],
    ['overloaded', 503, coded('overloaded'), 'fail', 'busy'],
    ['an error of its own', 500, coded('internal'), 'info', 'http-500'],
    ['503 of somebody else', 503, HTML, 'info', 'http-503'],
    ['409 of somebody else', 409, HTML, 'info', 'http-409'],
    ['409 in the words of every object', 409, coded('toString'), 'info', 'http-409'],
    ['sold out with another status', 500, coded('sold_out'), 'info', 'http-500'],
    ['a proxy', 502, HTML, 'info', 'http-502'],
    ['too many', 429, '', 'info', 'http-429'],
    ['a redirect', 302, '', 'info', 'http-302'],
  ])('%s: %i', (_, code, body, outcome, reason) => {
    for (const [, action] of steps)
      expect(read(action, code, body)).toMatchObject({ outcome, reason });
  });

  test.each([
    ['timeout', 'info'],
    ['connection-reset', 'info'],
    ['connection-refused', 'fail'],
  ] as const)('no reply: %s is %s', (silence, outcome) => {
    for (const [, action] of steps) {
      const reading = action.read({ status: 0, body: '', silence }, asked);
      expect(reading).toMatchObject({ outcome, reason: silence });
    }
  });

  test('nothing but the promised status is success, nothing but a 409 a refusal', () => {
    const body = fc.oneof(
      fc.json(),
      fc.constantFrom(...[BOUGHT, coded('sold_out')].map((each) => JSON.stringify(each))),
    );
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), body, (code, text) => {
        const { outcome } = read(purchase, code, text);
        if (outcome === 'ok') expect(code).toBe(201);
        if (outcome === 'refused') expect(code).toBe(409);
      }),
    );
  });
});

describe('reads', () => {
  test.each(['held', 'paid', 'cancelled', 'expired'])('an order is %s', (state) => {
    expect(read(status, 200, { status: state })).toMatchObject({ outcome: 'ok', state });
  });

  test('an order that is not there is an answer; anything else is a failed read', () => {
    expect(read(status, 404, coded('unknown_order'))).toMatchObject({
      outcome: 'ok',
      state: 'none',
    });
    for (const [code, body] of [
      [404, HTML],
      [200, { status: 'gone' }],
      [200, { status: 'toString' }],
      [500, coded('internal')],
    ] as const)
      expect(read(status, code, body).outcome).toBe('fail');
  });

  test('what is left is a whole number, also below zero', () => {
    for (const remaining of [0, 3, -2])
      expect(read(availability, 200, { remaining })).toMatchObject({
        outcome: 'ok',
        value: remaining,
      });
    for (const remaining of ['3', 1.5, null, undefined])
      expect(read(availability, 200, { remaining })).toMatchObject({ outcome: 'fail' });
    expect(read(availability, 404, coded('unknown_pool'))).toMatchObject({ reason: 'http-404' });
  });

  test('the copy claims nothing', () => {
    const seen = read(view, 200, { remaining: 3 });
    expect(seen).toEqual({ outcome: 'ok', reason: '', told: '' });
    expect(read(view, 500, HTML).outcome).toBe('fail');
  });
});

test('it imports nothing at run time but the reading of replies, because it runs inside k6', () => {
  const file = new URL('../../../lib/targets/reference/protocol.ts', import.meta.url);
  const imports = readFileSync(file, 'utf8').match(/^import [^;]*;$/gm) ?? [];
  const atRunTime = imports.filter((line) => !line.startsWith('import type '));
  expect(atRunTime.join()).toMatch(/^import \{[^}]*\} from '..\/reading.ts';$/);
});
