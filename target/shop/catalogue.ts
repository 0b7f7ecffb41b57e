import type pg from 'pg';
import type { EventOffer, OrderLine } from './shop.ts';
import { query } from './transaction.ts';

const EVENTS = `
SELECT e.id, e.title, e.venue, e.city, e.status,
  to_char(e.starts_at, 'YYYY-MM-DD"T"HH24:MI:SS') AS starts_at,
  to_char(e.ends_at, 'YYYY-MM-DD"T"HH24:MI:SS') AS ends_at,
  coalesce(
    json_agg(json_build_object('id', t.id, 'name', t.name, 'price', t.price::float8, 'remaining', t.remaining)
      ORDER BY t.id) FILTER (WHERE t.id IS NOT NULL), '[]') AS tickets
FROM event e LEFT JOIN ticket t ON t.event_id = e.id
GROUP BY e.id ORDER BY e.id`;

const ORDERS = `
SELECT o.id AS order_id, o.status, to_char(o.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.US') AS created_at,
  t.name AS ticket_name, t.price::float8 AS price, e.title AS event_title, e.city,
  to_char(e.starts_at, 'YYYY-MM-DD"T"HH24:MI:SS') AS event_date
FROM orders o JOIN ticket t ON t.id = o.ticket_id JOIN event e ON e.id = t.event_id
WHERE o.user_id = $1::uuid ORDER BY o.created_at DESC, o.id DESC`;

export function listEvents(pool: pg.Pool): Promise<EventOffer[]> {
  return query<EventOffer>(pool, EVENTS);
}

export function listOrders(pool: pg.Pool, userId: string): Promise<OrderLine[]> {
  return query<OrderLine>(pool, ORDERS, [userId]);
}
