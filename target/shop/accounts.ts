import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type pg from 'pg';
import type { Activity, Credentials, SignIn } from './shop.ts';
import { query } from './transaction.ts';

const SCRYPT_BYTES = 32;
const derive = promisify<string, Buffer, number, Buffer>(scrypt);

/** Signs in, or makes the account on first sight. Two who make the same one at once: the second gets the error. */
export async function signIn(pool: pg.Pool, credentials: Credentials): Promise<SignIn> {
  const { email, password, name } = credentials;
  const [known] = await query<{ id: string; password_hash: string }>(
    pool,
    'SELECT id, password_hash FROM users WHERE email = $1',
    [email],
  );
  if (known !== undefined)
    return (await passwordMatches(password, known.password_hash))
      ? { result: 'known', userId: known.id }
      : { result: 'wrong-password' };
  if (name === null) return { result: 'name-needed' };
  const [created] = await query<{ id: string }>(
    pool,
    'INSERT INTO users (name, email, password_hash) VALUES ($1, $2, $3) RETURNING id',
    [name, email, await hashPassword(password)],
  );
  return { result: 'created', userId: created!.id };
}

/** `scrypt$salt$key`, both base64. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, SCRYPT_BYTES);
  return `scrypt$${salt.toString('base64')}$${key.toString('base64')}`;
}

export async function passwordMatches(password: string, stored: string): Promise<boolean> {
  const [scheme, salt, key] = stored.split('$');
  if (scheme !== 'scrypt' || salt === undefined || key === undefined) return false;
  const expected = Buffer.from(key, 'base64');
  const got = await derive(password, Buffer.from(salt, 'base64'), expected.length);
  return timingSafeEqual(got, expected);
}

export async function recordActivity(pool: pg.Pool, activity: Activity): Promise<string> {
  const [row] = await query<{ id: string }>(
    pool,
    `INSERT INTO user_activity (user_id, event_id, action, meta) VALUES ($1, $2, $3, $4) RETURNING id`,
    [activity.userId, activity.eventId, activity.action, JSON.stringify(activity.meta)],
  );
  return row!.id;
}
