import type pg from 'pg';
import { query } from '../shop/transaction.ts';
import { unknownEvent } from './events.ts';
import { idOr0, type Page, readPage } from './listing.ts';
import { Refused } from './refusal.ts';

export interface NewBuyer {
  readonly id: string;
  readonly creditCents: number;
}

export interface BuyerView extends NewBuyer {
  readonly event: string | null;
}

const BUYERS = {
  from: 'box_buyer b',
  columns: `b.id, b.credit_cents AS "creditCents", b.event_id::text AS event`,
  key: 'b.id',
};

/** @throws Refused `unknown_buyer` */
export async function readBuyer(pool: pg.Pool, id: string): Promise<BuyerView> {
  const listing = { ...BUYERS, equals: { 'b.id': id } };
  const { rows } = await readPage<BuyerView>(pool, listing, { page: 1, limit: 1 });
  if (rows[0] === undefined) throw new Refused('unknown_buyer', 'there is no such buyer');
  return rows[0];
}

export function readBuyers(pool: pg.Pool, event: string | null, page: Page) {
  const equals = { 'b.event_id': event === null ? null : idOr0(event) };
  return readPage<BuyerView>(pool, { ...BUYERS, equals }, page);
}

/**
 * Makes those who are not there yet; the others keep the credit they have.
 * @returns how many were made
 * @throws Refused `unknown_event`
 */
export async function createBuyers(
  pool: pg.Pool,
  event: string | null,
  buyers: readonly NewBuyer[],
): Promise<number> {
  const [made] = await query<{ known: boolean; created: number }>(
    pool,
    `WITH made AS (
        INSERT INTO box_buyer (id, credit_cents, event_id)
          SELECT id, credit, $3::bigint FROM unnest($1::text[], $2::bigint[]) AS b (id, credit)
            WHERE $3::bigint IS NULL OR EXISTS (SELECT FROM box_event WHERE id = $3::bigint)
            ORDER BY id
          ON CONFLICT (id) DO NOTHING RETURNING 1)
      SELECT (SELECT count(*)::int FROM made) AS created,
        $3::bigint IS NULL OR EXISTS (SELECT FROM box_event WHERE id = $3::bigint) AS known`,
    [
      buyers.map(({ id }) => id),
      buyers.map(({ creditCents }) => creditCents),
      event === null ? null : idOr0(event),
    ],
  );
  if (!made!.known) throw unknownEvent(String(event));
  return made!.created;
}

/** @throws Refused `exists` or `unknown_event` */
export async function createBuyer(
  pool: pg.Pool,
  event: string | null,
  buyer: NewBuyer,
): Promise<BuyerView> {
  if ((await createBuyers(pool, event, [buyer])) === 0)
    throw new Refused('exists', 'there is a buyer with this id');
  return readBuyer(pool, buyer.id);
}
