import { randomUUID } from 'node:crypto';
import { RunFailure } from '../../model/failure.ts';
import type { Buyer, Fixture, Pool } from '../../model/fixture.ts';
import type { Intent, IntentsFile, Plan } from '../../model/plan.ts';
import { SCHEMA_VERSION } from '../../model/schema-version.ts';
import type { OrderRow } from '../../model/state.ts';
import type { Connection, StateReading } from '../admin.ts';
import { inTransaction, type Query } from '../database.ts';
import { excerpt } from '../excerpt.ts';
import { caveatOfForeignTickets, orderStatus } from './contents.ts';
import { emailOf } from './http.ts';

/** Users of one statement: few round trips, and progress that moves. */
const USERS_A_STATEMENT = 5000;

/** The columns the harness reads or writes, `table.column`. */
const COLUMNS: readonly string[] = [
  ...['id', 'title', 'venue', 'city', 'description', 'starts_at', 'ends_at', 'status'].map(
    (c) => `event.${c}`,
  ),
  ...['id', 'event_id', 'name', 'price', 'capacity', 'remaining'].map((c) => `ticket.${c}`),
  ...['id', 'name', 'email', 'password_hash', 'status'].map((c) => `users.${c}`),
  ...['id', 'user_id', 'ticket_id', 'status'].map((c) => `orders.${c}`),
];

async function demandSchema(query: Query): Promise<void> {
  const rows = await query<{ name: string }>(
    `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
     WHERE table_schema = ANY (current_schemas(false))
       AND table_name IN ('event', 'ticket', 'users', 'orders')`,
  );
  const found = new Set(rows.map((row) => row.name));
  const missing = COLUMNS.filter((column) => !found.has(column));
  if (missing.length === 0) return;
  throw new RunFailure({
    expected: 'the tables of PrimePass: event, ticket, users, orders',
    got: excerpt(`a database without ${missing.join(', ')}`, 300),
    where: 'the database of the connection string, in its search path',
    remedy:
      'Check that the connection string names the database of the shop, and that it is set up.',
  });
}

/** Fails with a `RunFailure` if the database is not to be had or is not that of a PrimePass. */
export async function checkSchema(connection: Connection): Promise<void> {
  await inTransaction(connection, 'snapshot', demandSchema);
}

/** Finds or makes the run's event; two provisionings of one run wait for each other. */
async function findOrMakeEvent(query: Query, title: string): Promise<string> {
  await query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [title]);
  const find = 'SELECT id::text AS id FROM event WHERE title = $1 ORDER BY id LIMIT 1';
  const [found] = await query<{ id: string }>(find, [title]);
  if (found !== undefined) return found.id;
  const [made] = await query<{ id: string }>(
    `INSERT INTO event (title, venue, city, description, starts_at, ends_at, status)
     VALUES ($1, 'Onsale', 'Nowhere', 'Made for a load test.', now() + interval '30 days', now() + interval '31 days', 'active')
     RETURNING id::text AS id`,
    [title],
  );
  return made!.id;
}

async function makePools(query: Query, eventId: string, plan: Plan): Promise<void> {
  await query(
    `INSERT INTO ticket (event_id, name, price, capacity, remaining)
     SELECT $1, wanted.name, 10, $3, $3
     FROM unnest($2::text[]) WITH ORDINALITY AS wanted (name, place)
     WHERE NOT EXISTS (SELECT FROM ticket WHERE event_id = $1 AND ticket.name = wanted.name)
     ORDER BY wanted.place`,
    [eventId, poolNames(plan), plan.capacity],
  );
}

const poolNames = (plan: Plan): string[] =>
  Array.from({ length: plan.pools }, (_, i) => `Pool ${i + 1}`);

/** A hash that no password has, so nobody can log in as a buyer; and much quicker than hashing one. */
const NO_PASSWORD = '!';

async function makeBuyers(query: Query, connection: Connection, intents: readonly Intent[]) {
  for (let from = 0; from < intents.length; from += USERS_A_STATEMENT) {
    const some = intents.slice(from, from + USERS_A_STATEMENT);
    await query(
      `INSERT INTO users (id, name, email, password_hash, status)
       SELECT fresh.id, fresh.name, fresh.email, $4, 'active'
       FROM unnest($1::uuid[], $2::text[], $3::text[]) AS fresh (id, name, email)
       WHERE NOT EXISTS (SELECT FROM users WHERE users.email = fresh.email)`,
      [some.map(() => randomUUID()), some.map((i) => i.key), some.map(emailOf), NO_PASSWORD],
    );
    connection.onProgress(from + some.length, intents.length);
  }
}

async function findBuyers(query: Query, intents: readonly Intent[]): Promise<Buyer[]> {
  const rows = await query<{ id: string; email: string }>(
    'SELECT id::text AS id, email FROM users WHERE email = ANY ($1::text[])',
    [intents.map(emailOf)],
  );
  const idOf = new Map(rows.map((row) => [row.email, row.id]));
  return intents.map((intent) => ({ id: idOf.get(emailOf(intent))! }));
}

interface TicketRow {
  id: string;
  name: string;
  capacity: number;
  remaining: number;
}

