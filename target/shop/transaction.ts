import pg from 'pg';
import { log, textOf } from '../failure.ts';

/** The database said no and the transaction was rolled back. Its message is the driver's text. */
export class TransactionFailed extends Error {
  constructor(cause: unknown) {
    super(textOf(cause), { cause });
  }
}

/** No connection could be had, so nothing was sent. */
export class NoConnection extends Error {
  constructor(cause: unknown) {
    super(textOf(cause), { cause });
  }
}

/** Connections of one process. A rush queues here, in order, instead of at the database. */
export const CONNECTIONS_PER_PROCESS = 16;

export function openPool(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS_PER_PROCESS });
  pool.on('error', (error) => log(`an idle database connection broke: ${error.message}`));
  return pool;
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (cause) {
    throw new NoConnection(cause);
  }
}

/** One statement outside any transaction. */
export async function query<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = await connect(pool);
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } catch (cause) {
    throw new TransactionFailed(cause);
  } finally {
    client.release();
  }
}

/** Runs `work` in one transaction at PostgreSQL's default isolation, READ COMMITTED. */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await connect(pool);
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    client.release();
    return result;
  } catch (cause) {
    await rollBack(client);
    throw new TransactionFailed(cause);
  }
}

/** A connection that cannot even roll back is thrown away, and the server rolls back by itself. */
async function rollBack(client: pg.PoolClient): Promise<void> {
  try {
    await client.query('ROLLBACK');
    client.release();
  } catch (error) {
    client.release(error instanceof Error ? error : true);
  }
}
