import type pg from 'pg';
import { hashPassword, passwordMatches } from '../../shop/accounts.ts';
import { query } from '../../shop/transaction.ts';
import { newId } from '../object-id.ts';
import type { Account, Auth } from './services.ts';

export function authService(pool: pg.Pool): Auth {
  return {
    signUp: async (email, password) => {
      // The database decides between two who want the same address at once.
      const [made] = await query<Account & pg.QueryResultRow>(
        pool,
        `INSERT INTO auth.users (id, email, password_hash) VALUES ($1, $2, $3)
          ON CONFLICT (email) DO NOTHING RETURNING id, email`,
        [newId(), email, await hashPassword(password)],
      );
      return made ?? null;
    },
    signIn: async (email, password) => {
      const [user] = await query<Account & { password_hash: string }>(
        pool,
        'SELECT id, email, password_hash FROM auth.users WHERE email = $1',
        [email],
      );
      if (user === undefined || !(await passwordMatches(password, user.password_hash))) return null;
      return { id: user.id, email: user.email };
    },
  };
}

export const SIGNING_KEY_SQL = 'SELECT value FROM auth.signing_key';

/** The key that every service checks sessions with; made with the tables, so it is another one at every start. */
export async function signingKey(pool: pg.Pool): Promise<string> {
  const [row] = await query<{ value: string }>(pool, SIGNING_KEY_SQL);
  if (row === undefined) throw new Error('the database has no key to sign sessions with');
  return row.value;
}
