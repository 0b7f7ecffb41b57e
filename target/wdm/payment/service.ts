import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { RoleContext } from '../../facades/facade.ts';
import { inTransaction } from '../../shop/transaction.ts';
import {
  type Generation,
  json,
  moneyJson,
  noNumber,
  page,
  readMoney,
  refusal,
  text,
} from '../answers.ts';
import { planted } from '../flaws.ts';
import { addMetrics } from '../metrics.ts';
import { type Route, serviceApp, type Words } from '../service.ts';
import { openStore, type Store } from '../store.ts';
import { cancel, charge, takeCredit } from './ledger.ts';

/** The payment service: accounts with credit, and what was charged to them. */
export function paymentApp({ databaseUrl, options }: RoleContext): FastifyInstance {
  const generation = options.generation as Generation;
  const store = openStore(databaseUrl, generation);
  const own = generation === '2021' ? routes2021(store) : routes2024(store);
  const app = serviceApp(generation, [...commonRoutes(store, generation), ...own]);
  if (generation === '2021') addMetrics(app);
  app.addHook('onClose', () => store.pool.end());
  return app;
}

interface Account {
  readonly id: string;
  readonly credit: string;
}

function commonRoutes(store: Store, generation: Generation): Route[] {
  const createUser = async () => {
    const id = randomUUID();
    await store.commit((client) =>
      client.query('INSERT INTO payment.account (id) VALUES ($1)', [id]),
    );
    return json(JSON.stringify({ user_id: id }));
  };
  const addFunds = async ({ user, amount }: Words) => {
    const money = readMoney(generation, amount!);
    if (money === null) return noNumber(generation);
    const credit = await addCredit(store, user!, money);
    if (generation === '2021') return json(JSON.stringify({ done: credit !== null }));
    if (credit === null) return page(400, `User: ${user} not found!`);
    return text(`User: ${user} credit updated to: ${credit}`);
  };
  const findUser = async ({ user }: Words) => {
    const sql = 'SELECT id, credit::text FROM payment.account WHERE id = $1';
    const account = await store.find<Account>(sql, user!);
    if (account === null)
      return generation === '2021' ? 'never' : page(400, `User: ${user} not found!`);
    const key = generation === '2021' ? 'id' : 'user_id';
    const credit = moneyJson(generation, account.credit);
    return json(`{"${key}":${JSON.stringify(account.id)},"credit":${credit}}`);
  };
  return [
    { method: 'POST', path: '/create_user', handle: createUser },
    { method: 'POST', path: '/add_funds/:user/:amount', handle: addFunds },
    { method: 'GET', path: '/find_user/:user', handle: findUser },
  ];
}

/** The new credit; null where there is no such user. */
async function addCredit(store: Store, user: string, amount: string): Promise<string | null> {
  const { rows } = await store.commit((client) =>
    client.query<{ credit: string }>(
      'UPDATE payment.account SET credit = credit + $2 WHERE id = $1 RETURNING credit::text',
      [user, amount],
    ),
  );
  return rows[0]?.credit ?? null;
}

/** Payments name their order, can be asked for, and can be cancelled. */
function routes2021(store: Store): Route[] {
  const pay = async ({ user, order, amount }: Words) => {
    const money = readMoney('2021', amount!);
    if (money === null) return noNumber('2021');
    const asked = { key: randomUUID(), user: user!, order: order!, amount: money };
    const state = await store.commit((client) => charge(client, asked));
    if (state === 'unknown') return 'never';
    return state === 'charged' ? text('Payment successful') : refusal('Not enough credit');
  };
  const cancelAll = async ({ user, order }: Words) => {
    await store.commit(async (client) => {
      const { rows } = await client.query<{ key: string }>(
        'SELECT key FROM payment.charge WHERE user_id = $1 AND order_id = $2',
        [user, order],
      );
      for (const one of rows) await cancel(client, one, planted([]));
    });
    return text('Payment cancelled');
  };
  const status = async ({ user, order }: Words) => {
    const sql = `SELECT FROM payment.charge
      WHERE user_id = $1 AND order_id = $2 AND state = 'charged' LIMIT 1`;
    const { rowCount } = await inTransaction(store.pool, (client) =>
      client.query(sql, [user, order]),
    );
    return json(JSON.stringify({ paid: rowCount === 1 }));
  };
  const clear = async () => {
    await store.commit((client) =>
      client.query('DELETE FROM payment.charge; DELETE FROM payment.account'),
    );
    return text('Tables cleared');
  };
  return [
    { method: 'POST', path: '/pay/:user/:order/:amount', handle: pay },
    { method: 'POST', path: '/cancel/:user/:order', handle: cancelAll },
    { method: 'POST', path: '/status/:user/:order', handle: status },
    { method: 'DELETE', path: '/clear_tables', handle: clear },
  ];
}

/** Payments are subtractions, and accounts can be made by the thousand, with numbers for names. */
function routes2024(store: Store): Route[] {
  const pay = async ({ user, amount }: Words) => {
    const money = readMoney('2024', amount!);
    if (money === null) return noNumber('2024');
    const state = await store.commit((client) =>
      takeCredit(client, { user: user!, amount: money }),
    );
    if (state === 'unknown') return page(400, `User: ${user} not found!`);
    if (state === 'refused')
      return page(400, `User: ${user} credit cannot get reduced below zero!`);
    return text(`User: ${user} credit updated`);
  };
  const batchInit = async ({ n, money }: Words) => {
    const count = readMoney('2024', n!);
    const credit = readMoney('2024', money!);
    if (count === null || credit === null) return noNumber('2024');
    await store.commit((client) =>
      client.query(
        `INSERT INTO payment.account (id, credit)
          SELECT i::text, $2 FROM generate_series(0, $1::int - 1) AS i
          ON CONFLICT (id) DO UPDATE SET credit = excluded.credit`,
        [count, credit],
      ),
    );
    return json(JSON.stringify({ msg: 'Batch init for users successful' }));
  };
  return [
    { method: 'POST', path: '/pay/:user/:amount', handle: pay },
    { method: 'POST', path: '/batch_init/:n/:money', handle: batchInit },
  ];
}
