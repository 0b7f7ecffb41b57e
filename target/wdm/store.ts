import type pg from 'pg';
import { inTransaction, openPool, query } from '../shop/transaction.ts';
import type { Generation } from './answers.ts';
import { ReadCache } from './read-cache.ts';

/** A service process's way to its own schema. */
export interface Store {
  readonly pool: pg.Pool;
  /** Runs `work` in one transaction, after which every read is fresh again. */
  readonly commit: <T>(work: (client: pg.PoolClient) => Promise<T>) => Promise<T>;
  /** One row, or null where there is none; as stale as the generation allows. */
  readonly find: <Row extends pg.QueryResultRow>(sql: string, id: string) => Promise<Row | null>;
}

export function openStore(databaseUrl: string, generation: Generation): Store {
  const pool = openPool(databaseUrl);
  const cache = new ReadCache(generation === '2021');
  return {
    pool,
    commit: async (work) => {
      const done = await inTransaction(pool, work);
      cache.forget();
      return done;
    },
    find: (sql, id) =>
      cache.read(`${sql} ${id}`, async () => {
        const [row] = await query<never>(pool, sql, [id]);
        return row ?? null;
      }),
  };
}
