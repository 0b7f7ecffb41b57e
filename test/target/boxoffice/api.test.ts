import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Service, startService } from '../service.ts';
import { audit, CLEAN, CREDIT, call, openSale, type Reply, type Sale } from './client.ts';

let service: Service;
beforeAll(async () => {
  service = await startService('reference', '--processes', '2');
});
afterAll(() => service.stop());

const send = (line: string, body?: unknown, headers?: Record<string, string>): Promise<Reply> =>
  call(service.url, line, body, headers);
const open = (event: Parameters<typeof openSale>[1]): Promise<Sale> => openSale(service.url, event);
const refusal = ({ status, json }: Reply) => [status, json.code];
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

/** A sale with one pool, and how its one buyer buys there. */
async function shop(pool: object = { capacity: 5 }, event: object = {}) {
  const sale = await open({ pools: [pool], ...event });
  const [buyer] = sale.buyers;
  const ask = (fields: object = {}) => ({ buyer, pool: sale.pools[0], quantity: 1, ...fields });
  const remaining = async () => (await send(`GET /pools/${sale.pools[0]}`)).json.remaining;
  const credit = async () => (await send(`GET /buyers/${buyer}`)).json.creditCents;
  const order = async (id: string) => (await send(`GET /orders/${id}`)).json;
  return {
    ...{ sale, ask, remaining, credit, order },
    buy: (fields?: object, key?: string) => send('POST /purchases', ask(fields), keyed(key)),
    hold: (fields?: object) => send('POST /holds', ask(fields)),
    pay: (id: string, amountCents = 1000, key?: string) =>
      send(`POST /orders/${id}/payment`, { amountCents }, keyed(key)),
    cancel: (id: string, key?: string) => send(`POST /orders/${id}/cancel`, undefined, keyed(key)),
  };
}

const keyed = (key?: string): Record<string, string> =>
  key === undefined ? {} : { 'idempotency-key': key };
const expired = () => new Promise((resolve) => setTimeout(resolve, 60));

