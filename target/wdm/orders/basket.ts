import { randomUUID } from 'node:crypto';
import type { Answer } from '../answers.ts';
import {
  type Generation,
  json,
  moneyJson,
  noNumber,
  page,
  readCount,
  readMoney,
  refusal,
  text,
} from '../answers.ts';
import type { Route, Words } from '../service.ts';
import type { Store } from '../store.ts';
import { priceOf } from './prices.ts';
import type { OrderLine, Purchase } from './saga.ts';

/** What the baskets of an order service need besides their own tables. */
export interface Neighbours {
  readonly generation: Generation;
  /** Where the stock service is at this moment. */
  readonly stock: () => readonly string[];
}

const FIND = 'SELECT id, user_id, items, total_cost::text, paid FROM orders.purchase WHERE id = $1';

/** Orders are made for anybody: whether there is such a user is found at the checkout. */
export function basketRoutes(store: Store, { generation, stock }: Neighbours): Route[] {
  const create = async ({ user }: Words) => {
    const id = randomUUID();
    await store.commit((client) =>
      client.query('INSERT INTO orders.purchase (id, user_id) VALUES ($1, $2)', [id, user]),
    );
    return json(JSON.stringify({ order_id: id }));
  };
  const find = async ({ order }: Words) => {
    const found = await store.find<Purchase>(FIND, order!);
    return found === null ? noOrder(generation, order!) : json(orderJson(generation, found));
  };
  const addItem = async ({ order, item, quantity = '1' }: Words, gone: AbortSignal) => {
    const count = readCount(generation, quantity);
    if (count === null) return noNumber(generation);
    if ((await store.find(FIND, order!)) === null) return noOrder(generation, order!);
    const price = await priceOf(item!, { urls: stock(), gone });
    if (price.kind === 'unknown') return page(400, `Item: ${item} does not exist!`);
    const line = { item: item!, quantity: count, price: price.amount };
    const total = await append(store, order!, line);
    if (total === null) return noOrder(generation, order!);
    return text(`Item: ${item} added to: ${order} price updated to: ${total}`);
  };
  const quantity = generation === '2024' ? '/:quantity' : '';
  return [
    { method: 'POST', path: '/create/:user', handle: create },
    { method: 'GET', path: '/find/:order', handle: find },
    { method: 'POST', path: `/addItem/:order/:item${quantity}`, handle: addItem },
    ...(generation === '2021' ? removalRoutes(store) : [batchRoute(store)]),
  ];
}

export function noOrder(generation: Generation, order: string): Answer {
  return generation === '2021' ? page(404) : page(400, `Order: ${order} not found!`);
}

function orderJson(generation: Generation, order: Purchase): string {
  const { id, user_id, items, total_cost, paid } = order;
  const key = generation === '2021' ? 'id' : 'order_id';
  const listed =
    generation === '2021'
      ? items.flatMap(({ item, quantity }) => Array<string>(quantity).fill(item))
      : items.map(({ item, quantity }) => [item, quantity]);
  const head = JSON.stringify({ [key]: id, items: listed, paid }).slice(0, -1);
  const tail = JSON.stringify({ user_id }).slice(1);
  return `${head},"total_cost":${moneyJson(generation, total_cost)},${tail}`;
}

/** The new total; null where there is no such order. */
async function append(store: Store, order: string, line: OrderLine): Promise<string | null> {
  const { rows } = await store.commit((client) =>
    client.query<{ total_cost: string }>(
      `UPDATE orders.purchase
        SET items = items || $2::jsonb, total_cost = total_cost + $3::numeric * $4::int
        WHERE id = $1 RETURNING total_cost::text`,
      [order, JSON.stringify([line]), line.price, line.quantity],
    ),
  );
  return rows[0]?.total_cost ?? null;
}

/** One unit is taken out again, or the whole order goes. */
function removalRoutes(store: Store): Route[] {
  const removeItem = async ({ order, item }: Words) => {
    const removed = await store.commit(async (client) => {
      const { rows } = await client.query<Purchase>(`${FIND} FOR UPDATE`, [order]);
      if (rows[0] === undefined) return 'no-order';
      const { items } = rows[0];
      const line = items.findIndex((one) => one.item === item);
      if (line === -1) return 'no-item';
      await client.query(
        'UPDATE orders.purchase SET items = items - $2::int, total_cost = total_cost - $3 WHERE id = $1',
        [order, line, items[line]!.price],
      );
      return 'removed';
    });
    if (removed === 'no-order') return page(404);
    return removed === 'removed' ? text('Item removed') : refusal('No such item in the order');
  };
  const remove = async ({ order }: Words) => {
    const { rowCount } = await store.commit((client) =>
      client.query('DELETE FROM orders.purchase WHERE id = $1', [order]),
    );
    return rowCount === 1 ? text('Order removed') : page(404);
  };
  const clear = async () => {
    await store.commit((client) =>
      client.query('DELETE FROM orders.saga; DELETE FROM orders.purchase'),
    );
    return text('Tables cleared');
  };
  return [
    { method: 'DELETE', path: '/removeItem/:order/:item', handle: removeItem },
    { method: 'DELETE', path: '/remove/:order', handle: remove },
    { method: 'DELETE', path: '/clear_tables', handle: clear },
  ];
}

/** Orders by the thousand, each of one user and two items that are drawn, with numbers for names. */
function batchRoute(store: Store): Route {
  const handle = async ({ n, items, users, price }: Words) => {
    const numbers = [n!, items!, users!].map((word) => readCount('2024', word));
    const values = [...numbers, readMoney('2024', price!)];
    if (values.includes(null)) return noNumber('2024');
    await store.commit((client) => client.query(BATCH, values));
    return json(JSON.stringify({ msg: 'Batch init for orders successful' }));
  };
  return { method: 'POST', path: '/batch_init/:n/:items/:users/:price', handle };
}

const DRAWN = `jsonb_build_object('item', floor(random() * $2::int)::int::text, 'quantity', 1, 'price', $4::text)`;
const BATCH = `INSERT INTO orders.purchase (id, user_id, items, total_cost)
  SELECT i::text, floor(random() * $3::int)::int::text,
    jsonb_build_array(${DRAWN}, ${DRAWN}), 2 * $4::text::numeric
  FROM generate_series(0, $1::int - 1) AS i
  ON CONFLICT (id) DO UPDATE SET user_id = excluded.user_id, items = excluded.items,
    total_cost = excluded.total_cost, paid = false`;
