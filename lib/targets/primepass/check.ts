import { randomBytes } from 'node:crypto';
import type { Connection, Trial } from '../admin.ts';
import { type TrialAsk, tellsJson, triedAll } from '../trial.ts';
import { eventsSchema, loginSchema } from './contents.ts';

/** No user and no ticket have these. */
const NOBODY = '00000000-0000-4000-8000-000000000000';
const NO_TICKET = 2_147_483_647;

const errorHas = (words: RegExp) =>
  tellsJson((content) => words.test(String((content as { error?: unknown } | null)?.error)));

const purchase = (what: string, body: TrialAsk['body'] & {}) =>
  ({ what: `POST /api/purchase ${what}`, method: 'POST', path: '/api/purchase', body }) as const;

/**
 * Every call of the contract once, without selling anything: purchases name no real user or ticket. The one account
 * that is made stays, because the API cannot take it away.
 */
export function checkContract(connection: Connection): Promise<Trial[]> {
  const credentials = {
    email: `onsale-check-${randomBytes(6).toString('hex')}@load.invalid`,
    password: randomBytes(12).toString('base64url'),
  };
  const login = (what: string, body: Record<string, string>) =>
    ({ what: `POST /api/login ${what}`, method: 'POST', path: '/api/login', body }) as const;
  const toldUser = tellsJson((content) => loginSchema.safeParse(content).success);
  return triedAll(connection, [
    {
      ...{ what: 'GET /api/events', method: 'GET', path: '/api/events', statuses: [200] },
      telling: 'a list of events with tickets',
      fits: tellsJson((content) => eventsSchema.safeParse(content).success),
    },
    {
      ...{ what: 'GET /api/orders without a user', method: 'GET', path: '/api/orders' },
      statuses: [400],
    },
    {
      what: 'GET /api/orders of an unknown user',
      ...{ method: 'GET', path: `/api/orders?user_id=${NOBODY}`, statuses: [200] },
      telling: 'an empty list',
      fits: tellsJson((content) => Array.isArray(content) && content.length === 0),
    },
    {
      ...purchase('of an unknown ticket', { user_id: NOBODY, ticket_id: NO_TICKET, quantity: 1 }),
      statuses: [400],
      telling: 'an error that says sold out',
      fits: errorHas(/sold out/i),
    },
    { ...purchase('without its fields', { quantity: 1 }), statuses: [400], fits: errorHas(/./) },
    {
      ...purchase('that is no JSON', 'quantity=1'),
      headers: { 'Content-Type': 'text/plain' },
      statuses: [400],
    },
    {
      ...login('of a new user', { ...credentials, name: 'Check' }),
      statuses: [201],
      fits: toldUser,
    },
    { ...login('of a known user', credentials), statuses: [200], fits: toldUser },
    { ...login('with a wrong password', { ...credentials, password: 'wrong' }), statuses: [401] },
  ]);
}
