import { describe, expect, test } from 'vitest';
import { flaws } from '../../../target/wdm/flaws.ts';
import { raceUntil } from '../../race.ts';
import {
  type Books,
  checkoutAll,
  prepareRush,
  readBooks,
  type Shop,
  settle,
  startShop,
} from './shop.ts';

const CREDIT = 10;
const BUYERS = 800;
const STOCK = 100;
const RIGHT: Books = { stock: 0, spent: STOCK, paid: STOCK, wronglyCharged: 0 };

interface Traces extends Books {
  readonly ok: number;
  readonly refused: number;
  readonly untold: number;
  /** Told that they have it, and not paid according to the tables; or the other way round. */
  readonly toldWrongly: number;
}

/** What rushes on one shop leave until this one is seen in them. */
async function rushOn(flaw: string, seen: (found: Traces) => boolean): Promise<Traces> {
  const shop = await startShop('2021', { flaw });
  try {
    return await raceUntil(seen, () => rush(shop));
  } finally {
    await shop.service.stop();
  }
}

async function rush(shop: Shop): Promise<Traces> {
  const { item, orders } = await prepareRush(shop, {
    ...{ buyers: BUYERS, stock: STOCK, credit: CREDIT },
  });
  const answers = await checkoutAll(shop, orders);
  await settle(shop);
  const { rows } = await shop.service.sql.query<{ id: string }>(
    'SELECT id FROM orders.purchase WHERE id = ANY ($1) AND paid',
    [orders],
  );
  const paid = new Set(rows.map(({ id }) => id));
  const count = (status: number) => answers.filter((one) => one?.status === status).length;
  const toldWrongly = orders.filter((id, i) => {
    const status = answers[i]?.status;
    return paid.has(id) ? status === 400 : status === 200;
  }).length;
  const [ok, refused] = [count(200), count(400)];
  const books = await readBooks(shop, { item, orders }, { credit: CREDIT });
  return { ...books, ok, refused, untold: BUYERS - ok - refused, toldWrongly };
}

const CORRECT: Traces = {
  ...RIGHT,
  ok: STOCK,
  refused: BUYERS - STOCK,
  untold: 0,
  toldWrongly: 0,
};

const moneyIsWrong = (found: Traces) => found.wronglyCharged > 0;
const tooManyPaid = (found: Traces) => found.paid > STOCK;
const someUntold = (found: Traces) => found.untold > 0;

describe('800 checkouts of 100 items at once', () => {
  test('missing-compensation keeps money for which there was no ticket', async () => {
    const found = await rushOn('missing-compensation', moneyIsWrong);
    expect(found.wronglyCharged).toBeGreaterThan(0);
    const { wronglyCharged } = found;
    expect(found).toEqual({ ...CORRECT, wronglyCharged, spent: STOCK + wronglyCharged });
  });

  test('double-compensation gives more money back than it took', async () => {
    const found = await rushOn('double-compensation', moneyIsWrong);
    expect(found.wronglyCharged).toBeGreaterThan(0);
    expect(found.spent).toBeLessThan(STOCK);
    const { wronglyCharged, spent } = found;
    expect(found).toEqual({ ...CORRECT, wronglyCharged, spent });
  });

  test('double-charge takes the money of one order twice', async () => {
    const found = await rushOn('double-charge', moneyIsWrong);
    expect(found.wronglyCharged).toBeGreaterThan(0);
    const { wronglyCharged } = found;
    expect(found).toEqual({ ...CORRECT, wronglyCharged, spent: STOCK + wronglyCharged });
  });

  test('check-then-act sells more than there is, and every buyer has paid for it', async () => {
    const found = await rushOn('check-then-act', tooManyPaid);
    expect(found.paid).toBeGreaterThan(STOCK);
    const { paid } = found;
    const sold = { paid, spent: paid, ok: paid, refused: BUYERS - paid };
    expect(found).toEqual({ ...CORRECT, ...sold, stock: STOCK - paid });
  });

  test('paid-without-stock marks orders as paid that were refused and refunded', async () => {
    const found = await rushOn('paid-without-stock', tooManyPaid);
    expect(found.paid).toBeGreaterThan(STOCK);
    const wrong = found.paid - STOCK;
    expect(found).toEqual({
      ...CORRECT,
      ...{ paid: found.paid, wronglyCharged: wrong, toldWrongly: wrong },
    });
  });

  test('false-5xx, slow-tail and error-bursts are right in everything but the answers', async () => {
    const found = await rushOn('false-5xx,slow-tail,error-bursts', someUntold);
    expect(found.untold).toBeGreaterThan(0);
    const { ok, refused, untold, paid, stock } = found;
    expect([stock + paid, ok + refused + untold]).toEqual([STOCK, BUYERS]);
    expect(found).toMatchObject({ spent: paid, wronglyCharged: 0, toldWrongly: 0 });
  });
});

test('every flaw has a name that a command line takes and one sentence', () => {
  for (const { name, bug } of flaws) {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(bug).toMatch(/^[A-Z].*\.$/);
  }
  expect(new Set(flaws.map(({ name }) => name)).size).toBe(flaws.length);
});