describe('house calls', () => {
  test('health tells the service, the API and the time', async () => {
    const { status, json } = await send('GET /health');
    expect([status, json]).toEqual([
      200,
      { service: 'onsale-box-office', api: 1, now: expect.stringMatching(ISO) },
    ]);
  });

  test('an event is made, found by id and by name, and goes with all it has', async () => {
    const pools = [
      { name: 'Stalls', capacity: 3, priceCents: 2500, seats: 3 },
      { name: 'Standing', capacity: 0, priceCents: 0 },
    ];
    const opensAt = '2027-01-01T10:00:00+02:00';
    const asked = { name: 'Gala', opensAt, limitPerBuyer: 2, holdMs: 500, latePayment: 'accept' };
    const made = await send('POST /events', { ...asked, pools });
    expect(made.status).toBe(201);
    expect(made.json).toEqual({
      ...{ id: expect.any(String), ...asked, opensAt: '2027-01-01T08:00:00.000Z', closesAt: null },
      pools: [
        { id: expect.any(String), name: 'Stalls', capacity: 3, priceCents: 2500, seated: true },
        { id: expect.any(String), name: 'Standing', capacity: 0, priceCents: 0, seated: false },
      ],
    });
    expect((await send(`GET /events/${made.json.id}`)).json).toEqual(made.json);
    const found = await send('GET /events?name=Gala');
    expect(found.json).toEqual({ total: 1, page: 1, limit: 100, events: [made.json] });
    const event = made.json.id;
    await send('POST /buyers', { id: 'guest', creditCents: 5, event });
    expect((await send(`DELETE /events/${event}`)).status).toBe(204);
    for (const line of [`GET /events/${event}`, `DELETE /events/${event}`])
      expect(refusal(await send(line))).toEqual([404, 'unknown_event']);
    expect(refusal(await send('GET /buyers/guest'))).toEqual([404, 'unknown_buyer']);
    expect(refusal(await send(`GET /pools/${made.json.pools[0].id}`))).toEqual([
      ...[404, 'unknown_pool'],
    ]);
  });

  test('buyers are made once, alone and in batches, and keep the credit they have', async () => {
    const { event } = await open({ pools: [{ capacity: 1 }], buyers: 0 });
    const ada = { id: `ada ${event}/é`, creditCents: 7, event };
    expect(await send('POST /buyers', ada)).toMatchObject({ status: 201, json: ada });
    expect(refusal(await send('POST /buyers', ada))).toEqual([409, 'exists']);
    const buyers = [
      { id: ada.id, creditCents: 99 },
      { id: `bob ${event}`, creditCents: 8 },
    ];
    const batch = await send('POST /buyers/batch', { event, buyers });
    expect([batch.status, batch.json]).toEqual([201, { created: 1, existing: 1 }]);
    expect((await send(`GET /buyers/${encodeURIComponent(ada.id)}`)).json).toEqual(ada);
    const page = await send(`GET /buyers?event=${event}&limit=1&page=2`);
    expect(page.json).toMatchObject({ total: 2, page: 2, limit: 1, buyers: [{ creditCents: 8 }] });
    const orphan = { id: 'orphan', creditCents: 1, event: '999999' };
    expect(refusal(await send('POST /buyers', orphan))).toEqual([404, 'unknown_event']);
  });

  test.each([
    ['POST /events', { name: 'x', pools: [] }],
    ['POST /events', { name: 'x', pools: [{ name: 'p', capacity: -1, priceCents: 1 }] }],
    ['POST /events', { name: 'x', pools: [{ name: 'p', capacity: 2, priceCents: 1, seats: 3 }] }],
    ['POST /events', { name: 'x\u0000', pools: [{ name: 'p', capacity: 2, priceCents: 1 }] }],
    [
      'POST /events',
      { name: 'x', opensAt: 'noon', pools: [{ name: 'p', capacity: 2, priceCents: 1 }] },
    ],
    ['POST /buyers', { id: 'x', creditCents: -1 }],
    ['POST /buyers', { id: 'x', creditCents: '5' }],
    ['POST /buyers/batch', {}],
    ['POST /purchases', { buyer: 'x', pool: '1', quantity: 0 }],
    ['POST /purchases', { buyer: 'x', pool: '1', quantity: 1.5 }],
    ['POST /purchases', { buyer: 'x', pool: 1, quantity: 1 }],
    ['POST /purchases', { buyer: 'x', pool: '1', quantity: 1, seats: ['A1'] }],
    ['POST /purchases', { buyer: 'x', pool: '1', quantity: 2, seat: 'A1' }],
    ['POST /holds', '{"buyer"'],
    ['POST /holds', undefined],
    ['POST /orders/1/payment', {}],
    ['GET /orders', undefined],
    ['GET /orders?event=1&page=0', undefined],
    ['GET /orders?event=1&limit=1001', undefined],
    ['GET /payments', undefined],
    ['GET /pools/1?copy=backup', undefined],
  ])('%s %j is invalid', async (line, body) => {
    expect(refusal(await send(line, body))).toEqual([400, 'invalid']);
  });

  test('what is no JSON, or nowhere, is said to be', async () => {
    const xml = await send('POST /purchases', '<a/>', { 'content-type': 'text/xml' });
    expect(refusal(xml)).toEqual([415, 'invalid']);
    expect(refusal(await send('GET /nowhere'))).toEqual([404, 'unknown_path']);
    for (const id of ['0', '-1', 'x', '9999999999999999999', '1e3'])
      expect(refusal(await send(`GET /orders/${id}`))).toEqual([404, 'unknown_order']);
  });
});

