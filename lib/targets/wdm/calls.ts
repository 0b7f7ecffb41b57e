import type { z } from 'zod';
import { RunFailure } from '../../model/failure.ts';
import type { Connection } from '../admin.ts';
import {
  type Answer,
  type Ask,
  contentOf,
  describe,
  patiently,
  pause,
  request,
  shownUrl,
} from '../request.ts';
import {
  createdItemSchema,
  createdOrderSchema,
  createdUserSchema,
  itemSchema,
  orderSchema,
  userSchema,
} from './contents.ts';

/** Requests at once: some of these shops have two processes and a database each. */
export const PARALLEL = 16;

export const REMEDY =
  'Check that --url leads to the gateway of a WDM shop, and that all its services run.';

/** The form of the API that the shop speaks. */
export type Generation = '2021' | '2024';

/** Everything of a call is in its address. */
export interface Call {
  readonly method: Ask['method'];
  readonly path: string;
  /** What should come, for the failure. */
  readonly expected: string;
}

function failed(connection: Connection, { method, path, expected }: Call, got: string): RunFailure {
  const where = `${method} ${shownUrl(connection.url)}${path}`;
  return new RunFailure({ expected, got, where, remedy: REMEDY });
}

/** The reply, whatever its status. */
export function ask(connection: Connection, call: Call): Promise<Answer> {
  return request(connection, { ...call, remedy: REMEDY });
}

/** Sends what has to succeed, and fails with a `RunFailure` where it did not, also where only the text says so. */
export async function done(connection: Connection, call: Call): Promise<void> {
  const answer = await ask(connection, call);
  const isDone = answer.status >= 200 && answer.status < 300 && !saysUndone(answer.body);
  if (!isDone) throw failed(connection, call, describe(answer));
}

/** Funds for a user that does not exist are answered 200 by the old form. */
const saysUndone = (body: string) => /^\s*\{\s*"done"\s*:\s*false\s*\}\s*$/.test(body);

async function told<T>(connection: Connection, call: Call, schema: z.ZodType<T>): Promise<T> {
  const answer = await ask(connection, call);
  const asked = { ...call, remedy: REMEDY, statuses: [200, 201] };
  return contentOf(connection, asked, answer, schema);
}

export async function newUser(connection: Connection): Promise<string> {
  const call: Call = { method: 'POST', path: '/payment/create_user', expected: 'a new user' };
  return (await told(connection, call, createdUserSchema)).user_id;
}

export async function newItem(connection: Connection, price: number): Promise<string> {
  const path = `/stock/item/create/${price}`;
  const call: Call = { method: 'POST', path, expected: 'a new item' };
  return (await told(connection, call, createdItemSchema)).item_id;
}

export async function newOrder(connection: Connection, user: string): Promise<string> {
  const call: Call = { method: 'POST', path: `/orders/create/${user}`, expected: 'a new order' };
  return (await told(connection, call, createdOrderSchema)).order_id;
}

/** Nothing is sent for nothing: some teams take 0 for a mistake. */
export async function addStock(connection: Connection, item: string, units: number): Promise<void> {
  const path = `/stock/add/${item}/${units}`;
  if (units > 0) await done(connection, { method: 'POST', path, expected: 'more stock' });
}

export async function addFunds(
  connection: Connection,
  user: string,
  amount: number,
): Promise<void> {
  const path = `/payment/add_funds/${user}/${amount}`;
  if (amount > 0) await done(connection, { method: 'POST', path, expected: 'more credit' });
}

/** Puts units of an item into an order; one a call in the old form. */
export async function addUnits(
  connection: Connection,
  generation: Generation,
  {
    order,
    item,
    quantity,
  }: { readonly order: string; readonly item: string; readonly quantity: number },
): Promise<void> {
  const path = `/orders/addItem/${order}/${item}`;
  const call = { method: 'POST', expected: 'an item in an order' } as const;
  if (generation === '2024') return done(connection, { ...call, path: `${path}/${quantity}` });
  for (let unit = 0; unit < quantity; unit++) await done(connection, { ...call, path });
}

/** Some answer about a second before what they did can be read: after this long what they tell is believed. */
const APPLIED_MS = 1500;
const LOOK_PAUSE_MS = 100;

/** What is told once it is as it should be, or the last that was told in the time that is left for that. */
export async function onceApplied<T>(
  { signal }: Connection,
  read: () => Promise<T>,
  isApplied: (told: T) => boolean,
): Promise<T> {
  const deadline = performance.now() + APPLIED_MS;
  for (;;) {
    const told = await read();
    if (isApplied(told) || performance.now() >= deadline) return told;
    await pause(LOOK_PAUSE_MS, signal);
    signal.throwIfAborted();
  }
}

/** A read of one thing, tried again where it fails. */
function found<T>(
  connection: Connection,
  call: Omit<Call, 'method'>,
  schema: z.ZodType<T>,
): Promise<T> {
  return patiently(connection.signal, () => told(connection, { ...call, method: 'GET' }, schema));
}

export const findUser = (connection: Connection, user: string) =>
  found(connection, { path: `/payment/find_user/${user}`, expected: 'a user' }, userSchema);

export const findItem = (connection: Connection, item: string) =>
  found(connection, { path: `/stock/find/${item}`, expected: 'an item' }, itemSchema);

export const findOrder = (connection: Connection, order: string) =>
  found(connection, { path: `/orders/find/${order}`, expected: 'an order' }, orderSchema);
