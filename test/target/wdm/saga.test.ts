import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkoutAll, prepareRush, readBooks, type Shop, settle, startShop } from './shop.ts';

const CREDIT = 10;
const BUYERS = 1000;
const STOCK = 100;

let shop: Shop;
beforeAll(async () => {
  shop = await startShop('2021', { processes: 4 });
});
afterAll(() => shop.service.stop());

test('1,000 checkouts of 100 items at once: a hundred succeed, and money, stock and orders agree', async () => {
  const rush = await prepareRush(shop, { buyers: BUYERS, stock: STOCK, credit: CREDIT });
  const answers = await checkoutAll(shop, rush.orders);
  const words = answers.map((answer) => `${answer?.status} ${answer?.body}`);
  expect(words.filter((word) => word === '200 Order successful')).toHaveLength(STOCK);
  expect(words.filter((word) => word === '400 Not enough stock')).toHaveLength(BUYERS - STOCK);
  await settle(shop);
  const books = await readBooks(shop, rush, { credit: CREDIT });
  expect(books).toEqual({ stock: 0, spent: STOCK, paid: STOCK, wronglyCharged: 0 });
  const { rows } = await shop.service.sql.query<{ id: string }>(
    'SELECT id FROM orders.purchase WHERE id LIKE $1 AND paid',
    [`${rush.item}-order-%`],
  );
  const paid = new Set(rows.map(({ id }) => id));
  expect(rush.orders.filter((_, i) => answers[i]?.status === 200).every((id) => paid.has(id))).toBe(
    true,
  );
});

test('a message that is delivered again changes nothing', async () => {
  const rush = await prepareRush(shop, { buyers: 20, stock: 10, credit: CREDIT });
  await checkoutAll(shop, rush.orders);
  await settle(shop);
  await redeliver(shop, rush.item);
  expect(await readBooks(shop, rush, { credit: CREDIT })).toEqual({
    ...{ stock: 0, spent: 10, paid: 10, wronglyCharged: 0 },
  });
});

test('processes that die in the middle leave nothing half done', async () => {
  const rush = await prepareRush(shop, { buyers: 400, stock: STOCK, credit: CREDIT });
  const patience = new AbortController();
  const answers = checkoutAll(shop, rush.orders, patience.signal);
  await untilOneHasPaid(rush.item);
  for (const pid of workers()) process.kill(pid, 'SIGKILL');
  // node:cluster never closes a connection that it was handing to a worker when that died.
  patience.abort();
  await answers;
  await settle(shop);
  const { stock, spent, paid, wronglyCharged } = await readBooks(shop, rush, { credit: CREDIT });
  expect(wronglyCharged).toBe(0);
  expect([stock + paid, spent]).toEqual([STOCK, paid]);
  expect(paid).toBeGreaterThan(0);
  // And the others can be checked out after that.
  await untilServing();
  const late = await checkoutAll(shop, rush.orders);
  expect(late.filter((answer) => answer?.status === 200)).toHaveLength(STOCK);
}, 120_000);

/** Everything that was ever asked of payment and of stock for the orders of an item, twice more. */
async function redeliver(at: Shop, item: string): Promise<void> {
  await at.service.sql.query(
    `WITH saga AS (SELECT s.id, p.user_id, p.id AS order_id, s.payment, s.stock
        FROM orders.saga s JOIN orders.purchase p ON p.id = s.order_id
        WHERE p.id LIKE $1 || '-order-%'),
      message AS (
        SELECT 'payment' AS queue, jsonb_build_object('kind', 'pay', 'saga', id, 'key', id,
          'user', user_id, 'order', order_id, 'amount', '1') AS body FROM saga
        UNION ALL SELECT 'stock', jsonb_build_object('kind', 'subtractItems', 'saga', id, 'key', id,
          'lines', jsonb_build_array(jsonb_build_object('item', $1::text, 'quantity', 1))) FROM saga
        UNION ALL SELECT 'payment', jsonb_build_object('kind', 'cancel', 'key', id) FROM saga
          WHERE payment = 'ok' AND stock <> 'ok')
    INSERT INTO queue.message (queue, body)
      SELECT queue, body FROM message, generate_series(1, 2)`,
    [item],
  );
  await settle(at);
}

/** The processes of the service, without the guard that cleans up behind it. */
function workers(): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      const isWorker = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('generation=');
      return parent === shop.service.pid && isWorker;
    } catch {
      // It has ended since the folder was read.
      return false;
    }
  });
}

async function untilOneHasPaid(item: string): Promise<void> {
  for (;;) {
    const { rowCount } = await shop.service.sql.query(
      'SELECT FROM orders.purchase WHERE id LIKE $1 AND paid LIMIT 1',
      [`${item}-order-%`],
    );
    if (rowCount === 1) return;
  }
}

/** Every worker is back: the gateway's address and those behind it answer several times in a row. */
async function untilServing(): Promise<void> {
  for (let row = 0; row < 20; ) {
    const user = await shop.newUser(1).catch(() => null);
    const order = user === null ? null : await shop.newOrder(user).catch(() => null);
    row = order === null ? 0 : row + 1;
    if (order === null) await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
