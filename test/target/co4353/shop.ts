import pg from 'pg';
import { SCHEMA_SQL } from '../../../target/co4353/schema.ts';
import { sessionOf } from '../../../target/co4353/session.ts';
import { co4353 } from '../../../target/facades/co4353.ts';
import { startService } from '../service.ts';

/** A shop to ask, wherever its processes run. */
export interface Shop {
  /** Base addresses; requests take turns among them. */
  readonly urls: readonly string[];
  readonly sql: pg.Pool;
  readonly signingKey: string;
  readonly stop: () => Promise<void>;
}

/** The shop as `target up` starts it, in processes of its own. */
export async function startShop(...args: string[]): Promise<Shop & { readonly pid: number }> {
  const { url, sql, stop, pid, environment } = await startService('co4353', ...args);
  return { urls: [url], sql, stop, pid, signingKey: environment.ONSALE_TOKEN! };
}

/** Shops with flaws, two instances each, one after the other in databases of one PostgreSQL. */
export async function startBench() {
  const { databaseUrl, sql, stop } = await startService('co4353', '--processes', '1');
  let count = 0;
  const open = async (flaws: readonly string[], given: Record<string, string>): Promise<Shop> => {
    count += 1;
    await sql.query(`CREATE DATABASE bench_${count}`);
    return openShop(databaseUrl.replace(/[^/]+$/, `bench_${count}`), flaws, given);
  };
  return { open, stop };
}

async function openShop(
  databaseUrl: string,
  flaws: readonly string[],
  given: Record<string, string>,
): Promise<Shop> {
  const sql = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  await sql.query(SCHEMA_SQL);
  const initial = co4353.options.map(({ name, initial: value }) => [name, value]);
  const options = { ...Object.fromEntries(initial), ...given };
  const context = { databaseUrl, flaws, options, services: () => [] };
  const apps = await Promise.all([1, 2].map(() => co4353.roles[0]!.serve(context)));
  const listening = apps.map((app) => {
    if (!('listen' in app)) throw new Error('the services do not listen');
    return app.listen({ host: '127.0.0.1', port: 0 });
  });
  const { rows } = await sql.query(co4353.tokenSql!);
  const stop = async () => {
    await Promise.all(apps.map((app) => app.close()));
    await sql.end();
  };
  return { urls: await Promise.all(listening), sql, signingKey: rows[0].value, stop };
}

export interface Reply {
  readonly status: number;
  readonly body: ReturnType<typeof JSON.parse>;
  readonly cookie: string | null;
}

let turn = 0;

/** One request with these headers; the reply's JSON, or null where there is no body. */
export async function ask(
  shop: Shop,
  method: string,
  path: string,
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Reply> {
  turn += 1;
  const response = await fetch(shop.urls[turn % shop.urls.length] + path, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const cookie = response.headers.get('set-cookie');
  return { status: response.status, body: text === '' ? null : JSON.parse(text), cookie };
}

/** Asks on behalf of a user. */
export type As = (method: string, path: string, body?: unknown) => Promise<Reply>;

let users = 0;

/** A buyer with a session of their own that no service has ever seen: the key is all it takes. */
export function newUser(shop: Shop): As {
  users += 1;
  const id = `user-${users}`;
  const cookie = `express:sess=${sessionOf({ id, email: `${id}@example.test` }, shop.signingKey)}`;
  return (method, path, body) => ask(shop, method, path, { body, headers: { cookie } });
}

export const CONCERT = {
  name: 'Concert',
  description: 'd',
  date: '2099-05-01T20:00:00.000Z',
  ticketLeft: 20,
  price: 20,
};

const POLL_MS = 20;

/** Waits; the test's own time limit ends it. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}

/** A new event that every service has heard of. */
export async function newEvent(shop: Shop, ticketLeft: number): Promise<string> {
  const made = await newUser(shop)('POST', '/api/events/new', { ...CONCERT, ticketLeft });
  await quiet(shop);
  return made.body.id;
}

/** Every message has been handled and acknowledged. */
export function quiet({ sql }: Shop): Promise<void> {
  return until(
    async () => (await sql.query('SELECT FROM queue.deliveries LIMIT 1')).rowCount === 0,
  );
}

/** Lets the time of every order that is held now be over in `inMs`, as if it had passed. */
export async function letTimePass(shop: Shop, inMs = 0): Promise<void> {
  await quiet(shop);
  const end = `clock_timestamp() + ${inMs} * interval '1 millisecond'`;
  await shop.sql.query(`UPDATE payments.orders SET expires_at = ${end} WHERE status = 'open';
    UPDATE expiration.timers SET due_at = ${end}`);
}

/** Nothing is held any more: all orders are paid or cancelled, and every service knows. */
export async function expired(shop: Shop): Promise<void> {
  await until(async () => {
    const text = `SELECT FROM orders.orders WHERE status = 'created' LIMIT 1`;
    return (await shop.sql.query(text)).rowCount === 0;
  });
  await quiet(shop);
}

/** What the services' tables say of one event. */
export interface Facts {
  /** Orders that hold or own a ticket. */
  readonly active: number;
  readonly ordersLeft: number;
  readonly eventsLeft: number;
  /** Payments that were not given back. */
  readonly payments: number;
  readonly paidTwice: number;
  readonly paidAndCancelled: number;
}

export async function factsOf({ sql }: Shop, eventId: string): Promise<Facts> {
  const { rows } = await sql.query<Facts>(
    `WITH paid AS (SELECT o.id, o.status, count(*) AS times
        FROM orders.orders o JOIN payments.payments p ON p.order_id = o.id AND p.status = 'charged'
        WHERE o.event_id = $1 GROUP BY 1, 2)
      SELECT (SELECT count(*)::int FROM orders.orders
          WHERE event_id = $1 AND status <> 'cancelled') AS active,
        (SELECT tickets_left FROM orders.events WHERE event_id = $1) AS "ordersLeft",
        (SELECT tickets_left FROM events.events WHERE id = $1) AS "eventsLeft",
        (SELECT coalesce(sum(times), 0)::int FROM paid) AS payments,
        (SELECT count(*)::int FROM paid WHERE times > 1) AS "paidTwice",
        (SELECT count(*)::int FROM paid WHERE status = 'cancelled') AS "paidAndCancelled"`,
    [eventId],
  );
  return rows[0]!;
}

/** Everybody orders one ticket at once. */
export function rush(shop: Shop, eventId: string, buyers: number): Promise<[As, Reply][]> {
  const all = Array.from({ length: buyers }, () => newUser(shop));
  return Promise.all(
    all.map(async (buyer) => [buyer, await buyer('POST', '/api/orders', { eventId })]),
  );
}
