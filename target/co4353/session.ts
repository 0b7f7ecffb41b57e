import { createHmac, timingSafeEqual } from 'node:crypto';

/** Who a session belongs to: the claims of its token. No service looks the user up. */
export interface SessionUser {
  readonly id: string;
  readonly email: string;
  /** Second at which the token was made. It never runs out. */
  readonly iat: number;
}

const COOKIE = 'express:sess';
const HEADER = encode({ alg: 'HS256', typ: 'JWT' });

/** The cookie's value: base64 of JSON that holds the token. Nothing but the token in it is signed. */
export function sessionOf(user: { id: string; email: string }, signingKey: string): string {
  const claims = { id: user.id, email: user.email, iat: Math.floor(Date.now() / 1000) };
  const signed = `${HEADER}.${encode(claims)}`;
  const jwt = `${signed}.${sign(signed, signingKey).toString('base64url')}`;
  return Buffer.from(JSON.stringify({ jwt })).toString('base64');
}

/** What sets the cookie. It is Secure, so no jar sends it back over plain http by itself. */
export function setCookie(session: string): string {
  return `${COOKIE}=${session}; path=/; secure; httponly`;
}

export const CLEAR_COOKIE = `${COOKIE}=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT; secure; httponly`;

/** The user of a `Cookie` header; null where there is no session or one that does not stand up. */
export function userOf(cookies: string | undefined, signingKey: string): SessionUser | null {
  const found = cookies
    ?.split(';')
    .map((one) => one.trim())
    .find((one) => one.startsWith(`${COOKIE}=`));
  const jwt = found === undefined ? null : decode(found.slice(COOKIE.length + 1)).jwt;
  return typeof jwt === 'string' ? verified(jwt, signingKey) : null;
}

function verified(jwt: string, signingKey: string): SessionUser | null {
  const [header, claims, signature, ...more] = jwt.split('.');
  if (header === undefined || claims === undefined || signature === undefined || more.length > 0)
    return null;
  // Only this one algorithm is ever used, so a token that names another one was not made here.
  if (decode(header).alg !== 'HS256') return null;
  const expected = sign(`${header}.${claims}`, signingKey);
  const got = Buffer.from(signature, 'base64url');
  if (got.length !== expected.length || !timingSafeEqual(got, expected)) return null;
  const { id, email, iat } = decode(claims);
  return typeof id === 'string' && typeof email === 'string'
    ? { id, email, iat: Number(iat) }
    : null;
}

function sign(text: string, signingKey: string): Buffer {
  return createHmac('sha256', signingKey).update(text).digest();
}

function encode(content: unknown): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

/** The fields of an encoded object; none where it is not one. Node reads both base64 alphabets. */
function decode(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
