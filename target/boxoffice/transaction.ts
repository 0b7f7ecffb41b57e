import type pg from 'pg';
import { TransactionFailed, transact, withConnection } from '../shop/transaction.ts';
import { Refused } from './refusal.ts';

/**
 * Runs `work` on one connection.
 * @throws Refused as `work` threw it, else what `withConnection` throws
 */
export async function onConnection<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  try {
    return await withConnection(pool, work);
  } catch (error) {
    if (error instanceof TransactionFailed && error.cause instanceof Refused) throw error.cause;
    throw error;
  }
}

/** Runs `work` in one transaction; what it throws rolls back. @throws as `onConnection` */
export function inSale<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  return onConnection(pool, (client) => transact(client, () => work(client)));
}

/** Ids are positive whole numbers as text. Anything else names nothing, and must not reach a cast in SQL. */
export const isId = (text: string): boolean => /^[1-9]\d{0,14}$/.test(text);

/** A time as it is told: ISO 8601 in UTC with milliseconds; null stays null. */
export const toldTime = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
