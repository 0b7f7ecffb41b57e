import { RunFailure, UsageFailure } from '../../model/failure.ts';
import type { Buyer, Fixture, Pool } from '../../model/fixture.ts';
import { SCHEMA_VERSION } from '../../model/schema-version.ts';
import type { Connection, Wanted } from '../admin.ts';
import { inParallel } from '../in-parallel.ts';
import { describe, patiently, shownUrl } from '../request.ts';
import {
  addFunds,
  addStock,
  addUnits,
  ask,
  done,
  findItem,
  findOrder,
  type Generation,
  newItem,
  newOrder,
  newUser,
  onceApplied,
  PARALLEL,
  REMEDY,
} from './calls.ts';
import { unitsOf, type WdmOrder } from './contents.ts';
import { buyerNumbers, dataOf, type Terms, termsOf } from './terms.ts';

/*
 * Every step makes a thing and fills it, and neither can be asked about by a name of ours. So where a reply is lost the
 * whole step is done again with a new thing: what was half made stays behind unused, and nothing is filled twice.
 */

/** Makes items with stock, users with credit, and an order for each intent that waits for its checkout. */
export async function provision(connection: Connection, asked: Wanted): Promise<Fixture> {
  const terms = termsOf(connection, asked);
  const pools = await makePools(connection, asked, terms);
  const generation = await generationOf(connection, terms.generation, pools[0]!.id);
  const users = await makeUsers(connection, asked, { terms, generation });
  const orders = await makeOrders(connection, asked, { generation, pools, users });
  await confirmFirst(connection, asked, { pools, order: orders[0] });
  const numbers = buyerNumbers(asked);
  return {
    schemaVersion: SCHEMA_VERSION,
    access: 'http',
    event: `Onsale ${asked.intents.runId}`,
    pools,
    data: dataOf(terms, generation),
    buyers: orders.map(
      (order, i): Buyer => ({ id: users.get(numbers[i]!)!, credit: terms.credit, order }),
    ),
    rules: {
      atomic: true,
      // No reply is kept: one that was refused may be checked out again and succeed. But nobody pays twice.
      idempotency: 'none',
      moves: { none: ['paid'] },
    },
    baselineOrders: [],
  };
}

async function makePools(connection: Connection, { plan }: Wanted, terms: Terms): Promise<Pool[]> {
  const numbers = Array.from({ length: plan.pools }, (_, i) => i);
  const ids = terms.batch ? await batchItems(connection, plan, terms) : null;
  return inParallel(numbers, PARALLEL, async (number) => {
    const id =
      ids?.[number] ??
      (await patiently(connection.signal, () => makeItem(connection, plan, terms)));
    const isFull = ({ stock, price }: { stock: number; price: number }) =>
      stock === plan.capacity && price === terms.price;
    const item = await onceApplied(connection, () => findItem(connection, id), isFull);
    const { stock, price } = item;
    if (!isFull(item))
      throw unlike(connection, `/stock/find/${id}`, {
        expected: `an item of ${plan.capacity} in stock at ${terms.price} each`,
        got: `${stock} at ${price}`,
      });
    return {
      id,
      name: `Pool ${number + 1}`,
      capacity: plan.capacity,
      remaining: stock,
      price: terms.price,
    };
  });
}

async function makeItem(connection: Connection, { capacity }: Wanted['plan'], { price }: Terms) {
  const item = await newItem(connection, price);
  await addStock(connection, item, capacity);
  return item;
}

function unlike(
  connection: Connection,
  path: string,
  { expected, got }: { expected: string; got: string },
): RunFailure {
  const where = `GET ${shownUrl(connection.url)}${path}`;
  return new RunFailure({ expected, got, where, remedy: REMEDY });
}

/**
 * What was said, or what is found out: only the new form has an address with a quantity. The order that is tried is not used
 * any more. Fails with a `UsageFailure` where the two differ, with a `RunFailure` where neither tells.
 */
export async function generationOf(
  connection: Connection,
  generation: Generation | null,
  item: string,
): Promise<Generation> {
  const user = await newUser(connection);
  const order = await newOrder(connection, user);
  const path = `/orders/addItem/${order}/${item}/1`;
  const call = {
    method: 'POST',
    path,
    expected: 'an item in an order, or no such address',
  } as const;
  const answer = await ask(connection, call);
  const found = answer.status === 404 || answer.status === 405 ? '2021' : '2024';
  const isClear = found === '2021' || (answer.status >= 200 && answer.status < 300);
  if (!isClear && generation === null)
    throw new RunFailure({
      expected: call.expected,
      got: describe(answer),
      where: `POST ${shownUrl(connection.url)}${path}`,
      remedy: `${REMEDY} Or say which form it speaks: --option generation=2021 or 2024.`,
    });
  if (isClear && generation !== null && generation !== found)
    throw new UsageFailure({
      expected: `a shop that speaks the form of ${generation}`,
      got: `one that speaks that of ${found}`,
      where: '--option generation',
      remedy: 'Leave the option out: the form is found out.',
    });
  return generation ?? found;
}

