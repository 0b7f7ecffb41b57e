import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Service, startService } from '../service.ts';
import { audit, CLEAN, CREDIT, call, openSale, type Reply, tally } from './client.ts';

let service: Service;
beforeAll(async () => {
  service = await startService('reference', '--processes', '2');
});
afterAll(() => service.stop());

const send = (line: string, body?: unknown, headers?: Record<string, string>): Promise<Reply> =>
  call(service.url, line, body, headers);
const open = (event: Parameters<typeof openSale>[1]) => openSale(service.url, event);
/** All at once. */
const rush = <Item>(items: readonly Item[], act: (item: Item, i: number) => Promise<Reply>) =>
  Promise.all(items.map(act));
const times = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('everybody at once, two processes', () => {
  test('exactly the capacity is sold, whatever the quantities', async () => {
    const sale = await open({ pools: [{ capacity: 100 }], buyers: 600 });
    const [pool] = sale.pools;
    const quantities = [1, 3, 2, 4];
    const replies = await rush(sale.buyers, (buyer, i) =>
      send('POST /purchases', { buyer, pool, quantity: quantities[i % 4] }),
    );
    const { '201': sold, sold_out: refused, ...others } = tally(replies);
    expect([sold! + refused!, others]).toEqual([600, {}]);
    expect(await audit(service.sql, sale)).toEqual(CLEAN);
    expect((await send(`GET /pools/${pool}`)).json).toEqual({
      id: pool,
      capacity: 100,
      remaining: 0,
    });
  });

  test('each seat goes to one, named or not', async () => {
    const sale = await open({ pools: [{ capacity: 40, seats: 40 }], buyers: 240 });
    const [pool] = sale.pools;
    const replies = await rush(sale.buyers, (buyer, i) => {
      const seat = i % 3 === 0 ? null : `A${1 + (i % 10)}`;
      return send(i % 2 === 0 ? 'POST /holds' : 'POST /purchases', {
        buyer,
        pool,
        quantity: 1,
        seat,
      });
    });
    const seats = replies.filter(({ status }) => status === 201).flatMap(({ json }) => json.seats);
    expect(new Set(seats).size).toBe(seats.length);
    expect(Object.keys(tally(replies)).sort()).toEqual(
      expect.arrayContaining(['201', 'seat_taken']),
    );
    expect(await audit(service.sql, sale)).toEqual(CLEAN);
  });

  test('nobody gets past the limit or the credit', async () => {
    const sale = await open({
      pools: [{ capacity: 500 }, { capacity: 500 }],
      limitPerBuyer: 4,
      buyers: 10,
    });
    const replies = await rush(times(200), (i) => {
      const body = { buyer: sale.buyers[i % 10], pool: sale.pools[i % 2], quantity: 1 + (i % 3) };
      return send(i % 4 === 0 ? 'POST /holds' : 'POST /purchases', body);
    });
    expect(Object.keys(tally(replies)).sort()).toEqual(['201', 'limit_reached']);
    expect(await audit(service.sql, sale)).toEqual(CLEAN);

    const poor = await open({ pools: [{ capacity: 500, priceCents: CREDIT / 4 }], buyers: 5 });
    const answers = await rush(times(50), (i) =>
      send('POST /purchases', { buyer: poor.buyers[i % 5], pool: poor.pools[0], quantity: 1 }),
    );
    expect(tally(answers)).toEqual({ '201': 20, insufficient_funds: 30 });
    expect(await audit(service.sql, poor)).toEqual(CLEAN);
  });

  test('one key has one effect, and all who are answered get the same bytes', async () => {
    const sale = await open({ pools: [{ capacity: 100 }], buyers: 20 });
    const replies = await rush(times(200), (i) => {
      const body = { buyer: sale.buyers[i % 20], pool: sale.pools[0], quantity: 1 };
      return send('POST /purchases', body, { 'idempotency-key': `${sale.event}-${i % 20}` });
    });
    const { '201': answered, in_flight: waiting = 0, ...others } = tally(replies);
    expect([answered! + waiting, others]).toEqual([200, {}]);
    const texts = replies.filter(({ status }) => status === 201).map(({ text }) => text);
    expect(new Set(texts).size).toBe(20);
    expect((await send(`GET /orders?event=${sale.event}`)).json.total).toBe(20);
    expect(await audit(service.sql, sale)).toEqual(CLEAN);
  });

  test('an order is paid once, cancelled once, and never both undone and kept', async () => {
    const sale = await open({ pools: [{ capacity: 30, seats: 30 }], buyers: 30 });
    const holds = await rush(sale.buyers, (buyer) =>
      send('POST /holds', { buyer, pool: sale.pools[0], quantity: 1 }),
    );
    const orders = holds.map(({ json }) => json.order as string);
    const replies = await rush([...orders, ...orders, ...orders, ...orders], (order, i) =>
      i % 120 < 60
        ? send(`POST /orders/${order}/payment`, { amountCents: 1000 })
        : send(`POST /orders/${order}/cancel`),
    );
    const {
      '200': done = 0,
      already_paid = 0,
      cancelled = 0,
      already_cancelled = 0,
      ...others
    } = tally(replies);
    expect([done >= 30, done + already_paid + cancelled + already_cancelled, others]).toEqual([
      true,
      120,
      {},
    ]);
    const { json } = await send(`GET /orders?event=${sale.event}`);
    expect(json.orders.map((o: { status: string }) => o.status)).toEqual(
      Array(30).fill('cancelled'),
    );
    expect(await audit(service.sql, sale)).toEqual(CLEAN);
    const { rows } = await service.sql.query(
      'SELECT count(*)::int AS n FROM box_seat WHERE pool_id = $1 AND order_id IS NOT NULL',
      [sale.pools[0]],
    );
    expect(rows[0].n).toBe(0);
  });

  test('holds that run out, payments, cancellations and purchases of the same tickets leave no trace of each other', async () => {
    const pools = [{ capacity: 15 }, { capacity: 10, seats: 10 }];
    const rules = { holdMs: 40, latePayment: 'accept-if-capacity', limitPerBuyer: 6 };
    const sale = await open({ pools, ...rules, buyers: 12 });
    const codes: Reply[] = [];
    const live = async (i: number) => {
      for (let turn = 0; turn < 6; turn += 1) {
        const body = { buyer: sale.buyers[(i + turn) % 12], pool: sale.pools[(i + turn) % 2] };
        const seat = (i + turn) % 4 === 1 ? `A${1 + (i % 10)}` : null;
        const path = (i + turn) % 3 === 0 ? '/purchases' : '/holds';
        const made = await send(`POST ${path}`, { ...body, quantity: 1, seat });
        codes.push(made);
        if (made.status !== 201) continue;
        if (i % 2 === 0) await new Promise((resolve) => setTimeout(resolve, 30 + (i % 5) * 10));
        const { order, totalCents: amountCents } = made.json;
        if (turn % 2 === 0)
          codes.push(await send(`POST /orders/${order}/payment`, { amountCents }));
        if (turn % 3 !== 0) codes.push(await send(`POST /orders/${order}/cancel`));
      }
    };
    await Promise.all(times(40).map(live));
    const unexpected = codes.filter(({ status }) => ![200, 201, 409].includes(status));
    expect(unexpected.map(({ text }) => text)).toEqual([]);
    expect(await audit(service.sql, sale)).toEqual(CLEAN);
    await send(`GET /pools/${sale.pools[0]}`);
    expect(await audit(service.sql, sale)).toEqual(CLEAN);
  });
});
