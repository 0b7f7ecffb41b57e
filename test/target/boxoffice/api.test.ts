import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Service, startService } from '../service.ts';
import { audit, CLEAN, CREDIT, call, openSale, type Reply, type Sale } from './client.ts';
import { ISO, openShop, refusal } from './shop.ts';

let service: Service;
beforeAll(async () => {
  service = await startService('reference', '--processes', '2');
});
afterAll(() => service.stop());

const send = (line: string, body?: unknown, headers?: Record<string, string>): Promise<Reply> =>
  call(service.url, line, body, headers);
const open = (event: Parameters<typeof openSale>[1]): Promise<Sale> => openSale(service.url, event);
const shop = (pool?: object, event?: object) => openShop(service.url, pool, event);
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

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
