import { RunFailure } from '../../model/failure.ts';
import type { PaymentRow } from '../../model/state.ts';
import type { Connection } from '../admin.ts';
import { inTransaction, type Query } from '../database.ts';
import { pause } from '../request.ts';
import { type Ahead, aheadBy } from '../target-clock.ts';
import type { ReadOrders } from './read-http.ts';

/*
 * The original keeps its data in MongoDB. This is for a shop that keeps the same in PostgreSQL, one schema a service, as
 * the reference service does.
 */

/** Messages that were not acknowledged are sent again after 5 s; so long they are waited for. */
const MESSAGES_LIMIT_MS = 6000;
const LOOK_PAUSE_MS = 100;

const TABLES = ['orders.orders', 'orders.events', 'events.events', 'payments.payments'];

/** Fails with a `RunFailure` where the database is none that can be read. */
export async function checkSchema(connection: Connection): Promise<void> {
  const [row] = await inTransaction(connection, 'snapshot', (query) =>
    query<{ lacking: string[] }>(
      `SELECT coalesce(array_agg(name) FILTER (WHERE to_regclass(name) IS NULL), '{}') AS lacking
       FROM unnest($1::text[]) AS name`,
      [TABLES],
    ),
  );
  if (row?.lacking.length === 0) return;
  throw new RunFailure({
    expected: `the tables ${TABLES.join(', ')}`,
    got: `a database without ${row?.lacking.join(', ')}`,
    where: 'ONSALE_DATABASE_URL',
    remedy:
      "Give that of this shop, or leave it out to read back over HTTP, by every buyer's cookie.",
  });
}

/** The database's clock against ours. */
export function compareClocks(connection: Connection): Promise<Ahead> {
  const text = 'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now';
  return inTransaction(connection, 'snapshot', (query) =>
    aheadBy(async () => (await query<{ now: number }>(text))[0]!.now),
  );
}

/** Whose orders are to be read: all for these units, of strangers too, and all of these users. */
interface Wanted {
  readonly units: readonly string[];
  readonly users: readonly string[];
}

export interface SqlReading extends ReadOrders {
  /** What the event service's own counters say is left, by unit. */
  readonly shown: ReadonlyMap<string, number>;
  readonly payments: readonly Omit<PaymentRow, 'intent'>[];
  readonly undelivered: number;
}

/** Everything as it was at one moment, after the messages on their way have arrived or are long overdue. */
export async function readOverSql(connection: Connection, wanted: Wanted): Promise<SqlReading> {
  const deadline = performance.now() + MESSAGES_LIMIT_MS;
  for (;;) {
    const reading = await inTransaction(connection, 'snapshot', (query) => readAll(query, wanted));
    if (reading.undelivered === 0 || performance.now() > deadline) return reading;
    await pause(LOOK_PAUSE_MS, connection.signal);
    connection.signal.throwIfAborted();
  }
}

async function readAll(query: Query, wanted: Wanted): Promise<SqlReading> {
  const orders = await readOrders(query, wanted);
  const [left, shown] = [
    await countersOf(query, 'orders.events', 'event_id', wanted.units),
    await countersOf(query, 'events.events', 'id', wanted.units),
  ];
  const payments = await readPayments(
    query,
    orders.map(({ id }) => id),
  );
  const undelivered = await messagesOf(query);
  return { orders, left, shown, payments, undelivered, trouble: null };
}

async function readOrders(query: Query, { units, users }: Wanted) {
  const rows = await query<{
    id: string;
    user_id: string;
    event_id: string;
    status: string;
    created_at: Date;
    expires_at: Date;
  }>(
    `SELECT id, user_id, event_id, status, created_at, expires_at FROM orders.orders
     WHERE event_id = ANY ($1::text[]) OR user_id = ANY ($2::text[])`,
    [units, users],
  );
  return rows.map((row) => ({
    id: row.id,
    userId: row.user_id,
    unit: row.event_id,
    status: row.status,
    createdAt: row.created_at.getTime(),
    expiresAt: row.expires_at.getTime(),
  }));
}

async function countersOf(
  query: Query,
  table: 'orders.events' | 'events.events',
  key: 'event_id' | 'id',
  units: readonly string[],
): Promise<Map<string, number>> {
  const rows = await query<{ unit: string; left: number }>(
    `SELECT ${key} AS unit, tickets_left AS left FROM ${table} WHERE ${key} = ANY ($1::text[])`,
    [units],
  );
  return new Map(rows.map(({ unit, left }) => [unit, left]));
}

/** A payment that was given back is two movements of money. Prices are in whole units, movements in hundredths. */
async function readPayments(
  query: Query,
  orders: readonly string[],
): Promise<SqlReading['payments']> {
  const rows = await query<{ id: string; order_id: string; cents: number; status: string }>(
    `SELECT id, order_id, round(amount * 100)::int AS cents, status FROM payments.payments
     WHERE order_id = ANY ($1::text[])`,
    [orders],
  );
  return rows.flatMap(({ id, order_id: order, cents: amount, status }) => [
    { id, order, amount, status: 'charged' as const },
    ...(status === 'refunded'
      ? [{ id: `${id}/refund`, order, amount, status: 'refunded' as const }]
      : []),
  ]);
}

/** Not every such shop keeps its messages there. */
async function messagesOf(query: Query): Promise<number> {
  const [table] = await query<{ there: boolean }>(
    `SELECT to_regclass('queue.deliveries') IS NOT NULL AS there`,
  );
  if (table?.there !== true) return 0;
  const [row] = await query<{ n: number }>('SELECT count(*)::int AS n FROM queue.deliveries');
  return row!.n;
}

/** Which of these units the orders service has not heard of yet. */
export function unheardOf(connection: Connection, units: readonly string[]): Promise<string[]> {
  return inTransaction(connection, 'snapshot', async (query) => {
    const left = await countersOf(query, 'orders.events', 'event_id', units);
    return units.filter((unit) => !left.has(unit));
  });
}
