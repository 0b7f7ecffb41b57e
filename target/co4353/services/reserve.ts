import type pg from 'pg';
import { query } from '../../shop/transaction.ts';
import { newId } from '../object-id.ts';
import type { Subscriber } from '../queue/subjects.ts';
import { COPY, type CopyRow, copyOf } from './order-rows.ts';
import type { EventCopy, Order, OrderService, Wish } from './services.ts';

export interface Reserving {
  readonly pool: pg.Pool;
  readonly holdMs: number;
  /** Who is told of the order in the same transaction. */
  readonly subscribers: readonly Subscriber[];
}

/**
 * Reads the counter, checks it, and saves it if nobody else has saved it in between; otherwise again from the start.
 * Each attempt that is lost is somebody else's success, so this ends.
 */
export async function reserve(
  reserving: Reserving,
  wish: Wish,
): ReturnType<OrderService['reserve']> {
  for (;;) {
    const event = await readEvent(reserving.pool, wish.eventId);
    if (event === null) return 'unknown';
    if (event.ticketsLeft < 1) return 'sold-out';
    const order = await saveOrder(reserving, { wish, event, save: SAVE_UNCHANGED });
    if (order !== null) return order;
  }
}

/** The event as the orders service knows it; null where it has not heard of it, or not yet. */
export async function readEvent(pool: pg.Pool, eventId: string): Promise<EventCopy | null> {
  const text = `SELECT ${COPY} FROM orders.events e WHERE e.event_id = $1`;
  const [row] = await query<CopyRow>(pool, text, [eventId]);
  return row === undefined ? null : copyOf(row);
}

/** Saves what was read with one ticket fewer, $1 to $3 being id, version and count: whatever has become of it since. */
export const SAVE =
  'UPDATE orders.events SET tickets_left = $3, version = $2 + 1 WHERE event_id = $1';
const SAVE_UNCHANGED = `${SAVE} AND version = $2`;

interface NewOrder {
  readonly wish: Wish;
  /** As it was read. */
  readonly event: EventCopy;
  readonly save: string;
}

/** One statement, because everybody waits for whoever has the event's row; null where nothing could be saved. */
export async function saveOrder(
  { pool, holdMs, subscribers }: Reserving,
  { wish, event, save }: NewOrder,
): Promise<Order | null> {
  const { userId, eventId } = wish;
  const id = newId();
  const left = { ticketsLeft: event.ticketsLeft - 1, version: event.version + 1 };
  const [made] = await query<{ expires_at: Date }>(
    pool,
    `WITH saved AS (${save} RETURNING event_id, price),
      made AS (INSERT INTO orders.orders (id, user_id, event_id, expires_at)
        SELECT $4, $5, event_id, clock_timestamp() + $6 * interval '1 millisecond' FROM saved
        RETURNING id, version, user_id, event_id, expires_at),
      told AS (INSERT INTO queue.deliveries (subscriber, subject, body)
        SELECT subscriber, 'order:created', jsonb_build_object('id', made.id, 'version', made.version,
          'userId', user_id, 'eventId', event_id, 'expiresAt', expires_at, 'price', price)
        FROM made JOIN saved USING (event_id), unnest($7::text[]) AS subscriber)
      SELECT expires_at FROM made`,
    [eventId, event.version, left.ticketsLeft, id, userId, holdMs, subscribers],
  );
  if (made === undefined) return null;
  const expiresAt = made.expires_at.toISOString();
  return { id, userId, status: 'created', version: 0, expiresAt, event: { ...event, ...left } };
}
