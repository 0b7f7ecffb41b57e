import type pg from 'pg';
import { query } from '../shop/transaction.ts';
import type { OrderView } from './office.ts';
import { Refused } from './refusal.ts';
import { isId, toldTime } from './transaction.ts';

/** Which page of a listing is wanted; pages count from 1. */
export interface Page {
  readonly page: number;
  readonly limit: number;
}

export interface Paged<Row> extends Page {
  /** Rows on all pages. */
  readonly total: number;
  readonly rows: readonly Row[];
}

interface Listing {
  /** Table with its alias. */
  readonly from: string;
  readonly columns: string;
  /** Column by which rows are told apart and sorted. */
  readonly key: string;
  /** Columns and what they must equal; those that are null are not asked about. */
  readonly equals: Readonly<Record<string, string | null>>;
}

/** One page and the total as of the same moment, because one statement sees one moment. */
export async function readPage<Row>(
  pool: pg.Pool,
  { from, columns, key, equals }: Listing,
  { page, limit }: Page,
): Promise<Paged<Row>> {
  const asked = Object.entries(equals).filter(([, value]) => value !== null);
  const conditions = asked.map(([column], i) => `${column} = $${i + 3}`);
  const where = conditions.length === 0 ? 'true' : conditions.join(' AND ');
  const [read] = await query<{ total: number; rows: Row[] }>(
    pool,
    `SELECT (SELECT count(*)::int FROM ${from} WHERE ${where}) AS total,
      (SELECT coalesce(json_agg(found), '[]') FROM (
        SELECT ${columns} FROM ${from} WHERE ${where}
          ORDER BY ${key} LIMIT $1::int OFFSET $2::bigint) found) AS rows`,
    [limit, (page - 1) * limit, ...asked.map(([, value]) => value)],
  );
  return { page, limit, ...read! };
}

const ORDER_COLUMNS = `o.id::text, o.event_id::text AS event, o.pool_id::text AS pool, o.buyer, o.quantity,
  o.seats, o.status, o.total_cents AS "totalCents",
  (SELECT coalesce(sum(amount_cents), 0)::float8 FROM box_payment WHERE order_id = o.id)
    AS "chargedCents",
  o.intent, ${toldTime('o.created_at')} AS "createdAt", ${toldTime('o.expires_at')} AS "expiresAt"`;

export interface OrderFilter {
  readonly event: string;
  readonly buyer: string | null;
  readonly intent: string | null;
}

export function readOrders(pool: pg.Pool, filter: OrderFilter, page: Page) {
  const equals = {
    'o.event_id': idOr0(filter.event),
    'o.buyer': filter.buyer,
    'o.intent': filter.intent,
  };
  const listing = { from: 'box_order o', columns: ORDER_COLUMNS, key: 'o.id', equals };
  return readPage<OrderView>(pool, listing, page);
}

/** @throws Refused `unknown_order` */
export async function readOrder(pool: pg.Pool, id: string): Promise<OrderView> {
  const equals = { 'o.id': idOr0(id) };
  const listing = { from: 'box_order o', columns: ORDER_COLUMNS, key: 'o.id', equals };
  const { rows } = await readPage<OrderView>(pool, listing, { page: 1, limit: 1 });
  if (rows[0] === undefined) throw new Refused('unknown_order', `there is no order ${id}`);
  return rows[0];
}

export function readPayments(pool: pg.Pool, event: string, page: Page) {
  const columns = `p.id::text, p.order_id::text AS "order", p.buyer, p.amount_cents AS "amountCents",
    ${toldTime('p.created_at')} AS "createdAt"`;
  const equals = { 'p.event_id': idOr0(event) };
  return readPage(pool, { from: 'box_payment p', columns, key: 'p.id', equals }, page);
}

/** No row has the id 0. */
export const idOr0 = (text: string): string => (isId(text) ? text : '0');
