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

/** The shop does not want this request now; nothing was done for it. */
export class Overloaded extends Error {
  readonly statusCode = 503;
}

/** Connections of one process. A rush queues here, in order, instead of at the database. */
export const CONNECTIONS_PER_PROCESS = 16;

/** More of them that a flaw may open on the side. */
export const SIDE_CONNECTIONS_PER_PROCESS = 5;

export function openPool(url: string): pg.Pool {
  return makePool({ connectionString: url, max: CONNECTIONS_PER_PROCESS });
}

/** A few connections of their own to the same database, for work that does not queue with the sales. */
export function openSidePool(pool: pg.Pool, connections: number): pg.Pool {
  return makePool({ ...pool.options, max: connections });
}

function makePool(options: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool(options);
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

/** Runs `work` on one connection; the pool drops one that broke. */
export async function withConnection<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await connect(pool);
  try {
    return await work(client);
  } catch (cause) {
    throw new TransactionFailed(cause);
  } finally {
    client.release();
  }
}

/** Runs `work` in one transaction at PostgreSQL's default isolation, READ COMMITTED. */
export function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  return withConnection(pool, (client) => transact(client, () => work(client)));
}

/** One transaction on a connection that is at hand. */
export async function transact<T>(client: pg.PoolClient, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (cause) {
    await rollBack(client);
    throw cause;
  }
}

/** A connection that cannot even roll back is broken, and the server rolls back by itself. */
async function rollBack(client: pg.PoolClient): Promise<void> {
  try {
    await client.query('ROLLBACK');
  } catch (error) {
    log(`a broken connection was not rolled back by us: ${textOf(error)}`);
  }
}

/** One statement outside any transaction. */
export function query<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  return withConnection(pool, async (client) => (await client.query<Row>(text, [...values])).rows);
}
