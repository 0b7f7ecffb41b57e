import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { log, textOf } from '../failure.ts';
import { query } from '../shop/transaction.ts';
import type { Answer, BoxOffice, KeyedRequest } from './office.ts';
import { Refused } from './refusal.ts';

/** A process that died while it worked on a key keeps it no longer than this. */
const LEASE_MS = 30_000;

/**
 * A key is reserved before anything is done, in a transaction of its own, so that whoever comes second sees it. The
 * answer is kept in the transaction of its effect: there is no moment at which one stands without the other, even if
 * this process dies. Whoever takes over a key that somebody died with changes its token, and the dead one's transaction,
 * should it live after all, finds that it is no longer its own and is rolled back.
 */
export function answerOnce(pool: pg.Pool): BoxOffice['answerOnce'] {
  return async (request, work) => {
    const token = await reserve(pool, request);
    if (token === null) return { ...(await keptAnswer(pool, request)), replayed: true };
    let isKept = false;
    const answer = await freeing(pool, { key: request.key, token }, () =>
      work(async (client, kept) => {
        await keepWithEffect(client, { key: request.key, token, answer: kept });
        isKept = true;
      }),
    );
    // What had no effect, such as a refusal, is kept now.
    if (!isKept) await query(pool, KEEP, [request.key, token, answer.status, answer.body]);
    return { ...answer, replayed: false };
  };
}

const KEEP = 'UPDATE box_key SET status = $3, body = $4 WHERE key = $1 AND token = $2';

/** A token if the key is ours now, else null. */
async function reserve(pool: pg.Pool, { key, fingerprint }: KeyedRequest): Promise<string | null> {
  const rows = await query<{ token: string }>(
    pool,
    `INSERT INTO box_key AS k (key, fingerprint, token) VALUES ($1, $2, $3)
      ON CONFLICT (key) DO UPDATE SET token = excluded.token, reserved_at = excluded.reserved_at
        WHERE k.status IS NULL AND k.fingerprint = excluded.fingerprint
          AND k.reserved_at < clock_timestamp() - $4 * interval '1 millisecond'
      RETURNING token`,
    [key, fingerprint, randomUUID(), LEASE_MS],
  );
  return rows[0]?.token ?? null;
}

/** @throws Refused `key_reused` or `in_flight` */
async function keptAnswer(pool: pg.Pool, { key, fingerprint }: KeyedRequest): Promise<Answer> {
  const [kept] = await query<{ fingerprint: string; status: number | null; body: string }>(
    pool,
    'SELECT fingerprint, status, body FROM box_key WHERE key = $1',
    [key],
  );
  if (kept !== undefined && kept.fingerprint !== fingerprint)
    throw new Refused('key_reused', 'this key came with another request');
  // Where there is none, somebody's failure has just freed it: the next attempt may have it.
  if (kept === undefined || kept.status === null)
    throw new Refused('in_flight', 'a request with this key is being worked on');
  return { status: kept.status, body: kept.body };
}

interface Kept {
  readonly key: string;
  readonly token: string;
  readonly answer: Answer;
}

async function keepWithEffect(client: pg.PoolClient, { key, token, answer }: Kept): Promise<void> {
  const { rowCount } = await client.query(KEEP, [key, token, answer.status, answer.body]);
  if (rowCount !== 1) throw new Error('another attempt has taken over this key');
}

/** Runs `work`; where it fails without an answer, the key is free again, unless an answer was kept all the same. */
async function freeing<T>(
  pool: pg.Pool,
  { key, token }: { key: string; token: string },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await free(pool, key, token);
    throw error;
  }
}

/** Where even that fails, the key is free when its lease is over; the first failure is the one to tell. */
async function free(pool: pg.Pool, key: string, token: string): Promise<void> {
  try {
    await query(pool, 'DELETE FROM box_key WHERE key = $1 AND token = $2 AND status IS NULL', [
      key,
      token,
    ]);
  } catch (error) {
    log(`a key is not free yet: ${textOf(error)}`);
  }
}
