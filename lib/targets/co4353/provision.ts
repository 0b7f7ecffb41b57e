import { RunFailure, UsageFailure } from '../../model/failure.ts';
import type { Fixture, Pool } from '../../model/fixture.ts';
import type { IntentsFile, Plan } from '../../model/plan.ts';
import type { Rules } from '../../model/rules.ts';
import { SCHEMA_VERSION } from '../../model/schema-version.ts';
import type { Connection, Provisioned, Wanted } from '../admin.ts';
import { inParallel } from '../in-parallel.ts';
import { pause } from '../request.ts';
import { call, dialectOf, listEvents, listTickets } from './calls.ts';
import { eventSchema, ticketSchema } from './contents.ts';
import { ordersOverHttp } from './read-http.ts';
import { readOverSql, unheardOf } from './read-sql.ts';
import { accountNames, type Session, sessionsOf } from './sessions.ts';
import { type Dialect, type Terms, termsOf } from './terms.ts';
import { type Told, unitsOf } from './units.ts';

/** Tickets made at once. */
const PARALLEL = 8;
/** An event may not begin in the next minutes, or paid tickets cannot be given back. */
const EVENT_IN_MS = 30 * 86_400_000;
const LOOK_PAUSE_MS = 100;

const nameOf = ({ runId }: Pick<IntentsFile, 'runId'>) => `Onsale ${runId}`;
const poolNames = (plan: Plan, intents: IntentsFile) =>
  Array.from({ length: plan.pools }, (_, i) => `${nameOf(intents)} pool ${i + 1}`);

/** What provisioning has found and made on offer. */
interface Offer {
  readonly pools: readonly Pool[];
  /** Something of it had been made by a former call. */
  readonly isFound: boolean;
}

/** Sessions, then what is sold, then the wait until all services know it. */
export async function provision(connection: Connection, asked: Wanted): Promise<Provisioned> {
  const { plan, intents } = asked;
  const terms = termsOf(connection);
  const dialect = await dialectOf(connection);
  demandPossible(plan, dialect);
  const sessions = await sessionsOf(connection, accountNames(connection, intents));
  // A plan has a buyer at least.
  const maker = sessions[0]!;
  const context = { connection, asked, terms, maker };
  const offer = dialect === 'events' ? await offerEvents(context) : await offerTickets(context);
  await untilHeardOf(connection, offer, terms);
  // Tickets that are taken may not be listed, so only the buyers' own orders tell of them.
  const before =
    offer.isFound || dialect === 'tickets' ? await ordersBefore(context, { offer, sessions }) : [];
  demandQuiet(before);
  if (dialect === 'events') demandWhole(offer, before, plan);
  const buyerOf = (i: number) => sessions[terms.isShared ? 0 : i]!;
  const fixture: Fixture = {
    schemaVersion: SCHEMA_VERSION,
    access: connection.databaseUrl === null ? 'http' : 'sql',
    event: nameOf(intents),
    pools: [...offer.pools],
    data: { dialect, card: terms.card, buyers: terms.isShared ? 'shared' : 'own' },
    buyers: intents.intents.map((_, i) => ({ id: buyerOf(i).userId })),
    rules: rulesOf(terms),
    baselineOrders: before.map(({ id }) => id),
  };
  const cookies = sessions.map(({ cookie }) => cookie);
  return {
    fixture,
    secrets: terms.isShared
      ? { shared: maker.cookie, buyers: null }
      : { shared: null, buyers: cookies },
  };
}

function rulesOf({ holdMs, graceMs, skewMs }: Terms): Rules {
  return {
    ...(skewMs !== null && { clockSkewMs: skewMs }),
    holdMs,
    expiryGraceMs: graceMs,
    // An order expires by a message, and until that has arrived it may be paid.
    latePayment: 'reject-after-grace',
    idempotency: 'none',
    moves: { none: ['held'], held: ['paid', 'cancelled'], paid: ['cancelled'] },
    atomic: true,
  };
}

function demandPossible(plan: Plan, dialect: Dialect): void {
  const where = '--capacity, --seats';
  if (plan.capacity === 0)
    throw new UsageFailure({
      ...{ expected: 'at least one ticket a pool', got: '0', where },
      remedy: 'The shop makes no event without tickets: ask for more.',
    });
  if (dialect === 'events' && plan.seats === true)
    throw new UsageFailure({
      ...{ expected: 'a plan without seats', got: '--seats', where },
      remedy: 'Events of this shop have a count of tickets and no seats: leave it out.',
    });
}

interface Context {
  readonly connection: Connection;
  readonly asked: Wanted;
  readonly terms: Terms;
  /** Anybody may make events. */
  readonly maker: Session;
}

/** A pool is an event, found by its name, which is of this run alone. */
async function offerEvents({ connection, asked, terms, maker }: Context): Promise<Offer> {
  const { plan, intents } = asked;
  const known = new Map((await listEvents(connection)).map((event) => [event.name, event]));
  const pools: Pool[] = [];
  let isFound = false;
  for (const name of poolNames(plan, intents)) {
    const found = known.get(name);
    isFound ||= found !== undefined;
    const event =
      found ?? (await call(connection, newEvent(name, plan, { terms, maker }), eventSchema));
    const { id, ticketsLeft: left } = event;
    pools.push({ id, name, capacity: left, remaining: left, price: terms.price * 100 });
    connection.onProgress(pools.length, plan.pools);
  }
  return { pools, isFound };
}

function newEvent(name: string, plan: Plan, { terms, maker }: Pick<Context, 'terms' | 'maker'>) {
  return {
    method: 'POST',
    path: '/api/events/new',
    body: {
      name,
      description: 'Made for a load test.',
      date: new Date(Date.now() + EVENT_IN_MS).toISOString(),
      ticketLeft: plan.capacity,
      price: terms.price,
    },
    session: maker.cookie,
    statuses: [201],
    expected: 'a new event',
  } as const;
}

