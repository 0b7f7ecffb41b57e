import { Socket } from 'node:net';
import pg from 'pg';
import { Failure, RunFailure, UsageFailure } from '../model/failure.ts';
import type { Connection } from './admin.ts';
import { excerpt } from './excerpt.ts';

/** What a query may do inside {@link inTransaction}; values only ever travel as parameters. */
export type Query = <Row extends pg.QueryResultRow>(
  text: string,
  values?: readonly unknown[],
) => Promise<Row[]>;

/** What a person can do about the SQLSTATEs and system codes that misconfiguration leads to. */
const REMEDIES: Readonly<Record<string, string>> = {
  '28P01': 'Check user and password of the connection string.',
  '28000': 'Check user and password of the connection string, and what pg_hba.conf allows.',
  '3D000': 'Check the name of the database in the connection string.',
  '42501': 'Give the user rights to read and write the tables of the shop.',
  '53300': 'The database has no connection left; raise its limit or end others.',
  '57014': 'The statement took too long; raise the time limit or see what the database waits for.',
  ECONNREFUSED: 'Check that PostgreSQL runs and listens on that host and port.',
  ENOTFOUND: 'Check the host name of the connection string.',
};

function newClient(connectionString: string, timeoutMs: number, socket: Socket): pg.Client {
  const malformed = new UsageFailure({
    expected: 'a connection string like postgres://user:password@host:5432/database',
    got: 'something else (not shown: it may hold a password)',
    where: 'the connection string of the database',
    remedy: 'Correct it; characters like @ and / in a password are written %40 and %2F.',
  });
  if (!/^postgres(ql)?:\/\//.test(connectionString)) throw malformed;
  try {
    return new pg.Client({
      connectionString,
      stream: () => socket,
      connectionTimeoutMillis: timeoutMs,
      query_timeout: timeoutMs,
      application_name: 'onsale',
    });
  } catch {
    throw malformed;
  }
}

/**
 * Never the driver's error itself, which holds the connection's settings, and of its text only what the server or the
 * system says, with the password taken out should it occur there.
 */
function failureOf(error: unknown, client: pg.Client): RunFailure {
  const { code = '' } = error as { code?: string };
  const message = error instanceof Error ? error.message : '';
  const secrets = [client.password, encodeURIComponent(client.password ?? '')];
  const said = secrets.reduce<string>(
    (text, secret) => (secret ? text.replaceAll(secret, '***') : text),
    message,
  );
  return new RunFailure({
    expected: 'the database to do its work',
    got: excerpt(`${said} ${code}`, 200) || 'no answer',
    where: `PostgreSQL at ${client.host}:${client.port}, database ${client.database}`,
    remedy: REMEDIES[code] ?? 'See the message, and the log of the database.',
  });
}

/**
 * Runs `work` in one transaction over one connection, which is closed whatever happens. Every statement has
 * `connection.timeoutMs`, on the server and on this side. `snapshot` is a consistent reading of one moment that
 * cannot write. Fails with a `RunFailure` without secrets, with the failure `work` threw, or with the signal's reason.
 */
export async function inTransaction<Result>(
  connection: Connection,
  mode: 'write' | 'snapshot',
  work: (query: Query) => Promise<Result>,
): Promise<Result> {
  const { signal, timeoutMs, databaseUrl } = connection;
  if (databaseUrl === null) throw new Error('a transaction needs a connection string');
  signal.throwIfAborted();
  const socket = new Socket();
  const client = newClient(databaseUrl, timeoutMs, socket);
  // A connection that breaks is reported by the query that waits for it; without a listener it would end the process.
  client.on('error', () => undefined);
  // Ends it in every state, also while it is still being connected; `client.end()` would wait for the other side.
  const cut = (): void => void socket.destroy();
  signal.addEventListener('abort', cut, { once: true });
  const query: Query = async (text, values = []) => (await client.query(text, [...values])).rows;
  try {
    await client.connect();
    await query(mode === 'write' ? 'BEGIN' : 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await query("SELECT set_config('statement_timeout', $1, true)", [String(timeoutMs)]);
    const result = await work(query);
    await query('COMMIT');
    await client.end();
    return result;
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof Failure ? error : failureOf(error, client);
  } finally {
    signal.removeEventListener('abort', cut);
    cut();
  }
}
