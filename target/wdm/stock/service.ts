import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { RoleContext } from '../../facades/facade.ts';
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
import { type Planted, planted } from '../flaws.ts';
import { addMetrics } from '../metrics.ts';
import { type Route, serviceApp, type Words } from '../service.ts';
import { openStore, type Store } from '../store.ts';
import { take } from './shelf.ts';

/** The stock service: items with a price, and how many there are. */
export function stockApp({ databaseUrl, options, flaws }: RoleContext): FastifyInstance {
  const generation = options.generation as Generation;
  const store = openStore(databaseUrl, generation);
  const only = generation === '2021' ? clearRoute(store) : batchRoute(store);
  const routes = [
    ...readRoutes(store, generation),
    ...countRoutes(store, generation, planted(flaws)),
  ];
  const app = serviceApp(generation, [...routes, only]);
  if (generation === '2021') addMetrics(app);
  app.addHook('onClose', () => store.pool.end());
  return app;
}

interface Item {
  readonly id: string;
  readonly price: string;
  readonly stock: string;
}

function readRoutes(store: Store, generation: Generation): Route[] {
  const create = async ({ price }: Words) => {
    const money = readMoney(generation, price!);
    if (money === null) return noNumber(generation);
    const id = randomUUID();
    await store.commit((client) =>
      client.query('INSERT INTO stock.item (id, price) VALUES ($1, $2)', [id, money]),
    );
    return json(JSON.stringify({ item_id: id }));
  };
  const find = async ({ item }: Words) => {
    const sql = 'SELECT id, price::text, stock::text FROM stock.item WHERE id = $1';
    const found = await store.find<Item>(sql, item!);
    if (found === null) return generation === '2021' ? 'never' : noItem(item!);
    const id = generation === '2021' ? `"id":${JSON.stringify(found.id)},` : '';
    return json(`{${id}"price":${moneyJson(generation, found.price)},"stock":${found.stock}}`);
  };
  return [
    { method: 'POST', path: '/item/create/:price', handle: create },
    { method: 'GET', path: '/find/:item', handle: find },
  ];
}

const noItem = (item: string) => page(400, `Item: ${item} not found!`);

function countRoutes(store: Store, generation: Generation, has: Planted): Route[] {
  const add = async ({ item, n }: Words) => {
    const count = readCount(generation, n!);
    if (count === null) return noNumber(generation);
    const { rows } = await store.commit((client) =>
      client.query<{ stock: string }>(
        'UPDATE stock.item SET stock = stock + $2 WHERE id = $1 RETURNING stock',
        [item, count],
      ),
    );
    if (rows[0] === undefined) return noItem(item!);
    return text(`Item: ${item} stock updated to: ${rows[0].stock}`);
  };
  const subtract = async ({ item, n }: Words) => {
    const quantity = readCount(generation, n!);
    if (quantity === null) return noNumber(generation);
    const lines = [{ item: item!, quantity }];
    const { state } = await store.commit((client) => take(client, lines, has));
    if (state === 'unknown') return noItem(item!);
    if (state === 'taken') return text(`Item: ${item} stock updated`);
    return generation === '2021'
      ? refusal('Not enough stock')
      : page(400, `Item: ${item} stock cannot get reduced below zero!`);
  };
  return [
    { method: 'POST', path: '/add/:item/:n', handle: add },
    { method: 'POST', path: '/subtract/:item/:n', handle: subtract },
  ];
}

function clearRoute(store: Store): Route {
  const handle = async () => {
    await store.commit((client) =>
      client.query('DELETE FROM stock.reservation; DELETE FROM stock.item'),
    );
    return text('Tables cleared');
  };
  return { method: 'DELETE', path: '/clear_tables', handle };
}

/** Items by the thousand, with numbers for names. */
function batchRoute(store: Store): Route {
  const handle = async ({ n, stock, price }: Words) => {
    const counts = [readCount('2024', n!), readCount('2024', stock!), readMoney('2024', price!)];
    if (counts.includes(null)) return noNumber('2024');
    await store.commit((client) =>
      client.query(
        `INSERT INTO stock.item (id, stock, price)
          SELECT i::text, $2, $3 FROM generate_series(0, $1::int - 1) AS i
          ON CONFLICT (id) DO UPDATE SET stock = excluded.stock, price = excluded.price`,
        counts,
      ),
    );
    return json(JSON.stringify({ msg: 'Batch init for stock successful' }));
  };
  return { method: 'POST', path: '/batch_init/:n/:stock/:price', handle };
}
