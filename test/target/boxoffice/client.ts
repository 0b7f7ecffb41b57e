import type pg from 'pg';

/** A reply of the box office, as it came and as JSON. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: every call has a shape of its own, and tests say which they expect
  readonly json: any;
}

/** One request; a `body` that is no text is sent as JSON. */
export async function call(
  url: string,
  line: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const [method, path] = line.split(' ') as [string, string];
  const response = await fetch(url + path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = text === '' ? null : JSON.parse(text);
  return { status: response.status, headers: response.headers, text, json };
}

export interface Sale {
  readonly event: string;
  readonly pools: readonly string[];
  readonly buyers: readonly string[];
}

export const CREDIT = 100_000;
let sales = 0;

/** An event with these pools and so many buyers, each with `CREDIT` cents. */
export async function openSale(
  url: string,
  { buyers = 1, ...event }: { buyers?: number; pools: readonly object[] } & Record<string, unknown>,
): Promise<Sale> {
  sales += 1;
  const name = `sale ${sales}`;
  const pools = event.pools.map((pool, i) => ({ name: `pool ${i}`, priceCents: 1000, ...pool }));
  const made = await call(url, 'POST /events', { name, ...event, pools });
  if (made.status !== 201) throw new Error(made.text);
  const ids = Array.from({ length: buyers }, (_, i) => `${made.json.id}-buyer-${i}`);
  const batch = ids.map((id) => ({ id, creditCents: CREDIT }));
  await call(url, 'POST /buyers/batch', { event: made.json.id, buyers: batch });
  const poolIds = made.json.pools.map(({ id }: { id: string }) => id);
  return { event: made.json.id, pools: poolIds, buyers: ids };
}

/** What in the tables of a sale contradicts what the box office promises; all 0 where nothing does. */
export interface Audit {
  /** Tickets of live orders beyond the capacity. */
  readonly oversold: number;
  /** capacity − live tickets − remaining, as distances. */
  readonly stockDrift: number;
  /** Seats of more than one live order. */
  readonly sharedSeats: number;
  /** Cents that are missing from or too many in the buyers' accounts, measured by what their live orders cost. */
  readonly moneyDrift: number;
  readonly aboveLimit: number;
  /** Orders of nobody who was in the sale. */
  readonly strangers: number;
}

export const CLEAN: Audit = {
  oversold: 0,
  stockDrift: 0,
  sharedSeats: 0,
  moneyDrift: 0,
  aboveLimit: 0,
  strangers: 0,
};

const AUDIT = `
WITH live AS (SELECT * FROM box_order WHERE event_id = $1 AND status IN ('held', 'paid')),
pools AS (
  SELECT capacity, remaining, (SELECT coalesce(sum(quantity), 0) FROM live WHERE pool_id = p.id) AS sold
    FROM box_pool p WHERE event_id = $1),
accounts AS (
  SELECT credit_cents, (SELECT coalesce(sum(total_cents), 0) FROM live WHERE buyer = b.id AND status = 'paid') AS spent,
    (SELECT coalesce(sum(quantity), 0) FROM live WHERE buyer = b.id) AS tickets
    FROM box_buyer b WHERE event_id = $1)
SELECT
  (SELECT sum(greatest(0, sold - capacity))::int FROM pools) AS oversold,
  (SELECT sum(abs(capacity - sold - remaining))::int FROM pools) AS "stockDrift",
  (SELECT count(*)::int FROM (SELECT FROM live, unnest(seats) seat GROUP BY pool_id, seat HAVING count(*) > 1) s)
    AS "sharedSeats",
  (SELECT coalesce(sum(abs($2 - credit_cents - spent)), 0)::int FROM accounts) AS "moneyDrift",
  (SELECT count(*)::int FROM accounts, box_event e WHERE e.id = $1 AND tickets > e.limit_per_buyer)
    AS "aboveLimit",
  (SELECT count(*)::int FROM live WHERE buyer NOT IN (SELECT id FROM box_buyer WHERE event_id = $1))
    AS strangers`;

/** For sales whose buyers bought nowhere else. */
export async function audit(sql: pg.Pool, { event }: Sale): Promise<Audit> {
  const { rows } = await sql.query<Audit>(AUDIT, [event, CREDIT]);
  return rows[0]!;
}

/** How often each status or refusal came. */
export function tally(replies: readonly Reply[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, json } of replies) {
    const key = status < 400 ? String(status) : json.code;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}
