import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Handlers, Subscriber } from '../../../target/co4353/queue/subjects.ts';
import { SCHEMA_SQL } from '../../../target/co4353/schema.ts';
import { correctServices } from '../../../target/co4353/services/correct-services.ts';
import type { Order, Services } from '../../../target/co4353/services/services.ts';
import { startService } from '../service.ts';
import { factsOf, type Shop } from './shop.ts';

/**
 * The queue promises no more than that a message comes at least once. So here the test delivers them itself, any number
 * of times and in any order, and the services must come to the same end.
 */
let sql: pg.Pool;
let services: Services;
let stop: () => Promise<void>;
beforeAll(async () => {
  const service = await startService('co4353', '--processes', '1');
  // A database of its own, in which nobody else delivers.
  await service.sql.query('CREATE DATABASE deliveries');
  sql = new pg.Pool({ connectionString: service.databaseUrl.replace(/[^/]+$/, 'deliveries') });
  await sql.query(SCHEMA_SQL);
  services = correctServices({ pool: sql, messagePool: sql, holdMs: 3_600_000 });
  stop = async () => {
    await sql.end();
    await service.stop();
  };
});
afterAll(() => stop());

interface Delivery {
  readonly id: string;
  readonly subscriber: Subscriber;
  readonly subject: keyof Handlers;
  readonly body: unknown;
}

/** Hands a message over; true if it was acknowledged. */
async function deliver({ subscriber, subject, body }: Delivery): Promise<boolean> {
  const handler = services.handlers[subscriber][subject] as (body: unknown) => Promise<string>;
  return (await handler(body)) === 'done';
}

/** Delivers until every message is acknowledged; `pick` chooses the next one, and again and again the same one. */
async function deliverAll(pick: (count: number) => number): Promise<void> {
  for (;;) {
    const { rows } = await sql.query<Delivery>('SELECT * FROM queue.deliveries ORDER BY id');
    if (rows.length === 0) return;
    const chosen = rows[pick(rows.length)]!;
    const times = 1 + pick(3);
    let acknowledged = false;
    for (let time = 0; time < times; time += 1) acknowledged = await deliver(chosen);
    if (acknowledged) await sql.query('DELETE FROM queue.deliveries WHERE id = $1', [chosen.id]);
  }
}

async function newEvent(ticketsLeft: number): Promise<string> {
  const date = '2099-05-01T20:00:00.000Z';
  const event = { userId: 'u', name: 'Concert', description: 'd', date, price: 20, ticketsLeft };
  const { id } = await services.events.create(event);
  await deliverAll(() => 0);
  return id;
}

/** What becomes of an order: nothing, or it is paid, or cancelled, or its time is over. */
const FATES = ['kept', 'paid', 'cancelled', 'expired'] as const;

async function meet(fate: (typeof FATES)[number], { id: orderId }: Order): Promise<void> {
  if (fate === 'cancelled') await services.orders.cancel(orderId, ['created', 'complete']);
  if (fate === 'expired') await services.handlers.payments['expiration:complete']!({ orderId });
  if (fate === 'paid') await services.payments.pay({ userId: 'u', orderId, token: 'tok_visa' });
}

test('messages that come several times and in any order lead to the same end', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...FATES), { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      fc.infiniteStream(fc.nat()),
      async (fates, knownFirst, picks) => {
        const pick = (count: number) => picks.next().value % count;
        const eventId = await newEvent(10);
        const orders: Order[] = [];
        for (const _ of fates)
          orders.push((await services.orders.reserve({ userId: 'u', eventId })) as Order);
        if (knownFirst) await deliverAll(pick);
        for (const [i, order] of orders.entries()) await meet(fates[i]!, order);
        await deliverAll(pick);
        // Who is not known to payments yet cannot be paid, and does not expire.
        const held = fates.filter((fate) =>
          knownFirst ? fate === 'kept' || fate === 'paid' : fate !== 'cancelled',
        ).length;
        const payments = knownFirst ? fates.filter((fate) => fate === 'paid').length : 0;
        const left = { ordersLeft: 10 - held, eventsLeft: 10 - held };
        const fair = { paidTwice: 0, paidAndCancelled: 0 };
        expect(await factsOf({ sql } as Shop, eventId)).toEqual({
          ...fair,
          ...{ active: held, payments, ...left },
        });
      },
    ),
    { numRuns: 25 },
  );
});

test('an order that was paid and cancelled at once has its money back, whoever was heard of first', async () => {
  for (const pick of [() => 0, (count: number) => count - 1]) {
    const eventId = await newEvent(1);
    const order = (await services.orders.reserve({ userId: 'u', eventId })) as Order;
    await deliverAll(() => 0);
    await services.payments.pay({ userId: 'u', orderId: order.id, token: 'tok_visa' });
    await services.orders.cancel(order.id, ['created', 'complete']);
    await deliverAll(pick);
    const none = { active: 0, payments: 0, paidTwice: 0, paidAndCancelled: 0 };
    const facts = await factsOf({ sql } as Shop, eventId);
    expect(facts).toEqual({ ...none, ordersLeft: 1, eventsLeft: 1 });
  }
});
