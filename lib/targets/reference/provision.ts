import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { UsageFailure } from '../../model/failure.ts';
import type { Buyer, Fixture, Pool } from '../../model/fixture.ts';
import type { IntentsFile, Plan } from '../../model/plan.ts';
import type { Rules } from '../../model/rules.ts';
import { SCHEMA_VERSION } from '../../model/schema-version.ts';
import type { Connection, Known, Wanted } from '../admin.ts';
import { request } from '../request.ts';
import { type Ahead, aheadBy, skewOf } from '../target-clock.ts';
import { call } from './calls.ts';
import {
  type BoxEvent,
  type BoxOrder,
  eventSchema,
  healthSchema,
  pageOf,
  poolSchema,
} from './contents.ts';
import { buyersOf, ordersOf } from './listings.ts';

/** Buyers of one batch; the API takes no more. */
const BUYERS_A_BATCH = 5000;
/** How long after its expiry a hold may still keep its tickets, says the contract. */
const EXPIRY_GRACE_MS = 1000;

/** What the options say, in numbers. */
export interface Terms {
  readonly priceCents: number;
  readonly creditCents: number;
  readonly holdMs: number;
  readonly latePayment: BoxEvent['latePayment'];
  readonly buyerLimit: number | null;
  /** From provisioning to the opening of the sale, ms; null for a sale that is always open. */
  readonly opensInMs: number | null;
}

export function termsOf({ options }: Pick<Connection, 'options'>): Terms {
  const number = (name: string) => (options[name] === '' ? null : Number(options[name]));
  return {
    priceCents: number('price') ?? 0,
    creditCents: number('credit') ?? 0,
    holdMs: (number('hold') ?? 60) * 1000,
    latePayment: options.late as BoxEvent['latePayment'],
    buyerLimit: number('limit'),
    opensInMs: options.opens === '' ? null : (number('opens') ?? 0) * 1000,
  };
}

export const nameOfEvent = ({ runId }: Pick<IntentsFile, 'runId'>) => `Onsale ${runId}`;

/** Names of the buyers, those of several intents once. */
export function buyerIds({ runId, intents }: IntentsFile): string[] {
  return intents.map(({ buyer }, i) => `onsale-${runId}-buyer-${buyer ?? i}`);
}

/** Makes event, pools and buyers, or finds those that a former call with this run id has made. */
export async function provision(connection: Connection, asked: Wanted): Promise<Fixture> {
  const { plan, intents } = asked;
  const terms = termsOf(connection);
  const clock = await compareClocks(connection);
  const event = await findOrMake(connection, asked, terms, clock);
  await makeBuyers(connection, { event, ids: [...new Set(buyerIds(intents))], terms });
  const orders = await ordersOf(connection, event);
  const pools = await Promise.all(
    event.pools.map(async (pool): Promise<Pool> => {
      const { remaining } = await poolNow(connection, pool.id);
      return {
        id: pool.id,
        name: pool.name,
        capacity: remaining,
        remaining,
        price: pool.priceCents,
        ...(pool.seated && { seats: freeSeats(plan, pool.id, orders) }),
      };
    }),
  );
  // Who was there already may have spent some.
  const credits = new Map((await buyersOf(connection, event)).map((each) => [each.id, each]));
  const buyers = buyerIds(intents).map(
    (id): Buyer => ({ id, credit: credits.get(id)?.creditCents ?? terms.creditCents }),
  );
  return {
    schemaVersion: SCHEMA_VERSION,
    access: 'http',
    event: event.name,
    pools,
    buyers,
    // The keys of a former run were answered; see `keyOf`.
    ...(orders.length > 0 && { data: { again: randomBytes(4).toString('hex') } }),
    rules: rulesOf(event, skewOf(clock).max),
    baselineOrders: orders.map(({ id }) => id),
  };
}

function freeSeats({ capacity }: Plan, pool: string, orders: readonly BoxOrder[]): string[] {
  const live = orders.filter((each) => each.status === 'held' || each.status === 'paid');
  const taken = new Set(live.filter((each) => each.pool === pool).flatMap(({ seats }) => seats));
  return Array.from({ length: capacity }, (_, i) => `A${i + 1}`).filter((seat) => !taken.has(seat));
}

function rulesOf(event: BoxEvent, clockSkewMs: number): Rules {
  const { latePayment, limitPerBuyer, opensAt, closesAt, holdMs } = event;
  return {
    ...(limitPerBuyer !== null && { buyerLimit: limitPerBuyer }),
    ...(opensAt !== null && { opensAt }),
    ...(closesAt !== null && { closesAt }),
    clockSkewMs,
    holdMs,
    expiryGraceMs: EXPIRY_GRACE_MS,
    latePayment,
    idempotency: 'conflict',
    moves: {
      none: ['held', 'paid'],
      held: ['paid', 'cancelled', 'expired'],
      paid: ['cancelled'],
      ...(latePayment !== 'reject' && { expired: ['paid'] as const satisfies ['paid'] }),
    },
    atomic: true,
  };
}

/** The office's time against ours. */
export function compareClocks(connection: Connection): Promise<Ahead> {
  const ask = { method: 'GET', path: '/health', statuses: [200] } as const;
  const asked = { ...ask, expected: 'the health of a box office' };
  return aheadBy(async () => (await call(connection, asked, healthSchema)).content.now);
}

