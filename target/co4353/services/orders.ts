import type pg from 'pg';
import { inTransaction, query } from '../../shop/transaction.ts';
import { newId } from '../object-id.ts';
import { publish } from '../queue/publish.ts';
import type { Handlers, Subscriber } from '../queue/subjects.ts';
import type { EventCopy, Order, OrderService, OrderStatus, Wish } from './services.ts';
import { inTurns } from './turns.ts';

const COPY = `e.id AS copy_id, e.event_id, e.name, e.date, e.price::float8 AS price, e.tickets_left,
  e.version AS copy_version`;
const ORDER = `o.id, o.user_id, o.status, o.version, o.expires_at, ${COPY}`;
const ORDERS = `SELECT ${ORDER} FROM orders.orders o JOIN orders.events e USING (event_id)`;

interface CopyRow {
  readonly copy_id: string;
  readonly event_id: string;
  readonly name: string;
  readonly date: Date;
  readonly price: number;
  readonly tickets_left: number;
  readonly copy_version: number;
}

interface OrderRow extends CopyRow {
  readonly id: string;
  readonly user_id: string;
  readonly status: OrderStatus;
  readonly version: number;
  readonly expires_at: Date;
}

function copyOf(row: CopyRow): EventCopy {
  const { event_id: eventId, name, price, tickets_left: ticketsLeft } = row;
  const date = row.date.toISOString();
  return { id: row.copy_id, eventId, name, date, price, ticketsLeft, version: row.copy_version };
}

function orderOf(row: OrderRow): Order {
  const { id, user_id: userId, status, version } = row;
  return {
    id,
    userId,
    status,
    version,
    expiresAt: row.expires_at.toISOString(),
    event: copyOf(row),
  };
}

export function orderService(pool: pg.Pool, holdMs: number): OrderService {
  const turn = inTurns();
  return {
    reserve: (wish) => turn(wish.eventId, () => reserve(pool, { wish, holdMs }, insertOrder)),
    find: async (id) => {
      const [row] = await query<OrderRow>(pool, `${ORDERS} WHERE o.id = $1`, [id]);
      return row === undefined ? null : orderOf(row);
    },
    ordersOf: async (userId) => {
      const condition = 'WHERE o.user_id = $1 ORDER BY o.created_at, o.id';
      return (await query<OrderRow>(pool, `${ORDERS} ${condition}`, [userId])).map(orderOf);
    },
    cancel: (id, from) => inTransaction(pool, (client) => cancel(client, id, from)),
  };
}

/**
 * Reads the counter, checks it, and saves it if nobody else has saved it in between; otherwise again from the start.
 * Each attempt that is lost is somebody else's success, so this ends. Buyers of one process take turns, so that each
 * competes with those of the other processes only and not with everybody.
 */
export async function reserve(
  pool: pg.Pool,
  asked: Omit<NewOrder, 'event'>,
  insert: (client: pg.PoolClient, order: NewOrder) => Promise<Order>,
): ReturnType<OrderService['reserve']> {
  for (;;) {
    const event = await readEvent(pool, asked.wish.eventId);
    if (event === null) return 'unknown';
    if (event.ticketsLeft < 1) return 'sold-out';
    const order = await inTransaction(pool, async (client) =>
      (await saveUnchanged(client, event)) ? insert(client, { ...asked, event }) : null,
    );
    if (order !== null) return order;
  }
}

/** The event as the orders service knows it; null where it has not heard of it, or not yet. */
export async function readEvent(pool: pg.Pool, eventId: string): Promise<EventCopy | null> {
  const text = `SELECT ${COPY} FROM orders.events e WHERE e.event_id = $1`;
  const [row] = await query<CopyRow>(pool, text, [eventId]);
  return row === undefined ? null : copyOf(row);
}

/** One ticket fewer; false if the event is not as it was read. */
async function saveUnchanged(client: pg.PoolClient, event: EventCopy): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'save-unchanged',
    text: `UPDATE orders.events SET tickets_left = $3, version = version + 1
      WHERE event_id = $1 AND version = $2`,
    values: [event.eventId, event.version, event.ticketsLeft - 1],
  });
  return rowCount === 1;
}