/** A pool is as many tickets of one unit each, which are its seats. */
async function offerTickets({ connection, asked, terms, maker }: Context): Promise<Offer> {
  const { plan, intents } = asked;
  const known = new Map((await listTickets(connection)).map((ticket) => [ticket.title, ticket]));
  const names = poolNames(plan, intents);
  const titles = names.flatMap((name) =>
    Array.from({ length: plan.capacity }, (_, i) => `${name} ticket ${i + 1}`),
  );
  let done = 0;
  const tickets = await inParallel(titles, PARALLEL, async (title) => {
    const body = { title, price: terms.price };
    const ask = { method: 'POST', path: '/api/tickets', body, session: maker.cookie } as const;
    const ticket =
      known.get(title) ??
      (await call(connection, { ...ask, statuses: [201], expected: 'a new ticket' }, ticketSchema));
    connection.onProgress(++done, titles.length);
    return ticket;
  });
  const pools = names.map((name, i): Pool => {
    const own = tickets.slice(i * plan.capacity, (i + 1) * plan.capacity);
    const seats = own.filter(({ orderId }) => (orderId ?? null) === null).map(({ id }) => id);
    const [capacity, price] = [seats.length, terms.price * 100];
    return { id: `pool-${i + 1}`, name, capacity, remaining: capacity, price, seats };
  });
  return { pools, isFound: titles.some((title) => known.has(title)) };
}

/**
 * An order for what the orders service has not heard of is answered *not found*. Over SQL one can look; over HTTP there is
 * nothing to ask that would not buy, so it is given time.
 */
async function untilHeardOf(connection: Connection, { pools }: Offer, terms: Terms): Promise<void> {
  const { signal, timeoutMs, databaseUrl } = connection;
  const units = [...unitsOf(pools).keys()];
  const deadline = performance.now() + timeoutMs;
  while (databaseUrl !== null) {
    const missing = await unheardOf(connection, units);
    if (missing.length === 0) return;
    if (performance.now() > deadline)
      throw new RunFailure({
        expected: `the orders service to hear of ${units.length} events within ${timeoutMs} ms`,
        got: `a table orders.events without ${missing.length} of them`,
        where: 'ONSALE_DATABASE_URL',
        remedy: 'Check that it is the database of this very shop, and that its broker runs.',
      });
    await pause(LOOK_PAUSE_MS, signal);
    signal.throwIfAborted();
  }
  await pause(terms.propagationMs, signal);
  signal.throwIfAborted();
}

async function ordersBefore(
  { connection }: Pick<Context, 'connection'>,
  { offer, sessions }: { offer: Offer; sessions: readonly Session[] },
): Promise<readonly Told[]> {
  const units = [...unitsOf(offer.pools).keys()];
  const users = sessions.map(({ userId }) => userId);
  const found =
    connection.databaseUrl === null
      ? await ordersOverHttp(connection, sessions)
      : await readOverSql(connection, { units, users });
  if (found.trouble === null) return found.orders;
  throw new RunFailure({
    expected: "the buyers' orders from before the run",
    got: `all but ${found.trouble}`,
    where: 'GET /api/orders',
    remedy: 'Try again when the shop answers.',
  });
}

/** What is held gives its ticket back in the middle of the run, and nobody could say how many there were to sell. */
function demandQuiet(before: readonly Told[]): void {
  const held = before.filter(({ status }) => !['complete', 'cancelled'].includes(status));
  if (held.length === 0) return;
  throw new UsageFailure({
    expected: 'pools of which nobody holds a ticket',
    got: `${held.length} unpaid orders, made under this run id before`,
    where: '--run-id',
    remedy: 'Wait until they have expired, or take another run id.',
  });
}

function demandWhole({ pools }: Offer, before: readonly Told[], { capacity }: Plan): void {
  for (const { id, name, capacity: left } of pools) {
    const paid = before.filter(({ unit, status }) => unit === id && status === 'complete').length;
    if (left + paid === capacity) continue;
    throw new UsageFailure({
      expected: `${capacity} tickets for "${name}", as the plan asks`,
      got: `${left} left and ${paid} paid for`,
      where: '--run-id, --capacity',
      remedy: 'Ask for the same plan as the call that made it, or take another run id.',
    });
  }
}

/** What `provision` would do, with what is there already. */
export async function outline(
  connection: Connection,
  { plan, intents }: Wanted,
): Promise<readonly string[]> {
  const dialect = await dialectOf(connection);
  demandPossible(plan, dialect);
  const { isShared, propagationMs } = termsOf(connection);
  const accounts = isShared ? 1 : intents.intents.length;
  const isOurs = (title: string) => title.startsWith(`${nameOf(intents)} pool `);
  const there =
    dialect === 'events'
      ? (await listEvents(connection)).filter(({ name }) => isOurs(name)).length
      : (await listTickets(connection)).filter(({ title }) => isOurs(title)).length;
  const wanted = dialect === 'events' ? plan.pools : plan.pools * plan.capacity;
  const each = dialect === 'events' ? `events of ${plan.capacity} tickets` : 'single tickets';
  return [
    connection.token === null
      ? `Sign up ${accounts} users, or sign in those that are there.`
      : `Make ${accounts} sessions with the signing key; no account is made.`,
    `Make ${Math.max(0, wanted - there)} ${each} named "${nameOf(intents)} pool …"; ${there} are there.`,
    connection.databaseUrl === null
      ? `Wait ${propagationMs} ms until the orders service knows them.`
      : 'Wait until the orders service knows them, by its table.',
  ];
}