export async function poolNow(connection: Connection, id: string) {
  const ask = { method: 'GET', path: `/pools/${id}`, statuses: [200] } as const;
  return (await call(connection, { ...ask, expected: 'a pool with what is left' }, poolSchema))
    .content;
}

export async function findEvent(connection: Connection, name: string): Promise<BoxEvent | null> {
  const path = `/events?name=${encodeURIComponent(name)}&page=1&limit=1`;
  const ask = { method: 'GET', path, statuses: [200], expected: 'a list of events' } as const;
  const { content } = await call(connection, ask, pageOf('events', eventSchema));
  return content.events[0] ?? null;
}

async function findOrMake(
  connection: Connection,
  { plan, intents }: Wanted,
  terms: Terms,
  { min, max }: Ahead,
): Promise<BoxEvent> {
  const name = nameOfEvent(intents);
  const found = await findEvent(connection, name);
  if (found !== null) return matching(found, plan, terms);
  const seats = plan.seats === true;
  const opensAt = terms.opensInMs === null ? null : Date.now() + (min + max) / 2 + terms.opensInMs;
  const body = {
    name,
    ...(opensAt !== null && { opensAt: new Date(opensAt).toISOString() }),
    ...(terms.buyerLimit !== null && { limitPerBuyer: terms.buyerLimit }),
    holdMs: terms.holdMs,
    latePayment: terms.latePayment,
    pools: Array.from({ length: plan.pools }, (_, i) => ({
      name: `Pool ${i + 1}`,
      capacity: plan.capacity,
      priceCents: terms.priceCents,
      ...(seats && { seats: plan.capacity }),
    })),
  };
  const ask = {
    method: 'POST',
    path: '/events',
    statuses: [201],
    body,
    expected: 'a new event',
  } as const;
  return (await call(connection, ask, eventSchema)).content;
}

/** An event of a former call, if it is what the plan and the options ask for now. */
function matching(event: BoxEvent, plan: Plan, terms: Terms): BoxEvent {
  const wanted = describe({
    ...{ holdMs: terms.holdMs, latePayment: terms.latePayment, limitPerBuyer: terms.buyerLimit },
    opens: terms.opensInMs !== null,
    pools: Array.from({ length: plan.pools }, () => ({
      ...{ capacity: plan.capacity, priceCents: terms.priceCents, seated: plan.seats === true },
    })),
  });
  const got = describe({ ...event, opens: event.opensAt !== null });
  if (got === wanted) return event;
  throw new UsageFailure({
    expected: `an event of ${wanted}, as plan and options ask`,
    got: `one of ${got}, made by a former call`,
    where: '--run-id',
    remedy: 'Ask for the same again, or take another run id.',
  });
}

function describe(event: {
  readonly pools: readonly Pick<BoxEvent['pools'][number], 'capacity' | 'priceCents' | 'seated'>[];
  readonly holdMs: number;
  readonly latePayment: string;
  readonly limitPerBuyer: number | null;
  readonly opens: boolean;
}): string {
  const { pools, holdMs, latePayment, limitPerBuyer, opens } = event;
  const tickets = pools.map(
    ({ capacity, priceCents, seated }) =>
      `${capacity} ${seated ? 'seats' : 'tickets'} at ${priceCents}`,
  );
  return [
    `${pools.length} × ${[...new Set(tickets)].join(' and ')}`,
    `holds of ${holdMs} ms`,
    `late payment ${latePayment}`,
    `limit ${limitPerBuyer ?? 'none'}`,
    opens ? 'an opening' : 'always open',
  ].join(', ');
}

async function makeBuyers(
  connection: Connection,
  { event, ids, terms }: { event: BoxEvent; ids: readonly string[]; terms: Terms },
): Promise<void> {
  for (let from = 0; from < ids.length; from += BUYERS_A_BATCH) {
    const some = ids.slice(from, from + BUYERS_A_BATCH);
    const buyers = some.map((id) => ({ id, creditCents: terms.creditCents }));
    const ask = { method: 'POST', path: '/buyers/batch', statuses: [201] } as const;
    await call(
      connection,
      { ...ask, body: { event: event.id, buyers }, expected: 'new buyers' },
      z.object({ created: z.int(), existing: z.int() }),
    );
    connection.onProgress(from + some.length, ids.length);
  }
}

/** What `provision` would do, with what is there already. */
export async function outline(
  connection: Connection,
  { plan, intents }: Wanted,
): Promise<readonly string[]> {
  const name = nameOfEvent(intents);
  const found = await findEvent(connection, name);
  const buyers = new Set(buyerIds(intents)).size;
  return [
    found === null
      ? `Make the event "${name}" with ${plan.pools} pools of ${plan.capacity} tickets.`
      : `Use the event "${name}" (${found.id}), which is there.`,
    `Make those of ${buyers} buyers that are not there yet.`,
  ];
}

/** The event goes with its pools, orders, payments and buyers. */
export async function deprovision(
  connection: Connection,
  { intents }: Pick<Known, 'intents'>,
): Promise<readonly string[]> {
  const name = nameOfEvent(intents);
  const event = await findEvent(connection, name);
  if (event === null) return [`There is no event "${name}" any more.`];
  const { status } = await request(connection, {
    method: 'DELETE',
    path: `/events/${event.id}`,
    expected: 'the event to go',
    remedy: 'Try again when the box office is quiet.',
  });
  return [
    status === 204
      ? `The event "${name}" went with its pools, orders, payments and buyers.`
      : `The event "${name}" stays: the box office answered ${status}.`,
  ];
}