export interface NewOrder {
  readonly wish: Wish;
  /** As it was read, before the ticket was taken. */
  readonly event: EventCopy;
  readonly holdMs: number;
}

/** The order and the news of it. `subscribers` are those whom this transaction tells; all where it is left out. */
export async function insertOrder(
  client: pg.PoolClient,
  { wish, event, holdMs }: NewOrder,
  subscribers?: readonly Subscriber[],
): Promise<Order> {
  const { userId, eventId } = wish;
  const id = newId();
  const { rows } = await client.query<{ expires_at: Date }>({
    name: 'insert-order',
    text: `INSERT INTO orders.orders (id, user_id, event_id, expires_at)
      VALUES ($1, $2, $3, clock_timestamp() + $4 * interval '1 millisecond') RETURNING expires_at`,
    values: [id, userId, eventId, holdMs],
  });
  const expiresAt = rows[0]!.expires_at.toISOString();
  const news = { id, version: 0, userId, eventId, price: event.price, expiresAt };
  await publish(client, 'order:created', news, subscribers);
  const left = { ticketsLeft: event.ticketsLeft - 1, version: event.version + 1 };
  return { id, userId, status: 'created', version: 0, expiresAt, event: { ...event, ...left } };
}

/** Cancels an order in one of these states, and gives its ticket back in the same transaction: once, whoever asks. */
async function cancel(
  client: pg.PoolClient,
  id: string,
  from: readonly OrderStatus[],
): Promise<Order | null> {
  const { rows } = await client.query<{ event_id: string; version: number }>(
    `UPDATE orders.orders SET status = 'cancelled', version = version + 1
      WHERE id = $1 AND status = ANY ($2::text[]) RETURNING event_id, version`,
    [id, from],
  );
  const [cancelled] = rows;
  return cancelled === undefined ? null : restore(client, id, cancelled);
}

/** Gives the ticket of an order back, and tells everybody. */
export async function restore(
  client: pg.PoolClient,
  id: string,
  cancelled: { readonly event_id: string; readonly version: number },
): Promise<Order> {
  const { event_id: eventId, version } = cancelled;
  await client.query(
    `UPDATE orders.events SET tickets_left = tickets_left + 1, version = version + 1
      WHERE event_id = $1`,
    [eventId],
  );
  await publish(client, 'order:cancelled', { id, version, eventId });
  const { rows } = await client.query<OrderRow>(`${ORDERS} WHERE o.id = $1`, [id]);
  return orderOf(rows[0]!);
}

export function orderHandlers(pool: pg.Pool): Handlers {
  return {
    'event:created': async ({ id, name, date, price, ticketsLeft, version }) => {
      await query(
        pool,
        `INSERT INTO orders.events (id, event_id, name, date, price, tickets_left, source_version)
          VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (event_id) DO NOTHING`,
        [newId(), id, name, date, price, ticketsLeft, version],
      );
      return 'done';
    },
    'event:updated': async ({ id, name, price, version }) => {
      const [known] = await query<{ n: number }>(
        pool,
        `WITH known AS (SELECT FROM orders.events WHERE event_id = $1),
          newer AS (UPDATE orders.events SET name = $2, price = $3, source_version = $4
            WHERE event_id = $1 AND source_version < $4)
          SELECT count(*)::int AS n FROM known`,
        [id, name, price, version],
      );
      return known?.n === 1 ? 'done' : 'later';
    },
    'payment:done': async ({ orderId }) => {
      await query(
        pool,
        `UPDATE orders.orders SET status = 'complete', version = version + 1
          WHERE id = $1 AND status = 'created'`,
        [orderId],
      );
      return 'done';
    },
    'payment:closed': async ({ orderId }) => {
      await inTransaction(pool, (client) => cancel(client, orderId, ['created']));
      return 'done';
    },
  };
}
