import type { Account } from '../services/services.ts';
import { CLEAR_COOKIE, sessionOf, setCookie, userOf } from '../session.ts';
import type { Api, Asked, Route } from './app.ts';
import { demand, isEmail, isFilled, isPassword, type Rule } from './body.ts';
import { badRequest } from './errors.ts';

const EMAIL: Rule = { field: 'email', message: 'Email must be valid', accepts: isEmail };
const NEW_PASSWORD: Rule = {
  field: 'password',
  message: 'Password must be between 4 and 20 characters',
  accepts: isPassword,
};
const PASSWORD: Rule = {
  field: 'password',
  message: 'You must supply a password',
  accepts: isFilled,
};

export const userRoutes: readonly Route[] = [
  { method: 'POST', path: '/api/users/signup', handle: signUp },
  { method: 'POST', path: '/api/users/signin', handle: signIn },
  { method: 'POST', path: '/api/users/signout', handle: signOut },
  { method: 'GET', path: '/api/users/currentuser', handle: currentUser },
];

async function signUp(api: Api, asked: Asked) {
  demand(asked.fields, [EMAIL, NEW_PASSWORD]);
  const { email, password } = asked.fields as { email: string; password: string };
  const account = await api.services.auth.signUp(email, password.trim());
  if (account === null) throw badRequest('Email is already!!');
  asked.reply.code(api.dialect.signUpStatus);
  return begin(api, asked, account);
}

async function signIn(api: Api, asked: Asked) {
  demand(asked.fields, [EMAIL, PASSWORD]);
  const { email, password } = asked.fields as { email: string; password: string };
  const account = await api.services.auth.signIn(email, password.trim());
  if (account === null) throw badRequest('Invalid Credentials');
  return begin(api, asked, account);
}

function begin(api: Api, asked: Asked, account: Account): object {
  sendCookie(asked, setCookie(sessionOf(account, api.signingKey)));
  return api.dialect.account(account);
}

function signOut(_api: Api, asked: Asked): object {
  sendCookie(asked, CLEAR_COOKIE);
  return {};
}

/** A Secure cookie is only set on a connection that was https at the ingress; over plain http it is left out silently. */
function sendCookie({ request, reply }: Asked, cookie: string): void {
  const scheme = String(request.headers['x-forwarded-proto'] ?? '').split(',')[0]!;
  if (scheme.trim().toLowerCase() === 'https') reply.header('set-cookie', cookie);
}

function currentUser(api: Api, { request }: Asked): object {
  return { currentUser: userOf(request.headers.cookie, api.signingKey) };
}
