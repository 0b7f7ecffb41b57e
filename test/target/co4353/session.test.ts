import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sessionOf, userOf } from '../../../target/co4353/session.ts';

const KEY = 'a key of this test';
const ADA = { id: 'a1', email: 'ada@t.co' };
const cookieOf = (session: string) => `express:sess=${session}`;
const encode = (content: unknown) => Buffer.from(JSON.stringify(content)).toString('base64url');
const wrap = (jwt: string) => cookieOf(Buffer.from(JSON.stringify({ jwt })).toString('base64'));
const signedBy = (key: string, header: object) => {
  const text = `${encode(header)}.${encode({ ...ADA, iat: 1 })}`;
  return wrap(`${text}.${createHmac('sha256', key).update(text).digest('base64url')}`);
};

test('any user can be read back from their session, among other cookies, too', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (id, email) => {
      const cookie = `other=1; ${cookieOf(sessionOf({ id, email }, KEY))}; more=2`;
      expect(userOf(cookie, KEY)).toMatchObject({ id, email });
    }),
  );
});

test('a token that somebody else made by the rules of HS256 is as good', () => {
  expect(userOf(signedBy(KEY, { alg: 'HS256' }), KEY)).toEqual({ ...ADA, iat: 1 });
});

test('another key, another algorithm, no signature or no token at all is no session', () => {
  const unsigned = `${encode({ alg: 'none' })}.${encode(ADA)}.`;
  for (const cookie of [
    signedBy('another key', { alg: 'HS256' }),
    signedBy(KEY, { alg: 'none' }),
    wrap(unsigned),
    wrap(''),
    cookieOf(''),
    cookieOf('bm90IGpzb24='),
    'other=1',
  ])
    expect(userOf(cookie, KEY)).toBeNull();
  expect(userOf(undefined, KEY)).toBeNull();
});

test('a token that was changed anywhere is no session', () => {
  const session = sessionOf(ADA, KEY);
  const { jwt } = JSON.parse(Buffer.from(session, 'base64').toString());
  const claims = { ...ADA, id: 'b2' };
  const [header, , signature] = jwt.split('.');
  expect(userOf(wrap(`${header}.${encode(claims)}.${signature}`), KEY)).toBeNull();
  expect(userOf(wrap(`${jwt}.more`), KEY)).toBeNull();
  expect(userOf(wrap(jwt.slice(0, -2)), KEY)).toBeNull();
});