describe('purchases', () => {
  test('sell all that was asked for, and charge it', async () => {
    const { sale, buy, remaining, credit, order, ask } = await shop();
    const { status, json } = await buy({ quantity: 3, metadata: { intent: 'i-1', other: 1 } });
    expect([status, json]).toEqual([
      201,
      { order: expect.any(String), status: 'paid', seats: [], totalCents: 3000 },
    ]);
    expect([await remaining(), await credit()]).toEqual([2, CREDIT - 3000]);
    const row = {
      ...{ id: json.order, event: sale.event, pool: ask().pool, buyer: ask().buyer, quantity: 3 },
      ...{ seats: [], status: 'paid', totalCents: 3000, chargedCents: 3000, intent: 'i-1' },
      ...{ createdAt: expect.stringMatching(ISO), expiresAt: null },
    };
    expect(await order(json.order)).toEqual(row);
    expect(refusal(await buy({ quantity: 3 }))).toEqual([409, 'sold_out']);
    expect(await audit(service.sql, sale)).toEqual(CLEAN);
    const page = { total: 1, page: 1, limit: 100 };
    for (const filter of ['', '&intent=i-1', `&buyer=${ask().buyer}`])
      expect((await send(`GET /orders?event=${sale.event}${filter}`)).json).toEqual({
        ...page,
        orders: [row],
      });
    expect((await send(`GET /orders?event=${sale.event}&intent=i`)).json.total).toBe(0);
    const payment = { id: expect.any(String), order: json.order, buyer: ask().buyer };
    expect((await send(`GET /payments?event=${sale.event}`)).json).toEqual({
      ...page,
      payments: [{ ...payment, amountCents: 3000, createdAt: expect.stringMatching(ISO) }],
    });
  });

  test('of unknown pools, by unknown buyers, or beyond the credit are refused and change nothing', async () => {
    const { sale, buy, hold } = await shop({ capacity: 500, priceCents: CREDIT });
    expect(refusal(await buy({ pool: '999999' }))).toEqual([404, 'unknown_pool']);
    expect(refusal(await buy({ pool: 'x' }))).toEqual([404, 'unknown_pool']);
    expect(refusal(await hold({ buyer: 'x' }))).toEqual([404, 'unknown_buyer']);
    expect(refusal(await buy({ quantity: 2 }))).toEqual([409, 'insufficient_funds']);
    expect(refusal(await buy({ seat: 'A1' }))).toEqual([400, 'invalid']);
    expect(await audit(service.sql, sale)).toEqual(CLEAN);
  });

  test('seats are the ones named, or the first that are free', async () => {
    const { buy } = await shop({ capacity: 12, seats: 12 });
    expect((await buy({ seat: 'A2' })).json.seats).toEqual(['A2']);
    expect(refusal(await buy({ seat: 'A2' }))).toEqual([409, 'seat_taken']);
    expect(refusal(await buy({ seat: 'B1' }))).toEqual([409, 'seat_taken']);
    expect((await buy({ quantity: 10 })).json.seats).toEqual(
      [1, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((n) => `A${n}`),
    );
    expect(refusal(await buy({ quantity: 2 }))).toEqual([409, 'sold_out']);
    expect((await buy({ seat: 'A12' })).status).toBe(201);
    expect(refusal(await buy({ seat: 'A12' }))).toEqual([409, 'sold_out']);
  });

  test('wait for the opening and end at closing', async () => {
    const early = await shop({ capacity: 1 }, { opensAt: inMs(60_000) });
    expect(refusal(await early.buy())).toEqual([409, 'not_open']);
    expect(refusal(await early.hold())).toEqual([409, 'not_open']);
    const late = await shop({ capacity: 1 }, { closesAt: inMs(-60_000) });
    expect(refusal(await late.buy())).toEqual([409, 'closed']);
    const now = await shop({ capacity: 1 }, { opensAt: inMs(-60_000), closesAt: inMs(60_000) });
    expect((await now.buy()).status).toBe(201);
  });

  test('stay within the limit, holds included and cancelled ones not', async () => {
    const { buy, hold, cancel } = await shop({ capacity: 9 }, { limitPerBuyer: 3 });
    const held = await hold({ quantity: 2 });
    expect(refusal(await buy({ quantity: 2 }))).toEqual([409, 'limit_reached']);
    expect((await buy()).status).toBe(201);
    await cancel(held.json.order);
    expect((await buy({ quantity: 2 })).status).toBe(201);
    expect(refusal(await hold())).toEqual([409, 'limit_reached']);
  });
});

describe('holds, payments, cancellations', () => {
  test('a hold keeps its tickets, costs nothing, and is paid once', async () => {
    const { hold, pay, remaining, credit, order } = await shop();
    const { status, json } = await hold();
    expect([status, json]).toEqual([
      201,
      {
        ...{ order: expect.any(String), status: 'held', expiresAt: expect.stringMatching(ISO) },
        ...{ seats: [], totalCents: 1000 },
      },
    ]);
    expect([await remaining(), await credit()]).toEqual([4, CREDIT]);
    const { createdAt, expiresAt } = await order(json.order);
    expect(expiresAt).toBe(json.expiresAt);
    expect(Math.abs(Date.parse(expiresAt) - Date.parse(createdAt) - 60_000)).toBeLessThan(5);
    expect(refusal(await pay(json.order, 999))).toEqual([400, 'invalid']);
    const paid = await pay(json.order);
    expect([paid.status, paid.json]).toEqual([
      200,
      { order: json.order, status: 'paid', chargedCents: 1000 },
    ]);
    expect(refusal(await pay(json.order))).toEqual([409, 'already_paid']);
    expect([await remaining(), await credit()]).toEqual([4, CREDIT - 1000]);
    expect(refusal(await pay('999999'))).toEqual([404, 'unknown_order']);
  });

  test('cancelling gives everything back, once', async () => {
    const { sale, buy, hold, cancel, pay, remaining, credit } = await shop({
      ...{ capacity: 2, seats: 2 },
    });
    const bought = await buy({ seat: 'A1' });
    const held = await hold({ seat: 'A2' });
    const order = bought.json.order;
    const back = await cancel(order);
    expect([back.status, back.json]).toEqual([
      200,
      { order, status: 'cancelled', refundedCents: 1000 },
    ]);
    expect(refusal(await cancel(order))).toEqual([409, 'already_cancelled']);
    expect((await cancel(held.json.order)).json).toMatchObject({ refundedCents: 0 });
    expect(refusal(await pay(held.json.order))).toEqual([409, 'cancelled']);
    expect([await remaining(), await credit()]).toEqual([2, CREDIT]);
    expect((await buy({ seat: 'A2' })).status).toBe(201);
    expect(await audit(service.sql, sale)).toEqual(CLEAN);
    const listed = await send(`GET /orders?event=${sale.event}`);
    expect(listed.json.orders.map(({ status }: { status: string }) => status)).toEqual([
      ...['cancelled', 'cancelled', 'paid'],
    ]);
    const payments = await send(`GET /payments?event=${sale.event}`);
    expect(payments.json.payments.map((p: { amountCents: number }) => p.amountCents)).toEqual([
      ...[1000, -1000, 1000],
    ]);
    expect(refusal(await cancel('x'))).toEqual([404, 'unknown_order']);
  });

  test('a hold that ran out is there for the next, and cannot be paid or cancelled', async () => {
    const { hold, pay, cancel, buy, remaining, order } = await shop(
      { capacity: 1, seats: 1 },
      { holdMs: 50, limitPerBuyer: 1 },
    );
    const { json } = await hold({ seat: 'A1' });
    await expired();
    expect(refusal(await pay(json.order))).toEqual([409, 'expired']);
    expect(refusal(await cancel(json.order))).toEqual([409, 'expired']);
    expect(await order(json.order)).toMatchObject({ status: 'expired', chargedCents: 0 });
    expect(await remaining()).toBe(1);
    expect((await buy({ seat: 'A1' })).status).toBe(201);
  });

  test('late payment is accepted as the event says', async () => {
    for (const latePayment of ['accept-if-capacity', 'accept']) {
      const capacity = 1;
      const { hold, pay, buy, remaining } = await shop({ capacity }, { holdMs: 50, latePayment });
      const first = (await hold()).json.order;
      await expired();
      expect(await remaining()).toBe(1);
      expect((await pay(first)).json).toMatchObject({ status: 'paid' });
      expect(refusal(await buy())).toEqual([409, 'sold_out']);
    }
    const strict = await shop({ capacity: 1 }, { holdMs: 50, latePayment: 'accept-if-capacity' });
    const lost = (await strict.hold()).json.order;
    await expired();
    await strict.buy();
    expect(refusal(await strict.pay(lost))).toEqual([409, 'expired']);
    const lax = await shop({ capacity: 1 }, { holdMs: 50, latePayment: 'accept' });
    const kept = (await lax.hold()).json.order;
    await expired();
    await lax.buy();
    expect((await lax.pay(kept)).status).toBe(200);
    expect(await lax.remaining()).toBe(-1);
  });

  test('the sweeper ends a hold that nobody asks for', async () => {
    const { hold, sale } = await shop({ capacity: 1 }, { holdMs: 50 });
    await hold();
    const inTable = async () => {
      const { rows } = await service.sql.query(
        `SELECT o.status, p.remaining FROM box_order o JOIN box_pool p ON p.id = o.pool_id
          WHERE o.event_id = $1`,
        [sale.event],
      );
      return rows[0];
    };
    await expect
      .poll(inTable, { timeout: 10_000, interval: 50 })
      .toEqual({ status: 'expired', remaining: 1 });
  });

  test('the copy lags, says so, and comes round', async () => {
    const { buy, sale } = await shop();
    const read = (query: string) => send(`GET /pools/${sale.pools[0]}${query}`);
    await buy();
    expect((await read('')).headers.get('x-data-freshness')).toBe('exact');
    expect((await read('?copy=replica')).headers.get('x-data-freshness')).toBe('eventual');
    await expect
      .poll(async () => (await read('?copy=replica')).json, { timeout: 10_000 })
      .toEqual({ id: sale.pools[0], capacity: 5, remaining: 4 });
  });
});

describe('idempotency keys', () => {
  test.each(['success', 'refusal'])('a %s is answered again, byte for byte', async (which) => {
    const { buy, sale, remaining } = await shop({ capacity: which === 'success' ? 5 : 0 });
    const key = `again-${sale.event}`;
    const first = await buy({}, key);
    const second = await buy({}, key);
    expect(first.status).toBe(which === 'success' ? 201 : 409);
    expect([second.status, second.text]).toEqual([first.status, first.text]);
    expect(first.headers.has('idempotent-replayed')).toBe(false);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(second.headers.get('content-type')).toBe(first.headers.get('content-type'));
    expect(await remaining()).toBe(which === 'success' ? 4 : 0);
  });

  test('a key belongs to one request', async () => {
    const { buy, sale, remaining, cancel } = await shop();
    const key = `one-${sale.event}`;
    const { json } = await buy({}, key);
    expect(refusal(await buy({ quantity: 2 }, key))).toEqual([422, 'key_reused']);
    expect(refusal(await cancel(json.order, key))).toEqual([422, 'key_reused']);
    expect(await remaining()).toBe(4);
    expect(refusal(await buy({}, 'k'.repeat(256)))).toEqual([400, 'invalid']);
  });

  test('payments and cancellations have keys, too', async () => {
    const { hold, pay, cancel, sale } = await shop();
    const { order } = (await hold()).json;
    const paid = await pay(order, 1000, `pay-${sale.event}`);
    expect((await pay(order, 1000, `pay-${sale.event}`)).text).toBe(paid.text);
    const cancelled = await cancel(order, `cancel-${sale.event}`);
    expect((await cancel(order, `cancel-${sale.event}`)).text).toBe(cancelled.text);
  });

  test('a failure is not kept: nothing has happened and the key is free', async () => {
    const { buy, sale, remaining, credit } = await shop();
    const key = `failure-${sale.event}`;
    const wish = { metadata: { intent: `wish ${sale.event}` } };
    await service.sql.query(
      `ALTER TABLE box_order ADD CONSTRAINT no_wish CHECK (intent NOT LIKE 'wish %')`,
    );
    expect(refusal(await buy(wish, key))).toEqual([500, 'internal']);
    await service.sql.query('ALTER TABLE box_order DROP CONSTRAINT no_wish');
    expect([await remaining(), await credit()]).toEqual([5, CREDIT]);
    const second = await buy(wish, key);
    expect([second.status, second.headers.has('idempotent-replayed')]).toEqual([201, false]);
  });

  test('a key is in flight until it is answered, and free again after thirty seconds of silence', async () => {
    const { buy, sale, remaining } = await shop();
    const key = `flight-${sale.event}`;
    const first = await buy({}, key);
    await service.sql.query('UPDATE box_key SET status = NULL, body = NULL WHERE key = $1', [key]);
    const second = await buy({}, key);
    expect(refusal(second)).toEqual([409, 'in_flight']);
    expect(second.headers.get('retry-after')).toBe('1');
    await service.sql.query(
      `UPDATE box_key SET reserved_at = reserved_at - interval '31 seconds' WHERE key = $1`,
      [key],
    );
    const third = await buy({}, key);
    expect(third.status).toBe(201);
    expect(third.json.order).not.toBe(first.json.order);
    expect(await remaining()).toBe(3);
  });
});
