import { randomBytes } from 'node:crypto';
import type { Connection, Trial } from '../admin.ts';
import { type Answer, pause, request } from '../request.ts';
import { type TrialAsk, tellsJson, tried, triedAll } from '../trial.ts';
import { dialectOf } from './calls.ts';
import { orderSchema } from './contents.ts';
import { askOf, sessionsOf } from './sessions.ts';
import { type Dialect, termsOf } from './terms.ts';

/** In the form of an id, and nobody's. */
const NO_ID = '000000000000000000000000';

const call = (
  method: TrialAsk['method'],
  path: string,
  { what = '', body, session }: { what?: string; body?: TrialAsk['body']; session?: string } = {},
) => ({
  what: `${method} ${path}${what === '' ? '' : ` ${what}`}`,
  method,
  path,
  ...(body === undefined ? {} : { body }),
  ...(session === undefined ? {} : { headers: { Cookie: session } }),
});

const says = (words: RegExp, telling: string) => ({
  telling,
  fits: tellsJson((content) => {
    const { errors } = (content ?? {}) as { errors?: unknown };
    return Array.isArray(errors) && errors.some((error) => words.test(String(error?.message)));
  }),
});

const blamesField = {
  telling: 'an error that names a field',
  fits: tellsJson((content) => {
    const { errors } = (content ?? {}) as { errors?: unknown };
    return Array.isArray(errors) && errors.some((error) => typeof error?.field === 'string');
  }),
};

const isOrder = tellsJson((content) => orderSchema.safeParse(content).success);
const isList = tellsJson(Array.isArray);

/** The calls that need an order; null where there was no id to go on with. */
function idIn({ body }: Answer): string | null {
  try {
    const { id } = JSON.parse(body) as { id?: unknown };
    return typeof id === 'string' || typeof id === 'number' ? String(id) : null;
  } catch {
    return null;
  }
}

/**
 * Every call once, and one ticket bought, paid for and given back. What is made for it stays, because the API can take
 * nothing away: an account, unless the signing key is known, and an event or ticket of one unit.
 */
export async function checkContract(connection: Connection): Promise<Trial[]> {
  const dialect = await dialectOf(connection);
  const name = `onsale-check-${randomBytes(5).toString('hex')}`;
  const trials = await triedAll(connection, [...catalogue(dialect), ...accounts(name)]);
  const [session] = await sessionsOf(connection, [name]);
  return [
    ...trials,
    ...(await triedAsBuyer(connection, { dialect, name, cookie: session!.cookie })),
  ];
}

function catalogue(dialect: Dialect): TrialAsk[] {
  const path = `/api/${dialect}`;
  return [
    { ...call('GET', path), statuses: [200], telling: 'a list', fits: isList },
    { ...call('GET', `${path}/${NO_ID}`, { what: 'of none' }), statuses: [404] },
    { ...call('GET', `${path}/x`, { what: 'with a malformed id' }), statuses: [400] },
    { ...call('GET', '/api/orders', { what: 'without a session' }), statuses: [401] },
    {
      ...call('POST', '/api/orders', { what: 'without a session', body: { eventId: NO_ID } }),
      statuses: [401],
    },
    {
      ...call('POST', creation(dialect), { what: 'without a session', body: {} }),
      statuses: [401],
    },
  ];
}

const creation = (dialect: Dialect) => (dialect === 'events' ? '/api/events/new' : '/api/tickets');

function accounts(name: string): TrialAsk[] {
  const up = askOf('signup', `${name}-account`);
  const path = '/api/users/signup';
  const wrong = { ...up.body, password: 'another one' };
  const { headers } = up;
  return [
    {
      ...call('POST', path, { what: 'without an address', body: { password: 'abcd' } }),
      statuses: [400],
      ...blamesField,
    },
    {
      ...call('POST', path, { body: up.body }),
      headers,
      statuses: [200, 201],
      telling: 'a session cookie',
      fits: ({ cookies }) => cookies.length > 0,
    },
    {
      ...call('POST', path, { what: 'of a known address', body: up.body }),
      headers,
      statuses: [400],
      ...says(/./, 'an error'),
    },
    {
      ...call('POST', '/api/users/signin', { what: 'with a wrong password', body: wrong }),
      statuses: [400],
      ...says(/invalid credentials/i, 'Invalid Credentials'),
    },
    { ...call('POST', '/api/users/signin', { body: up.body }), headers, statuses: [200] },
    { ...call('POST', '/api/users/signout', { body: {} }), statuses: [200] },
  ];
}

