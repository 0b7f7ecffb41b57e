import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flaws } from '../../../target/co4353/flaws/registry.ts';
import { raceUntil } from '../../race.ts';
import {
  expired,
  type Facts,
  factsOf,
  letTimePass,
  newEvent,
  newUser,
  quiet,
  rush,
  type Shop,
  startBench,
} from './shop.ts';

let bench: Awaited<ReturnType<typeof startBench>>;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const SOON = { hold: '1s' };
const NONE: Facts = {
  active: 0,
  ordersLeft: 0,
  eventsLeft: 0,
  payments: 0,
  paidTwice: 0,
  paidAndCancelled: 0,
};
const above = (least: number) => expect.toSatisfy((n: number) => n > least, `above ${least}`);

async function inShop<T>(
  flaw: string | null,
  options: Record<string, string>,
  story: (shop: Shop) => Promise<T>,
): Promise<T> {
  const shop = await bench.open(flaw === null ? [] : [flaw], options);
  try {
    return await story(shop);
  } finally {
    await shop.stop();
  }
}

/** The same, played in one shop until the flaw is `seen`. */
function raceInShop<T>(
  flaw: string,
  story: (shop: Shop) => Promise<T>,
  seen: (found: T) => boolean,
): Promise<T> {
  return inShop(flaw, {}, (shop) => raceUntil(seen, () => story(shop)));
}

/** 150 buyers for 40 tickets, nobody pays, nothing expires yet. */
const sellOut = async (shop: Shop) => {
  const eventId = await newEvent(shop, 40);
  const told = (await rush(shop, eventId, 150)).map(([, { status }]) => status);
  await quiet(shop);
  return { ...(await factsOf(shop, eventId)), ok: told.filter((status) => status === 201).length };
};
const SOLD_OUT = { ...NONE, active: 40, ok: 40 };

/** 80 of 100 tickets are ordered at once and never paid. */
const letExpire = async (shop: Shop) => {
  const eventId = await newEvent(shop, 100);
  await rush(shop, eventId, 80);
  await letTimePass(shop);
  await expired(shop);
  return factsOf(shop, eventId);
};
const EXPIRED = { ...NONE, ordersLeft: 100, eventsLeft: 100 };

/** One order is paid when its time is over. */
const payLate = async (shop: Shop) => {
  const eventId = await newEvent(shop, 1);
  const buyer = newUser(shop);
  const { body } = await buyer('POST', '/api/orders', { eventId });
  await expired(shop);
  const payment = { token: 'tok_visa', orderId: body.id };
  const { status } = await buyer('POST', '/api/payments', payment);
  await quiet(shop);
  return { ...(await factsOf(shop, eventId)), status };
};
const TOO_LATE = { ...NONE, ordersLeft: 1, eventsLeft: 1, status: 400 };

/** Ten orders, each paid by five requests at once. */
const payAtOnce = async (shop: Shop) => {
  const eventId = await newEvent(shop, 10);
  const held = await rush(shop, eventId, 10);
  await quiet(shop);
  const payments = held.flatMap(([buyer, { body }]) =>
    [1, 2, 3, 4, 5].map(() =>
      buyer('POST', '/api/payments', { token: 'tok_visa', orderId: body.id }),
    ),
  );
  await Promise.all(payments);
  await quiet(shop);
  return factsOf(shop, eventId);
};
const PAID = { ...NONE, active: 10, payments: 10 };

describe('without a flaw', () => {
  test('a sale, its expiry, a late payment and a repeated one leave what they should', async () => {
    expect(await inShop(null, {}, sellOut)).toEqual(SOLD_OUT);
    expect(await inShop(null, {}, letExpire)).toEqual(EXPIRED);
    expect(await inShop(null, SOON, payLate)).toEqual(TOO_LATE);
    expect(await inShop(null, {}, payAtOnce)).toEqual(PAID);
  });
});

describe('planted', () => {
  test('check-then-act sells more than there is, and each counter is wrong in its own way', async () => {
    const found = await raceInShop('check-then-act', sellOut, ({ active }) => active > 40);
    expect(found.active).toBeGreaterThan(40);
    const { active, ordersLeft } = found;
    expect(found).toEqual({ ...NONE, active, ok: active, ordersLeft, eventsLeft: 40 - active });
    expect(ordersLeft).toBeGreaterThan(found.eventsLeft);
  });

  test('counters-diverge: the event service does not hear of some orders', async () => {
    const found = await raceInShop('counters-diverge', sellOut, ({ eventsLeft }) => eventsLeft > 0);
    expect(found).toEqual({ ...SOLD_OUT, eventsLeft: above(0) });
  });

  test('hold-never-released: expired orders keep their tickets in both counters', async () => {
    const found = await inShop('hold-never-released', {}, letExpire);
    expect(found).toEqual({ ...EXPIRED, ordersLeft: 20, eventsLeft: 20 });
  });

  test('double-release: more tickets come back than were held', async () => {
    const found = await raceInShop(
      'double-release',
      letExpire,
      ({ ordersLeft }) => ordersLeft > 100,
    );
    expect(found).toEqual({ ...EXPIRED, ordersLeft: above(100), eventsLeft: above(100) });
  });

  test('paid-after-expiry: the money is taken, the order stays cancelled', async () => {
    const found = await inShop('paid-after-expiry', SOON, payLate);
    expect(found).toEqual({ ...TOO_LATE, status: 201, payments: 1, paidAndCancelled: 1 });
  });

  test('double-charge: requests at once are both paid', async () => {
    const found = await raceInShop('double-charge', payAtOnce, ({ paidTwice }) => paidTwice > 0);
    expect(found).toEqual({ ...PAID, payments: above(10), paidTwice: above(0) });
  });

  test('slow-tail is right in everything', async () => {
    expect(await inShop('slow-tail', {}, sellOut)).toEqual(SOLD_OUT);
  });

  test('error-bursts turns many away and sells rightly to the others', async () => {
    const found = await inShop('error-bursts', {}, async (shop) => {
      const eventId = await newEvent(shop, 1000);
      const told = (await rush(shop, eventId, 700)).map(([, { status }]) => status);
      await quiet(shop);
      return { told, facts: await factsOf(shop, eventId) };
    });
    const active = found.told.filter((status) => status === 201).length;
    const untold = found.told.filter((status) => status === 503).length;
    expect([active > 0, untold > 0, active + untold]).toEqual([true, true, 700]);
    const left = { ordersLeft: 1000 - active, eventsLeft: 1000 - active };
    expect(found.facts).toEqual({ ...NONE, active, ...left });
  });
});

test('every flaw has a name that a command line takes and one sentence', () => {
  expect(new Set(flaws.map(({ name }) => name)).size).toBe(flaws.length);
  for (const { name, bug } of flaws) {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
    expect(bug).toMatch(/^[A-Z].{30,160}\.$/);
  }
});
