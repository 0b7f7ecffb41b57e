import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  expired,
  factsOf,
  letTimePass,
  newEvent,
  newUser,
  quiet,
  rush,
  startShop,
} from './shop.ts';

const BUYERS = 400;
const CAPACITY = 120;
const PAYING = 40;
const END_MS = 1000;

let shop: Awaited<ReturnType<typeof startShop>>;
beforeAll(async () => {
  shop = await startShop('--processes', '3');
});
afterAll(() => shop.stop());

const FAIR = { paidTwice: 0, paidAndCancelled: 0 };

/** The processes that serve; the guard is one of the children, too, and is left alone. */
function workersOf(primary: number): number[] {
  const text = (pid: number, name: string) => readFileSync(`/proc/${pid}/${name}`, 'utf8');
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const parent = Number(text(pid, 'stat').split(') ').at(-1)!.split(' ')[1]);
        return parent === primary && text(pid, 'environ').includes('NODE_UNIQUE_ID=');
      } catch {
        // It has ended since its name was read.
        return false;
      }
    });
}

test('a rush sells what there is, both counters agree, and unpaid orders come back once, though a process dies', async () => {
  const eventId = await newEvent(shop, CAPACITY);
  const replies = await rush(shop, eventId, BUYERS);
  const sold = replies.filter(([, { status }]) => status === 201);
  const refused = replies.filter(([, { status }]) => status === 400);
  expect([sold.length, refused.length]).toEqual([CAPACITY, BUYERS - CAPACITY]);
  const soldOut = { errors: [{ message: 'Ticket is not Available at present' }] };
  for (const [, { body }] of refused) expect(body).toEqual(soldOut);
  await quiet(shop);
  const full = { active: CAPACITY, ordersLeft: 0, eventsLeft: 0, payments: 0 };
  expect(await factsOf(shop, eventId)).toEqual({ ...FAIR, ...full });

  const payments = sold
    .slice(0, PAYING)
    .map(([buyer, { body }]) =>
      buyer('POST', '/api/payments', { token: 'tok_visa', orderId: body.id }),
    );
  for (const { status } of await Promise.all(payments)) expect(status).toBe(201);
  await letTimePass(shop, 200);
  const [worker] = workersOf(shop.pid);
  process.kill(worker!, 'SIGKILL');
  await expired(shop);
  const left = { ordersLeft: CAPACITY - PAYING, eventsLeft: CAPACITY - PAYING };
  expect(await factsOf(shop, eventId)).toEqual({
    ...FAIR,
    ...{ active: PAYING, payments: PAYING, ...left },
  });
});

test('an order paid around its expiry is either paid and complete or neither', async () => {
  const orders = 40;
  const eventId = await newEvent(shop, orders);
  const held = await rush(shop, eventId, orders);
  await letTimePass(shop, END_MS);
  const payAt = async (i: number, waitMs: number) => {
    const [buyer, { body }] = held[i]!;
    await sleep(waitMs);
    return buyer('POST', '/api/payments', { token: 'tok_visa', orderId: body.id });
  };
  // The first one at once, the others from shortly before to shortly after the end, the last one when all is over.
  const around = held.slice(2).map((_, i) => payAt(i + 2, END_MS + (i - orders / 2) * 10));
  const results = await Promise.all([payAt(0, 0), ...around]);
  await expired(shop);
  results.push(await payAt(1, 0));
  const paid = results.filter(({ status }) => status === 201).length;
  const late = results.filter(({ status }) => status === 400);
  const cancelled = { errors: [{ message: 'Cannot pay for cancelled order' }] };
  for (const { body } of late) expect(body).toEqual(cancelled);
  expect([paid > 0, late.length > 0, paid + late.length]).toEqual([true, true, orders]);
  const left = { ordersLeft: orders - paid, eventsLeft: orders - paid };
  expect(await factsOf(shop, eventId)).toEqual({ ...FAIR, active: paid, payments: paid, ...left });
});

test('of several payments for one order at once one is taken', async () => {
  const eventId = await newEvent(shop, 1);
  const buyer = newUser(shop);
  const { body } = await buyer('POST', '/api/orders', { eventId });
  await quiet(shop);
  const payment = { token: 'tok_visa', orderId: body.id };
  const replies = await Promise.all(
    [1, 2, 3, 4, 5].map(() => buyer('POST', '/api/payments', payment)),
  );
  expect(replies.map(({ status }) => status).sort()).toEqual([201, 400, 400, 400, 400]);
  await quiet(shop);
  const full = { active: 1, ordersLeft: 0, eventsLeft: 0, payments: 1 };
  expect(await factsOf(shop, eventId)).toEqual({ ...FAIR, ...full });
});