interface Buyer {
  readonly dialect: Dialect;
  readonly name: string;
  readonly cookie: string;
}

async function triedAsBuyer(connection: Connection, buyer: Buyer): Promise<Trial[]> {
  const { dialect, cookie } = buyer;
  const ask = { method: 'POST', path: creation(dialect), headers: { Cookie: cookie } } as const;
  const made = await request(connection, {
    ...{ ...ask, body: soldOnce(buyer), expected: 'something to sell', remedy: '' },
  });
  const unit = made.status === 201 ? idIn(made) : null;
  const making: Trial = {
    what: `POST ${creation(dialect)}`,
    expected: 'status 201, with an id',
    got: unit === null ? `status ${made.status}` : null,
  };
  if (unit === null) return [making];
  const { propagationMs } = termsOf(connection);
  await pause(propagationMs, connection.signal);
  return [making, ...(await triedSale(connection, buyer, unit))];
}

const soldOnce = ({ dialect, name }: Buyer) =>
  dialect === 'tickets'
    ? { title: name, price: 20 }
    : {
        ...{ name, description: 'Made to try a contract.', ticketLeft: 1, price: 20 },
        date: new Date(Date.now() + 30 * 86_400_000).toISOString(),
      };

async function triedSale(connection: Connection, buyer: Buyer, unit: string): Promise<Trial[]> {
  const { dialect, cookie: session } = buyer;
  const wanted = (id: string) => (dialect === 'events' ? { eventId: id } : { ticketId: id });
  const order = (what: string, body: TrialAsk['body'] & {}) =>
    call('POST', '/api/orders', { what, body, session });
  let made: Answer | null = null;
  const isFirst = (answer: Answer) => {
    made = answer;
    return isOrder(answer);
  };
  // What sells is not the first of them, which is asked twice.
  const trials = await triedAll(connection, [
    {
      ...order('without what is wanted', {}),
      statuses: [400],
      ...says(/must be provided/i, 'an error that says so'),
    },
    { ...order('of what nobody knows', wanted(NO_ID)), statuses: [404] },
    { ...order('', wanted(unit)), statuses: [201], telling: 'an order', fits: isFirst },
    {
      ...order('of what is sold out', wanted(unit)),
      statuses: [400],
      ...says(/not available at present|already reserved/i, 'an error that says so'),
    },
    { ...call('GET', '/api/orders', { session }), statuses: [200], fits: isList },
  ]);
  const id = made === null ? null : idIn(made);
  return [...trials, ...(id === null ? [] : await triedOrder(connection, buyer, id))];
}

/** The pauses are for the news of order and payment, which the next call's service has to hear first. */
async function triedOrder(
  connection: Connection,
  { dialect, cookie: session }: Buyer,
  orderId: string,
): Promise<Trial[]> {
  const { card, propagationMs } = termsOf(connection);
  const pay = (what: string, body: TrialAsk['body'] & {}) =>
    call('POST', '/api/payments', { what, body, session });
  const giveBack =
    dialect === 'events'
      ? call('POST', '/api/orders/sell/', { body: { orderId }, session })
      : {
          ...call('DELETE', `/api/orders/${orderId}`, { session }),
          what: 'DELETE /api/orders/:id',
        };
  await pause(propagationMs, connection.signal);
  const trials = await triedAll(connection, [
    {
      ...call('GET', `/api/orders/${orderId}`, { session }),
      what: 'GET /api/orders/:id',
      statuses: [200],
    },
    { ...pay('without a token', { orderId }), statuses: [400], ...blamesField },
    { ...pay('of no order', { token: card, orderId: NO_ID }), statuses: [404] },
    {
      ...pay('', { token: card, orderId }),
      statuses: [201],
      telling: 'an id',
      fits: (a) => idIn(a) !== null,
    },
  ]);
  await pause(propagationMs, connection.signal);
  return [...trials, await tried(connection, { ...giveBack, statuses: [200, 204] })];
}
