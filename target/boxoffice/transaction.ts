import type pg from 'pg';
import { inTransaction, TransactionFailed } from '../shop/transaction.ts';
import { Refused } from './refusal.ts';

/**
 * Runs `work` in one transaction; what it throws rolls back.
 * @throws Refused as `work` threw it, else what `inTransaction` throws
 */
export async function inSale<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  try {
    return await inTransaction(pool, work);
  } catch (error) {
    if (error instanceof TransactionFailed && error.cause instanceof Refused) throw error.cause;
    throw error;
  }
}

/** Ids are positive whole numbers as text. Anything else names nothing, and must not reach a cast in SQL. */
export const isId = (text: string): boolean => /^[1-9]\d{0,14}$/.test(text);

/** A time as it is told: ISO 8601 in UTC with milliseconds; null stays null. */
export const toldTime = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
