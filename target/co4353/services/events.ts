import type pg from 'pg';
import { inTransaction, query } from '../../shop/transaction.ts';
import { newId } from '../object-id.ts';
import { publish } from '../queue/publish.ts';
import type { Handlers, Handling } from '../queue/subjects.ts';
import type { EventChange, EventService, EventView, NewEvent } from './services.ts';

const VIEW = `e.id, e.user_id, e.name, e.description, e.date, e.price::float8 AS price, e.tickets_left, e.version,
  (SELECT o.id FROM events.orders o WHERE o.event_id = e.id AND o.active ORDER BY o.id LIMIT 1) AS order_id`;

interface EventRow {
  readonly id: string;
  readonly user_id: string;
  readonly name: string;
  readonly description: string;
  readonly date: Date;
  readonly price: number;
  readonly tickets_left: number;
  readonly version: number;
  readonly order_id: string | null;
}

function viewOf(row: EventRow): EventView {
  const { id, name, description, price, version } = row;
  const date = row.date.toISOString();
  const own = { userId: row.user_id, ticketsLeft: row.tickets_left, orderId: row.order_id };
  return { id, name, description, date, price, version, ...own };
}

export function eventService(pool: pg.Pool): EventService {
  const select = async (condition: string, values: readonly unknown[] = []) =>
    (await query<EventRow>(pool, `SELECT ${VIEW} FROM events.events e ${condition}`, values)).map(
      viewOf,
    );
  return {
    create: (event) => inTransaction(pool, (client) => create(client, event)),
    upcoming: () => select('WHERE e.date > now() ORDER BY e.id'),
    find: async (id) => (await select('WHERE e.id = $1', [id]))[0] ?? null,
    change: (wanted) => inTransaction(pool, (client) => change(client, wanted)),
  };
}

async function create(client: pg.PoolClient, event: NewEvent): Promise<EventView> {
  const made = { ...event, id: newId(), version: 0, orderId: null };
  const { id, userId, name, description, date, price, ticketsLeft } = made;
  await client.query(
    `INSERT INTO events.events (id, user_id, name, description, date, price, tickets_left)
      VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [id, userId, name, description, date, price, ticketsLeft],
  );
  await publish(client, 'event:created', { id, name, date, price, ticketsLeft, version: 0 });
  return made;
}

async function change(client: pg.PoolClient, wanted: EventChange) {
  const { id, userId, name, price } = wanted;
  const { rows } = await client.query<{ user_id: string; tickets_left: number }>(
    'SELECT user_id, tickets_left FROM events.events WHERE id = $1 FOR UPDATE',
    [id],
  );
  const [found] = rows;
  if (found === undefined) return 'unknown';
  if (found.user_id !== userId) return 'not-own';
  if (found.tickets_left < 1) return 'reserved';
  const changed = await client.query<EventRow>(
    `UPDATE events.events e SET name = $2, price = $3, version = version + 1 WHERE id = $1
      RETURNING ${VIEW}`,
    [id, name, price],
  );
  const view = viewOf(changed.rows[0]!);
  await publish(client, 'event:updated', { id, name, price, version: view.version });
  return view;
}

/**
 * Keeps this service's counter in step with the orders. Which orders it has counted is on record, so that one heard of
 * twice counts once, and one that was overtaken by its own cancellation is counted before it is let go.
 */
export function eventHandlers(pool: pg.Pool): Handlers {
  return {
    'order:created': ({ id, eventId }) =>
      inTransaction<Handling>(pool, async (client) => {
        await countOrder(client, id, eventId);
        return 'done';
      }),
    'order:cancelled': ({ id, eventId, version }) =>
      inTransaction<Handling>(pool, async (client) => {
        await countOrder(client, id, eventId);
        await releaseOrder(client, id, version);
        return 'done';
      }),
  };
}

async function countOrder(client: pg.PoolClient, id: string, eventId: string): Promise<void> {
  await client.query(
    `WITH fresh AS (INSERT INTO events.orders (id, event_id) VALUES ($1, $2)
        ON CONFLICT (id) DO NOTHING RETURNING event_id)
      UPDATE events.events e SET tickets_left = tickets_left - 1, version = e.version + 1
        FROM fresh WHERE e.id = fresh.event_id`,
    [id, eventId],
  );
}

async function releaseOrder(client: pg.PoolClient, id: string, version: number): Promise<void> {
  await client.query(
    `WITH ended AS (UPDATE events.orders SET active = false, version = $2
        WHERE id = $1 AND version < $2 RETURNING event_id)
      UPDATE events.events e SET tickets_left = tickets_left + 1, version = e.version + 1
        FROM ended WHERE e.id = ended.event_id`,
    [id, version],
  );
}
