import { createHash } from 'node:crypto';
import { RunFailure, UsageFailure } from '../../model/failure.ts';
import type { Buyer, Fixture, Pool } from '../../model/fixture.ts';
import type { Intent, IntentsFile, Plan } from '../../model/plan.ts';
import { SCHEMA_VERSION } from '../../model/schema-version.ts';
import type { Connection } from '../admin.ts';
import { excerpt } from '../excerpt.ts';
import { inParallel } from '../in-parallel.ts';
import { patiently, requestJson, shownUrl } from '../request.ts';
import { eventsSchema, loginSchema, ordersSchema, type Ticket, ticketsOf } from './contents.ts';

/** Requests at once: every one costs the shop a thread and a database connection, of which it may have 100. */
export const PARALLEL = 16;

const REMEDY = 'Check that the shop runs, that --url is its base, and that it is a PrimePass.';

/** The tickets on offer. Fails with a `RunFailure` on anything but the list of events of the contract. */
export async function fetchTickets(connection: Connection): Promise<Ticket[]> {
  const ask = { method: 'GET', path: '/api/events', statuses: [200], remedy: REMEDY } as const;
  const expected = 'a JSON list of events with their tickets';
  const { content } = await requestJson(connection, { ...ask, expected }, eventsSchema);
  return ticketsOf(content);
}

/** One buyer's orders, all of them: the API has no pages. */
export async function fetchOrders(connection: Connection, buyer: Buyer) {
  const { content } = await requestJson(
    connection,
    {
      method: 'GET',
      path: `/api/orders?user_id=${encodeURIComponent(buyer.id)}`,
      statuses: [200],
      expected: "a JSON list of the buyer's orders",
      remedy: REMEDY,
    },
    ordersSchema,
  );
  return content;
}

/**
 * Registers an intent's buyer, or finds the one a former call has made: the password follows from the key, so that a
 * second call can log in. It guards nothing; the account exists for one purchase of one test.
 */
async function makeBuyer(connection: Connection, intent: Intent) {
  const password = createHash('sha256').update(`onsale buyer ${intent.key}`).digest('base64url');
  const { status, content } = await requestJson(
    connection,
    {
      method: 'POST',
      path: '/api/login',
      body: { email: emailOf(intent), password, name: intent.key },
      statuses: [200, 201],
      expected: 'a registered user',
      remedy: `${REMEDY} Provisioning can be begun again: what was made is found.`,
    },
    loginSchema,
  );
  return { id: content.user_id, known: status === 200 };
}

/** The address an intent's buyer is registered under: unique, and no mail can ever reach it. */
export function emailOf(intent: Intent): string {
  return `${intent.key}@load.invalid`;
}

/** The tickets whose remaining stock is nearest to what the plan asks for; ties by listing. */
function choosePools(connection: Connection, tickets: readonly Ticket[], plan: Plan): Ticket[] {
  const usable = tickets.filter((ticket) => ticket.remaining > 0 || plan.capacity === 0);
  if (usable.length < plan.pools) {
    const shown = tickets.map((t) => `${t.event} / ${t.name}: ${t.remaining} left`).join('; ');
    throw new UsageFailure({
      expected: `${plan.pools} tickets with something left to sell`,
      got: shown === '' ? 'no tickets at all' : excerpt(shown, 300),
      where: `GET ${shownUrl(connection.url)}/api/events`,
      remedy:
        'Ask for fewer pools, or give the connection string of its database: then they are made.',
    });
  }
  const distance = (ticket: Ticket): number => Math.abs(ticket.remaining - plan.capacity);
  return [...usable].sort((a, b) => distance(a) - distance(b)).slice(0, plan.pools);
}

/** Over HTTP the stock is what there is: C is what was left at the first reading, whatever the plan says. */
function poolOf(connection: Connection, ticket: Ticket, plan: Plan): Pool {
  const name = excerpt(`${ticket.event} / ${ticket.name}`, 300);
  if (ticket.remaining < 0) {
    throw new RunFailure({
      expected: 'tickets that are not oversold before the run',
      got: `${ticket.remaining} left of ${name}`,
      where: `GET ${shownUrl(connection.url)}/api/events`,
      remedy: 'Repair the stock, or sell other tickets.',
    });
  }
  if (ticket.remaining !== plan.capacity) {
    const asked = `the plan asks for ${plan.capacity}`;
    connection.onNotice?.(
      `${name} has ${ticket.remaining} tickets left, ${asked}: over HTTP stock cannot be set, so it is sold as it is.`,
    );
  }
  return { id: ticket.id, name, capacity: ticket.remaining, remaining: ticket.remaining };
}

/** Discovers pools and registers buyers. Idempotent by run: buyers of a former call are found, with their orders. */
export async function provisionOverHttp(
  connection: Connection,
  { plan, intents }: { plan: Plan; intents: IntentsFile },
): Promise<Fixture> {
  // Looked at before anything is made: a shop with nothing to sell gets no users either.
  choosePools(connection, await fetchTickets(connection), plan);
  const buyers = await makeBuyers(connection, intents.intents);
  const baselineOrders = await ordersOfKnown(connection, buyers);
  const tickets = choosePools(connection, await fetchTickets(connection), plan);
  return {
    schemaVersion: SCHEMA_VERSION,
    access: 'http',
    event: excerpt([...new Set(tickets.map((ticket) => ticket.event))].join(', '), 300),
    pools: tickets.map((ticket) => poolOf(connection, ticket, plan)),
    buyers: buyers.map(({ id }) => ({ id })),
    baselineOrders,
  };
}

type MadeBuyer = Awaited<ReturnType<typeof makeBuyer>>;

async function makeBuyers(connection: Connection, intents: readonly Intent[]) {
  let done = 0;
  const buyers = await inParallel(intents, PARALLEL, async (intent) => {
    const buyer = await patiently(connection.signal, () => makeBuyer(connection, intent));
    connection.onProgress(++done, intents.length);
    return buyer;
  });
  if (new Set(buyers.map(({ id }) => id)).size < buyers.length) {
    throw new RunFailure({
      expected: 'a user of its own for every e-mail address',
      got: 'one user id for several of them',
      where: `POST ${shownUrl(connection.url)}/api/login`,
      remedy: 'Purchases could not be told apart; this is no PrimePass that can be judged.',
    });
  }
  return buyers;
}

/** A buyer that was just made has no orders; one of a former call may have some, which are not this run's business. */
async function ordersOfKnown(connection: Connection, buyers: readonly MadeBuyer[]) {
  const known = buyers.filter((buyer) => buyer.known);
  const orders = await inParallel(known, PARALLEL, (buyer) =>
    patiently(connection.signal, () => fetchOrders(connection, buyer)),
  );
  return orders.flat().map((order) => String(order.order_id));
}
