import type pg from 'pg';
import { query } from '../shop/transaction.ts';
import { idOr0, type Page, readPage } from './listing.ts';
import { Refused } from './refusal.ts';
import type { LatePayment } from './steps.ts';
import { inSale, toldTime } from './transaction.ts';

export interface NewPool {
  readonly name: string;
  readonly capacity: number;
  readonly priceCents: number;
  /** Seats A1, A2, … of the pool, as many as its capacity; absent where nobody sits. */
  readonly seats?: number;
}

export interface NewEvent {
  readonly name: string;
  readonly opensAt?: string | null;
  readonly closesAt?: string | null;
  readonly limitPerBuyer?: number | null;
  readonly holdMs?: number;
  readonly latePayment?: LatePayment;
  readonly pools: readonly NewPool[];
}

export interface EventView {
  readonly id: string;
  readonly pools: readonly { readonly id: string; readonly name: string }[];
}

const HOLD_MS = 60_000;

const EVENT_COLUMNS = `e.id::text, e.name, ${toldTime('e.opens_at')} AS "opensAt",
  ${toldTime('e.closes_at')} AS "closesAt", e.limit_per_buyer AS "limitPerBuyer",
  e.hold_ms AS "holdMs", e.late_payment AS "latePayment",
  (SELECT json_agg(json_build_object('id', p.id::text, 'name', p.name, 'capacity', p.capacity,
      'priceCents', p.price_cents, 'seated', p.seated) ORDER BY p.id)
    FROM box_pool p WHERE p.event_id = e.id) AS pools`;

const events = (equals: Readonly<Record<string, string | null>>) => ({
  from: 'box_event e',
  columns: EVENT_COLUMNS,
  key: 'e.id',
  equals,
});

export function readEvents(pool: pg.Pool, name: string | null, page: Page) {
  return readPage<EventView>(pool, events({ 'e.name': name }), page);
}

/** @throws Refused `unknown_event` */
export async function readEvent(pool: pg.Pool, id: string): Promise<EventView> {
  const { rows } = await readPage<EventView>(pool, events({ 'e.id': idOr0(id) }), {
    page: 1,
    limit: 1,
  });
  if (rows[0] === undefined) throw unknownEvent(id);
  return rows[0];
}

export const unknownEvent = (id: string): Refused =>
  new Refused('unknown_event', `there is no event ${id}`);

export async function createEvent(pool: pg.Pool, event: NewEvent): Promise<EventView> {
  const id = await inSale(pool, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `INSERT INTO box_event (name, opens_at, closes_at, limit_per_buyer, hold_ms, late_payment)
        VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
      [
        ...[event.name, event.opensAt ?? null, event.closesAt ?? null, event.limitPerBuyer ?? null],
        ...[event.holdMs ?? HOLD_MS, event.latePayment ?? 'reject'],
      ],
    );
    for (const one of event.pools) await createPool(client, rows[0]!.id, one);
    return rows[0]!.id;
  });
  return readEvent(pool, id);
}

async function createPool(client: pg.PoolClient, event: string, pool: NewPool): Promise<void> {
  const { name, capacity, priceCents, seats } = pool;
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO box_pool (event_id, name, capacity, remaining, price_cents, seated)
      VALUES ($1, $2, $3, $3, $4, $5) RETURNING id`,
    [event, name, capacity, priceCents, seats !== undefined],
  );
  const id = rows[0]!.id;
  await client.query('INSERT INTO box_pool_copy (pool_id, remaining) VALUES ($1, $2)', [
    id,
    capacity,
  ]);
  await client.query(
    `INSERT INTO box_seat (pool_id, ordinal, label)
      SELECT $1, n, 'A' || n FROM generate_series(1, $2::int) n`,
    [id, seats ?? 0],
  );
}

/** With all that belongs to it. A buyer who also bought elsewhere stays. @throws Refused `unknown_event` */
export async function deleteEvent(pool: pg.Pool, id: string): Promise<void> {
  await inSale(pool, async (client) => {
    const event = [idOr0(id)];
    await client.query('SELECT FROM box_pool WHERE event_id = $1 ORDER BY id FOR UPDATE', event);
    await client.query('DELETE FROM box_order WHERE event_id = $1', event);
    await client.query(
      `DELETE FROM box_buyer b WHERE event_id = $1
        AND NOT EXISTS (SELECT FROM box_order WHERE buyer = b.id)`,
      event,
    );
    const { rowCount } = await client.query('DELETE FROM box_event WHERE id = $1', event);
    if (rowCount !== 1) throw unknownEvent(id);
  });
}

/** Pools that hold tickets of somebody whose time has run out. */
export async function poolsWithExpired(pool: pg.Pool): Promise<readonly string[]> {
  const rows = await query<{ id: string }>(
    pool,
    `SELECT DISTINCT pool_id AS id FROM box_order
      WHERE status = 'held' AND expires_at <= statement_timestamp()`,
  );
  return rows.map(({ id }) => id);
}
