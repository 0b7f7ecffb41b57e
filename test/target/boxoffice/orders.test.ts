import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Service, startService } from '../service.ts';
import { audit, CLEAN, CREDIT, call, type Reply } from './client.ts';
import { ISO, openShop, refusal } from './shop.ts';

let service: Service;
beforeAll(async () => {
  service = await startService('reference', '--processes', '2');
});
afterAll(() => service.stop());

const send = (line: string, body?: unknown, headers?: Record<string, string>): Promise<Reply> =>
  call(service.url, line, body, headers);
const shop = (pool?: object, event?: object) => openShop(service.url, pool, event);
const expired = () => new Promise((resolve) => setTimeout(resolve, 60));

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