/** C is what may be sold from now on: in a fresh sale the capacity, after a former part of it what that left. */
function poolOf(row: TicketRow, plan: Plan): Pool {
  if (row.capacity !== plan.capacity || row.remaining < 0) {
    throw new RunFailure({
      expected: `a pool of ${plan.capacity} tickets that is not oversold, as the plan asks`,
      got: `capacity ${row.capacity}, remaining ${row.remaining}`,
      where: `ticket ${row.id} of the run's event`,
      remedy: 'A former call of this run made it otherwise; begin a run of its own.',
    });
  }
  return { id: row.id, name: row.name, capacity: row.remaining, remaining: row.remaining };
}

async function readPools(query: Query, eventId: string, plan: Plan): Promise<Pool[]> {
  const rows = await query<TicketRow>(
    `SELECT id::text AS id, name, capacity, remaining FROM ticket
     WHERE event_id = $1 AND name = ANY ($2::text[])`,
    [eventId, poolNames(plan)],
  );
  const byName = new Map(rows.map((row) => [row.name, row]));
  return poolNames(plan).map((name) => poolOf(byName.get(name)!, plan));
}

/** Makes what is missing, in one transaction, and reads all of it in another, as it is at one moment. */
export async function provisionOverSql(
  connection: Connection,
  { plan, intents }: { plan: Plan; intents: IntentsFile },
): Promise<Fixture> {
  const event = `Onsale ${intents.runId}`;
  const eventId = await inTransaction(connection, 'write', async (query) => {
    await demandSchema(query);
    const id = await findOrMakeEvent(query, event);
    await makePools(query, id, plan);
    await makeBuyers(query, connection, intents.intents);
    return id;
  });
  return inTransaction(connection, 'snapshot', async (query) => {
    const pools = await readPools(query, eventId, plan);
    const buyers = await findBuyers(query, intents.intents);
    const orders = await readOrders(query, { pools, buyers });
    const baselineOrders = orders.map((order) => order.id);
    const schemaVersion = SCHEMA_VERSION;
    return { schemaVersion, access: 'sql', event, pools, buyers, baselineOrders };
  });
}

interface OrderRecord {
  id: string;
  user_id: string;
  ticket_id: string;
  status: string;
}

/** All orders for the pools, of strangers too, and all orders of the buyers, for other tickets too. */
function readOrders(query: Query, of: { pools: readonly Pool[]; buyers: readonly Buyer[] }) {
  return query<OrderRecord>(
    `SELECT id::text AS id, user_id::text AS user_id, ticket_id::text AS ticket_id, status
     FROM orders WHERE ticket_id::text = ANY ($1::text[])
     UNION
     SELECT orders.id::text, user_id::text, ticket_id::text, status
     FROM orders JOIN unnest($2::text[]) AS ours (id) ON user_id::text = ours.id`,
    [of.pools.map((pool) => pool.id), of.buyers.map((buyer) => buyer.id)],
  );
}

/** One reading of tickets and orders as they were at one moment. */
export async function readOverSql(
  connection: Connection,
  { fixture, intents }: { fixture: Fixture; intents: IntentsFile },
): Promise<StateReading> {
  const poolIds = fixture.pools.map((pool) => pool.id);
  const { standby, stock, orders } = await inTransaction(connection, 'snapshot', async (query) => ({
    // A pooler may lead readings to a standby although the purchases went to the primary.
    standby: await query<{ yes: boolean }>('SELECT pg_is_in_recovery() AS yes'),
    stock: await query<{ id: string; remaining: number }>(
      'SELECT id::text AS id, remaining FROM ticket WHERE id::text = ANY ($1::text[])',
      [poolIds],
    ),
    orders: await readOrders(query, fixture),
  }));
  const remaining = new Map(stock.map((row) => [row.id, row.remaining]));
  const missing = poolIds.filter((id) => !remaining.has(id));
  const rows = attribute(orders, fixture, intents);
  const foreign = rows.filter((row) => !poolIds.includes(row.pool)).length;
  const mayLag = standby[0]?.yes === true;
  return {
    access: 'sql',
    pools: poolIds.map((id) => ({ id, remaining: remaining.get(id) ?? null })),
    orders: rows,
    complete: missing.length === 0,
    exhaustive: true,
    keepsCancelled: true,
    mayLag,
    caveats: [
      ...(mayLag ? ['the database that was read is a standby, which may lag behind'] : []),
      ...(missing.length === 0 ? [] : [excerpt(`no such tickets: ${missing.join(', ')}`, 500)]),
      ...caveatOfForeignTickets(foreign),
    ],
  };
}

/** Each row belongs to the intent whose buyer it names; a stranger's to none. Each is one ticket. */
function attribute(
  orders: readonly OrderRecord[],
  fixture: Fixture,
  intents: IntentsFile,
): OrderRow[] {
  const baseline = new Set(fixture.baselineOrders);
  const intentOf = new Map(fixture.buyers.map((b, i) => [b.id, intents.intents[i]?.key ?? null]));
  return orders
    .filter((order) => !baseline.has(order.id))
    .map((order) => ({
      id: order.id,
      pool: order.ticket_id,
      quantity: 1,
      status: orderStatus(order.status),
      intent: intentOf.get(order.user_id) ?? null,
      buyer: order.user_id,
    }));
}
