import type { EventCopy, Order, OrderStatus } from './services.ts';

export const COPY = `e.id AS copy_id, e.event_id, e.name, e.date, e.price::float8 AS price, e.tickets_left,
  e.version AS copy_version`;
const ORDER = `o.id, o.user_id, o.status, o.version, o.expires_at, ${COPY}`;
export const ORDERS = `SELECT ${ORDER} FROM orders.orders o JOIN orders.events e USING (event_id)`;

export interface CopyRow {
  readonly copy_id: string;
  readonly event_id: string;
  readonly name: string;
  readonly date: Date;
  readonly price: number;
  readonly tickets_left: number;
  readonly copy_version: number;
}

export interface OrderRow extends CopyRow {
  readonly id: string;
  readonly user_id: string;
  readonly status: OrderStatus;
  readonly version: number;
  readonly expires_at: Date;
}

export function copyOf(row: CopyRow): EventCopy {
  const { event_id: eventId, name, price, tickets_left: ticketsLeft } = row;
  const date = row.date.toISOString();
  return { id: row.copy_id, eventId, name, date, price, ticketsLeft, version: row.copy_version };
}

export function orderOf(row: OrderRow): Order {
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
