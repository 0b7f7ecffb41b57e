import type pg from 'pg';
import { inTransaction, query } from '../../shop/transaction.ts';
import { newId } from '../object-id.ts';
import { publish } from '../queue/publish.ts';
import { type Handlers, SUBSCRIBERS } from '../queue/subjects.ts';
import { ORDERS, type OrderRow, orderOf } from './order-rows.ts';
import { reserve } from './reserve.ts';
import type { Order, OrderService, OrderStatus } from './services.ts';
import { inTurns } from './turns.ts';

export function orderService(pool: pg.Pool, holdMs: number): OrderService {
  // Buyers of one process take turns, so that each competes with those of the other processes only.
  const turn = inTurns();
  const reserving = { pool, holdMs, subscribers: SUBSCRIBERS['order:created'] };
  return {
    reserve: (wish) => turn(wish.eventId, () => reserve(reserving, wish)),
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
