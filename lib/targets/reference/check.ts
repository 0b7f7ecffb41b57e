import { randomBytes } from 'node:crypto';
import type { Connection, Trial } from '../admin.ts';
import { request } from '../request.ts';
import { type TrialAsk, tellsJson, tried, triedAll } from '../trial.ts';
import { eventSchema, healthSchema } from './contents.ts';

const codeIs = (code: string) => ({
  telling: `code ${code}`,
  fits: tellsJson((content) => (content as { code?: unknown } | null)?.code === code),
});

const get = (what: string, path: string) => ({ what: `GET ${what}`, method: 'GET', path }) as const;

const post = (what: string, path: string, body: TrialAsk['body'] & {}) =>
  ({ what: `POST ${what}`, method: 'POST', path, body }) as const;

/** Every call once, on an event of its own that is taken away again. */
export async function checkContract(connection: Connection): Promise<Trial[]> {
  const name = `Onsale check ${randomBytes(5).toString('hex')}`;
  const plain = await triedAll(connection, [
    {
      ...get('/health', '/health'),
      statuses: [200],
      fits: tellsJson((content) => healthSchema.safeParse(content).success),
    },
    { ...get('/events/:id of none', '/events/0'), statuses: [404], ...codeIs('unknown_event') },
    { ...get('/pools/:id of none', '/pools/0'), statuses: [404], ...codeIs('unknown_pool') },
    { ...get('/orders/:id of none', '/orders/0'), statuses: [404], ...codeIs('unknown_order') },
    {
      ...post('/events without pools', '/events', { name }),
      statuses: [400],
      ...codeIs('invalid'),
    },
  ]);
  const made = await request(connection, {
    ...{ method: 'POST', path: '/events', expected: 'an event', remedy: '' },
    body: { name, pools: [{ name: 'Pool', capacity: 1, priceCents: 5 }] },
  });
  const event = eventSchema.safeParse(parsed(made.body));
  if (!event.success)
    return [
      ...plain,
      { what: 'POST /events', expected: 'status 201 with an event', got: `status ${made.status}` },
    ];
  try {
    return [...plain, ...(await triedOn(connection, event.data))];
  } finally {
    await tried(connection, {
      what: 'DELETE /events/:id',
      method: 'DELETE',
      path: `/events/${event.data.id}`,
      statuses: [204],
    });
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function triedOn(
  connection: Connection,
  event: { id: string; pools: readonly { id: string }[] },
): Promise<Trial[]> {
  const pool = event.pools[0]!.id;
  const buyer = `onsale-check-${event.id}`;
  const order = (what: string, path: string, quantity: number) =>
    post(what, path, { buyer, pool, quantity });
  return triedAll(connection, [
    {
      ...post('/buyers/batch', '/buyers/batch', {
        event: event.id,
        buyers: [{ id: buyer, creditCents: 1 }],
      }),
      statuses: [201],
    },
    { ...get('/buyers/:id', `/buyers/${buyer}`), statuses: [200] },
    { ...get('/pools/:id', `/pools/${pool}`), statuses: [200] },
    { ...get('/pools/:id of the copy', `/pools/${pool}?copy=replica`), statuses: [200] },
    {
      ...order('/purchases without the money', '/purchases', 1),
      statuses: [409],
      ...codeIs('insufficient_funds'),
    },
    { ...order('/purchases of none', '/purchases', 0), statuses: [400], ...codeIs('invalid') },
    { ...order('/holds of too many', '/holds', 2), statuses: [409], ...codeIs('sold_out') },
    { ...order('/holds', '/holds', 1), statuses: [201] },
    { ...order('/holds when all are held', '/holds', 1), statuses: [409], ...codeIs('sold_out') },
    { ...get('/orders', `/orders?event=${event.id}`), statuses: [200] },
    { ...get('/payments', `/payments?event=${event.id}`), statuses: [200] },
    { ...get('/buyers', `/buyers?event=${event.id}`), statuses: [200] },
  ]);
}