/** Ids of users by number of the buyer. */
async function makeUsers(
  connection: Connection,
  asked: Wanted,
  { terms, generation }: { readonly terms: Terms; readonly generation: Generation },
): Promise<Map<number, string>> {
  const numbers = [...new Set(buyerNumbers(asked))];
  if (terms.batch && generation === '2024') return batchUsers(connection, numbers, terms);
  let made = 0;
  const total = numbers.length + asked.intents.intents.length;
  const ids = await inParallel(numbers, PARALLEL, async () => {
    const id = await patiently(connection.signal, async () => {
      const user = await newUser(connection);
      await addFunds(connection, user, terms.credit);
      return user;
    });
    connection.onProgress(++made, total);
    return id;
  });
  return new Map(numbers.map((number, i) => [number, ids[i]!]));
}

/** Ids of orders by intent. */
async function makeOrders(
  connection: Connection,
  asked: Wanted,
  of: {
    readonly generation: Generation;
    readonly pools: readonly Pool[];
    readonly users: ReadonlyMap<number, string>;
  },
): Promise<string[]> {
  const { intents } = asked.intents;
  const numbers = buyerNumbers(asked);
  let made = 0;
  const orders = await inParallel(intents, PARALLEL, async (intent, i) => {
    const order = await patiently(connection.signal, async () => {
      const id = await newOrder(connection, of.users.get(numbers[i]!)!);
      const item = of.pools[intent.pool]!.id;
      await addUnits(connection, of.generation, { order: id, item, quantity: intent.quantity });
      return id;
    });
    connection.onProgress(of.users.size + ++made, of.users.size + intents.length);
    return order;
  });
  if (new Set(orders).size === orders.length) return orders;
  throw new RunFailure({
    expected: 'an order of its own for every intent',
    got: 'one id for several of them',
    where: `POST ${shownUrl(connection.url)}/orders/create`,
    remedy: REMEDY,
  });
}

/**
 * One order is looked at, so that one without its items is found before the load. Not more: in the old form whoever has
 * looked at an order may be told the same again when it is read back.
 */
async function confirmFirst(
  connection: Connection,
  { intents }: Wanted,
  { pools, order }: { readonly pools: readonly Pool[]; readonly order: string | undefined },
): Promise<void> {
  const intent = intents.intents[0];
  if (order === undefined || intent === undefined) return;
  const pool = pools[intent.pool]!;
  const cost = intent.quantity * (pool.price ?? 0);
  const unitsIn = (told: WdmOrder) => unitsOf(told).get(pool.id) ?? 0;
  const isReady = (told: WdmOrder) =>
    unitsIn(told) === intent.quantity && told.total_cost === cost && !told.paid;
  const found = await onceApplied(connection, () => findOrder(connection, order), isReady);
  if (isReady(found)) return;
  throw unlike(connection, `/orders/find/${order}`, {
    expected: `an unpaid order of ${intent.quantity} units that costs ${cost}`,
    got: `${found.paid ? 'a paid' : 'an unpaid'} one of ${unitsIn(found)} that costs ${found.total_cost}`,
  });
}

/** Items and users with numbers for names. They take the place of others with such names. */
async function batchItems(
  connection: Connection,
  { pools, capacity }: Wanted['plan'],
  { price }: Terms,
): Promise<string[]> {
  const path = `/stock/batch_init/${pools}/${capacity}/${price}`;
  await done(connection, {
    method: 'POST',
    path,
    expected: 'a batch of items, which only the form of 2024 makes',
  });
  return Array.from({ length: pools }, (_, i) => String(i));
}

async function batchUsers(
  connection: Connection,
  numbers: readonly number[],
  { credit }: Terms,
): Promise<Map<number, string>> {
  const path = `/payment/batch_init/${numbers.length}/${credit}`;
  await done(connection, { method: 'POST', path, expected: 'a batch of users' });
  return new Map(numbers.map((number, i) => [number, String(i)]));
}
