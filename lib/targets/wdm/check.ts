import { randomUUID } from 'node:crypto';
import type { Connection, Trial } from '../admin.ts';
import { type TrialAsk, tellsJson, tried, triedAll } from '../trial.ts';
import {
  addFunds,
  addStock,
  addUnits,
  type Generation,
  newItem,
  newOrder,
  newUser,
  onceApplied,
} from './calls.ts';
import { itemSchema, orderSchema, userSchema } from './contents.ts';
import { generationOf } from './provision.ts';

const OK: readonly number[] = [200, 201, 204];
/** Which of them it is differs by team. */
const TURNED_DOWN: readonly number[] = [400, 403, 404, 406, 409, 412, 422];

const PRICE = 5;

interface Things {
  readonly user: string;
  readonly poor: string;
  /** Three in stock; and none. */
  readonly item: string;
  readonly gone: string;
}

/**
 * Every call once, on users, items and orders of its own, which stay: there is no way to take all of them away. Calls that
 * the old form never answers are left out. Fails with a `RunFailure` where such things cannot even be made.
 */
export async function checkContract(connection: Connection): Promise<Trial[]> {
  const things: Things = {
    user: await newUser(connection),
    poor: await newUser(connection),
    item: await newItem(connection, PRICE),
    gone: await newItem(connection, PRICE),
  };
  await addFunds(connection, things.user, 100);
  await addStock(connection, things.item, 3);
  const { options } = connection;
  const asked =
    options.generation === '2021' || options.generation === '2024' ? options.generation : null;
  const generation = await generationOf(connection, asked, things.item);
  const orderOf = async (user: string, item: string | null) => {
    const order = await newOrder(connection, user);
    if (item !== null) await addUnits(connection, generation, { order, item, quantity: 1 });
    return order;
  };
  const checkouts = checkoutAsks({
    generation,
    bought: await orderOf(things.user, things.item),
    soldOut: await orderOf(things.user, things.gone),
    unpayable: await orderOf(things.poor, things.item),
  });
  const trials = await triedAll(connection, makingAsks(things, generation));
  for (const checkout of checkouts) trials.push(await triedInTime(connection, checkout));
  return trials;
}

/** A read has time to tell what was done before it; nothing else is sent twice. */
function triedInTime(connection: Connection, asked: TrialAsk): Promise<Trial> {
  if (asked.method !== 'GET') return tried(connection, asked);
  const isAsTold = ({ got }: Trial) => got === null;
  return onceApplied(connection, () => tried(connection, asked), isAsTold);
}

const get = (what: string, path: string) => ({ what: `GET ${what}`, method: 'GET', path }) as const;
const post = (what: string, path: string) =>
  ({ what: `POST ${what}`, method: 'POST', path }) as const;

function makingAsks({ user, item, poor }: Things, generation: Generation): TrialAsk[] {
  const nobody = randomUUID();
  const unknown: Pick<TrialAsk, 'statuses' | 'telling' | 'fits'> =
    generation === '2021'
      ? {
          statuses: [...OK, ...TURNED_DOWN],
          telling: 'with "done": false where it is a success',
          fits: ({ status, body }) => status >= 400 || /"done"\s*:\s*false/.test(body),
        }
      : { statuses: TURNED_DOWN };
  return [
    {
      ...get('/payment/find_user/{user}', `/payment/find_user/${user}`),
      ...{ statuses: OK, telling: 'the credit', fits: tellsJson(fits(userSchema)) },
    },
    { ...post('/payment/add_funds/{user}/{amount}', `/payment/add_funds/${user}/1`), statuses: OK },
    {
      ...post('/payment/add_funds of an unknown user', `/payment/add_funds/${nobody}/1`),
      ...unknown,
    },
    {
      ...get('/stock/find/{item}', `/stock/find/${item}`),
      ...{ statuses: OK, telling: 'price and stock', fits: tellsJson(fits(itemSchema)) },
    },
    { ...post('/stock/add/{item}/{n}', `/stock/add/${item}/1`), statuses: OK },
    { ...post('/stock/subtract/{item}/{n}', `/stock/subtract/${item}/1`), statuses: OK },
    {
      ...post('/stock/subtract of more than there is', `/stock/subtract/${item}/1000`),
      statuses: TURNED_DOWN,
    },
    { ...post('/orders/create/{user}', `/orders/create/${poor}`), statuses: OK },
    {
      ...get('/orders/find of an unknown order', `/orders/find/${nobody}`),
      statuses: TURNED_DOWN,
    },
  ];
}

const fits =
  (schema: { safeParse(content: unknown): { success: boolean } }) =>
  (content: unknown): boolean =>
    schema.safeParse(content).success;

function checkoutAsks(of: {
  readonly generation: Generation;
  readonly bought: string;
  readonly soldOut: string;
  readonly unpayable: string;
}): TrialAsk[] {
  const checkout = (what: string, order: string) =>
    post(`/orders/checkout ${what}`, `/orders/checkout/${order}`);
  const is = (paid: boolean) => ({
    telling: `"paid": ${paid}`,
    fits: tellsJson((content) => orderSchema.safeParse(content).data?.paid === paid),
  });
  const find = (what: string, order: string) =>
    get(`/orders/find ${what}`, `/orders/find/${order}`);
  const again = of.generation === '2021' ? [...OK, 500] : OK;
  return [
    { ...checkout('of what is in stock', of.bought), statuses: OK },
    { ...find('of a paid order', of.bought), statuses: OK, ...is(true) },
    { ...checkout('of a paid order', of.bought), statuses: again },
    { ...checkout('without stock', of.soldOut), statuses: TURNED_DOWN },
    { ...checkout('without credit', of.unpayable), statuses: TURNED_DOWN },
    { ...find('of an order that was turned down', of.soldOut), statuses: OK, ...is(false) },
    { ...checkout('of an unknown order', randomUUID()), statuses: TURNED_DOWN },
  ];
}
