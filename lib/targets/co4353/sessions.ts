import { createHash, createHmac } from 'node:crypto';
import { RunFailure } from '../../model/failure.ts';
import type { IntentsFile } from '../../model/plan.ts';
import type { Connection } from '../admin.ts';
import { inParallel } from '../in-parallel.ts';
import { type Answer, contentOf, describe, patiently, request, shownUrl } from '../request.ts';
import { accountSchema } from './contents.ts';
import { termsOf } from './terms.ts';

/** Sign-ups at once: each costs the shop a tenth of a second of one core. */
const PARALLEL = 8;

/** A user with what lets requests act for it. */
export interface Session {
  readonly userId: string;
  /** `name=value` for the header `Cookie`. Secret. */
  readonly cookie: string;
}

/** By what every account of a run is known: an intent's key, or the run's own where all share one. */
export function accountNames(connection: Connection, { runId, intents }: IntentsFile): string[] {
  return termsOf(connection).isShared ? [`onsale-${runId}-shared`] : intents.map(({ key }) => key);
}

/**
 * One session for each name, in their order: made here where the signing key is known, else by signing up, or in, where a
 * former call has signed up. Fails with a `RunFailure` at the first that cannot be had.
 */
export async function sessionsOf(
  connection: Connection,
  names: readonly string[],
): Promise<Session[]> {
  const { token } = connection;
  if (token !== null) return names.map((name) => minted(name, token));
  let done = 0;
  return inParallel(names, PARALLEL, async (name) => {
    // Whoever has signed up already signs in, so a call that failed may be made again.
    const session = await patiently(connection.signal, () => signedUp(connection, name));
    connection.onProgress(++done, names.length);
    return session;
  });
}

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Unique, and no mail can ever reach it. Mailboxes have at most 64 characters. */
export const emailOf = (name: string) =>
  `${name.length <= 64 ? name : `onsale-${digest(name).toString('hex').slice(0, 32)}`}@load.invalid`;

/** Follows from the name, so that a second call can sign in. It guards nothing: the account is for one purchase. */
const passwordOf = (name: string) =>
  digest(`onsale buyer ${name}`).toString('base64url').slice(0, 20);

/** No service looks users up, so any id does; it has the form of theirs, and is the same at every call. */
function minted(name: string, key: string): Session {
  const userId = digest(`onsale user ${name}`).toString('hex').slice(0, 24);
  const encode = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');
  const claims = { id: userId, email: emailOf(name), iat: Math.floor(Date.now() / 1000) };
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  const jwt = `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
  const value = Buffer.from(JSON.stringify({ jwt })).toString('base64');
  return { userId, cookie: `express:sess=${value}` };
}

async function signedUp(connection: Connection, name: string): Promise<Session> {
  const up = askOf('signup', name);
  const answer = await request(connection, up);
  // That it is known already is said with a 400, like everything else that is wrong: signing in will tell.
  if (answer.status !== 400 || /"field"/.test(answer.body))
    return sessionIn(connection, up, answer);
  const signIn = askOf('signin', name);
  return sessionIn(connection, signIn, await request(connection, signIn));
}

export function askOf(call: 'signup' | 'signin', name: string) {
  return {
    method: 'POST',
    path: `/api/users/${call}`,
    body: { email: emailOf(name), password: passwordOf(name) },
    // Over plain http the cookie is set only for those who say that it was https further out.
    headers: { 'X-Forwarded-Proto': 'https' },
    statuses: [200, 201],
    expected: 'a session for a buyer',
    remedy: 'Provisioning can be begun again: what was made is found.',
  } as const;
}

function sessionIn(connection: Connection, ask: ReturnType<typeof askOf>, answer: Answer): Session {
  const { id } = contentOf(connection, ask, answer, accountSchema);
  const cookie = answer.cookies.map((each) => each.split(';')[0]!).find(holdsToken);
  if (cookie !== undefined) return { userId: id, cookie };
  throw new RunFailure({
    expected: 'a session cookie',
    got: `${describe(answer)} without one`,
    where: `${ask.method} ${shownUrl(connection.url)}${ask.path}`,
    remedy:
      'It is set over https only: give the https address of the ingress, or its JWT_KEY as ONSALE_TOKEN.',
  });
}

/** By what is in it: its name depends on the version of the package that sets it. */
function holdsToken(cookie: string): boolean {
  const value = cookie.slice(cookie.indexOf('=') + 1);
  return /^\{"jwt":"[^"]+"/.test(Buffer.from(value, 'base64').toString('utf8'));
}
