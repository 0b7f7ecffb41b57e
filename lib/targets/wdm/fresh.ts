import type { Connection } from '../admin.ts';
import { inParallel } from '../in-parallel.ts';
import {
  addFunds,
  addStock,
  addUnits,
  findItem,
  findOrder,
  findUser,
  newItem,
  newOrder,
  newUser,
} from './calls.ts';

/*
 * In the old form a process of a service may answer a read from what it read before, until it commits something itself.
 * Which process answers is up to the gateway, and how many there are is not known. So before a reading every service gets
 * writes that harm nobody, in the hope that each of its processes does one; and whether they did is tried on a thing of
 * our own: its value is read by many, changed by one, and after the writes it has to be told anew by everybody asked.
 * Where somebody still tells the old value, more writes follow; where that does not help, the reading may lag.
 *
 * It is no proof: a process that no read of ours has met may lag unseen. There are as many reads as writes.
 */

/** Writes, and reads before and after them, of each round. With few processes the first is enough. */
const ROUNDS: readonly number[] = [16, 64, 256];
const PARALLEL = 8;

/** One service and a thing in it that nobody else knows. */
interface Canary {
  /** Adds 1 to the value. */
  readonly change: () => Promise<void>;
  readonly value: () => Promise<number>;
  /** Makes something that nobody will ever ask for. */
  readonly write: () => Promise<unknown>;
}

async function times<T>(count: number, work: () => Promise<T>): Promise<T[]> {
  return inParallel(Array.from({ length: count }), PARALLEL, work);
}

async function isFresh({ change, value, write }: Canary): Promise<boolean> {
  let expected = 0;
  for (const count of ROUNDS) {
    await times(count, value);
    await change();
    expected += 1;
    await times(count, write);
    const told = await times(count, value);
    if (told.every((each) => each === expected)) return true;
  }
  return false;
}

/** Lets every process of the shop look anew at what it tells, and says which services may still lag; empty for none. */
export async function freshen(connection: Connection): Promise<string[]> {
  const user = await newUser(connection);
  const item = await newItem(connection, 1);
  const shelf = await newItem(connection, 1);
  const order = await newOrder(connection, user);
  const canaries: Readonly<Record<string, Canary>> = {
    payment: {
      change: () => addFunds(connection, user, 1),
      value: async () => (await findUser(connection, user)).credit,
      write: () => newUser(connection),
    },
    stock: {
      change: () => addStock(connection, shelf, 1),
      value: async () => (await findItem(connection, shelf)).stock,
      write: () => newItem(connection, 1),
    },
    orders: {
      change: () => addUnits(connection, '2021', { order, item, quantity: 1 }),
      value: async () => (await findOrder(connection, order)).total_cost,
      write: () => newOrder(connection, user),
    },
  };
  const lagging: string[] = [];
  for (const [service, canary] of Object.entries(canaries))
    if (!(await isFresh(canary))) lagging.push(service);
  return lagging;
}
