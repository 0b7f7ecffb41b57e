import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { expect } from 'vitest';
import { type Answer, type Service, send, startService } from '../service.ts';

/** A client of one generation of the API. */
export interface Shop {
  readonly service: Service;
  readonly get: (path: string) => Promise<Answer>;
  readonly post: (path: string) => Promise<Answer>;
  readonly remove: (path: string) => Promise<Answer>;
  readonly newUser: (credit: number) => Promise<string>;
  readonly newItem: (price: number, stock: number) => Promise<string>;
  /** An order of this user, with one unit of each item. */
  readonly newOrder: (user: string, ...items: string[]) => Promise<string>;
}

const HTML = 'text/html; charset=utf-8';
export const text = (body: string | RegExp, status = 200) => ({
  status,
  type: HTML,
  body: typeof body === 'string' ? body : expect.stringMatching(body),
});
export const json = (body: string) => ({ status: 200, type: 'application/json', body });
/** A page with this sentence on it. */
export const page = (status: number, sentence = '') => ({
  status,
  type: HTML,
  body: expect.stringMatching(
    new RegExp(`^<!doctype html>[\\s\\S]*<title>${status} [\\s\\S]*<p>${sentence}</p>\\n$`),
  ),
});

export async function startShop(
  generation: '2021' | '2024',
  { flaw, processes = 2 }: { flaw?: string; processes?: number } = {},
): Promise<Shop> {
  const flags = ['--option', `generation=${generation}`, '--processes', String(processes)];
  if (flaw !== undefined) flags.push('--flaw', flaw);
  const service = await startService('wdm', ...flags);
  const call = (method: string) => (path: string) => send(service.url + path, method);
  const post = call('POST');
  const made = async (path: string, key: string): Promise<string> => {
    const answer = await post(path);
    expect(answer).toMatchObject({ status: 200, type: 'application/json' });
    return JSON.parse(answer.body)[key];
  };
  return {
    service,
    post,
    get: call('GET'),
    remove: call('DELETE'),
    newUser: async (credit) => {
      const user = await made('/payment/create_user', 'user_id');
      await post(`/payment/add_funds/${user}/${credit}`);
      return user;
    },
    newItem: async (price, stock) => {
      const item = await made(`/stock/item/create/${price}`, 'item_id');
      await post(`/stock/add/${item}/${stock}`);
      return item;
    },
    newOrder: async (user, ...items) => {
      const order = await made(`/orders/create/${user}`, 'order_id');
      const quantity = generation === '2024' ? '/1' : '';
      for (const item of items) await post(`/orders/addItem/${order}/${item}${quantity}`);
      return order;
    },
  };
}

const PATIENCE_MS = 1000;

/** That nobody answers within a patience far longer than any answer takes. */
export async function expectNoAnswer(shop: Shop, method: string, path: string): Promise<void> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const asked = fetch(shop.service.url + path, { method, signal });
  await expect(asked).rejects.toMatchObject({ name: 'TimeoutError' });
}

/** What a checkout of each of these orders was answered, all at once; null where that was cut off. */
export async function checkoutAll(
  shop: Shop,
  orders: readonly string[],
  signal?: AbortSignal,
): Promise<({ status: number; body: string } | null)[]> {
  const agent = new Agent({ maxSockets: orders.length });
  const answers = await Promise.all(
    orders.map((order) =>
      postOver(`${shop.service.url}/orders/checkout/${order}`, { agent, signal }).catch(() => null),
    ),
  );
  agent.destroy();
  return answers;
}

async function postOver(
  url: string,
  options: { agent: Agent; signal: AbortSignal | undefined },
): Promise<{ status: number; body: string }> {
  const sent = request(url, { ...options, method: 'POST' }).end();
  const [response] = await once(sent, 'response');
  let body = '';
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode, body };
}

const POLL_MS = 100;

/** Waits until no message and no saga is under way any more. */
export async function settle({ service }: Shop): Promise<void> {
  const open = async () => {
    const { rows } = await service.sql.query<{ n: number }>(
      `SELECT ((SELECT count(*) FROM queue.message)
        + (SELECT count(*) FROM orders.saga WHERE NOT over))::int AS n`,
    );
    return rows[0]!.n;
  };
  while ((await open()) > 0) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}

export interface Rush {
  readonly item: string;
  readonly orders: readonly string[];
}

/** One item, price 1, and as many users as orders with this much credit each; written straight into the tables. */
export async function prepareRush(
  { service }: Shop,
  { buyers, stock, credit }: { buyers: number; stock: number; credit: number },
): Promise<Rush> {
  const item = `rush-${Math.random()}`;
  await service.sql.query('INSERT INTO stock.item (id, price, stock) VALUES ($1, 1, $2)', [
    item,
    stock,
  ]);
  await service.sql.query(
    `INSERT INTO payment.account (id, credit) SELECT $1 || i, $3 FROM generate_series(1, $2) AS i`,
    [`${item}-user-`, buyers, credit],
  );
  const { rows } = await service.sql.query<{ id: string }>(
    `INSERT INTO orders.purchase (id, user_id, items, total_cost)
      SELECT $1 || '-order-' || i, $1 || '-user-' || i,
        jsonb_build_array(jsonb_build_object('item', $1::text, 'quantity', 1, 'price', '1')), 1
      FROM generate_series(1, $2) AS i RETURNING id`,
    [item, buyers],
  );
  return { item, orders: rows.map(({ id }) => id) };
}

export interface Books {
  readonly stock: number;
  /** Money that left the users of the rush. */
  readonly spent: number;
  readonly paid: number;
  /** Orders that are paid for and whose user was charged more than once, or that are not and was charged. */
  readonly wronglyCharged: number;
}

/** What the tables say about a rush that has settled. */
export async function readBooks(
  { service }: Shop,
  { item }: Rush,
  { credit }: { credit: number },
): Promise<Books> {
  const { rows } = await service.sql.query<Books>(
    `WITH buyer AS (
      SELECT p.paid, $2 - a.credit AS spent FROM orders.purchase p
        JOIN payment.account a ON a.id = p.user_id WHERE p.id LIKE $1 || '-order-%')
    SELECT (SELECT stock::int FROM stock.item WHERE id = $1) AS stock,
      sum(spent)::int AS spent,
      (count(*) FILTER (WHERE paid))::int AS paid,
      (count(*) FILTER (WHERE spent <> CASE WHEN paid THEN 1 ELSE 0 END))::int AS "wronglyCharged"
    FROM buyer`,
    [item, credit],
  );
  return rows[0]!;
}
