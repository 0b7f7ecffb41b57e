import { Failure } from '../../model/failure.ts';
import type { Buyer, Fixture } from '../../model/fixture.ts';
import type { Intent } from '../../model/plan.ts';
import type { Account, OrderRow, PoolState } from '../../model/state.ts';
import type { Connection, Known, StateReading } from '../admin.ts';
import { inParallel } from '../in-parallel.ts';
import { findItem, findOrder, findUser, PARALLEL } from './calls.ts';
import { unitsOf, type WdmOrder } from './contents.ts';
import { freshen } from './fresh.ts';

/** Things that may fail to be read before the rest is not tried any more: a dead shop would cost a time limit for each. */
const FAILURES_MAX = 50;

/** Reads things of one kind, one after the other; null for each that could not be read. */
class Reader {
  readonly #connection: Connection;
  readonly #total: number;
  readonly #failures: string[] = [];
  #done = 0;

  constructor(connection: Connection, total: number) {
    this.#connection = connection;
    this.#total = total;
  }

  get failures(): readonly string[] {
    return this.#failures;
  }

  all<Item, Result>(
    items: readonly Item[],
    read: (item: Item) => Promise<Result>,
  ): Promise<(Result | null)[]> {
    return inParallel(items, PARALLEL, async (item) => {
      if (this.#failures.length >= FAILURES_MAX) return null;
      try {
        return await read(item);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        this.#failures.push(`${error.parts.where}: ${error.parts.got}`);
        return null;
      } finally {
        this.#connection.onProgress(++this.#done, this.#total);
      }
    });
  }
}

/**
 * One reading over HTTP: every order of the run, its buyers' credit, and what is left of its items. Strangers' orders cannot
 * be seen. What cannot be read makes the reading incomplete. In the old form the shop is first made to look anew.
 */
export async function readOverHttp(
  connection: Connection,
  { fixture, intents }: Known,
): Promise<StateReading> {
  const lagging = fixture.data?.generation === '2021' ? await freshen(connection) : [];
  const users = [...new Set(fixture.buyers.map(({ id }) => id))];
  const reader = new Reader(
    connection,
    fixture.buyers.length + users.length + fixture.pools.length,
  );
  const orders = await reader.all(fixture.buyers, ({ order = '' }) => findOrder(connection, order));
  const credits = await reader.all(users, async (id) => (await findUser(connection, id)).credit);
  const stocks = await reader.all(
    fixture.pools,
    async ({ id }) => (await findItem(connection, id)).stock,
  );
  return {
    access: 'http',
    pools: wholePools(fixture, stocks),
    orders: orders.flatMap((order, i) =>
      order === null
        ? []
        : rowsOf(order, { buyer: fixture.buyers[i]!, intent: intents.intents[i]!, fixture }),
    ),
    accounts: wholeAccounts(users, credits),
    complete:
      reader.failures.length === 0 &&
      [...orders, ...credits, ...stocks].every((one) => one !== null),
    exhaustive: false,
    // Nothing cancels an order; one that was turned down is there, unpaid, and could be checked out again.
    keepsCancelled: true,
    ...(lagging.length > 0 && { mayLag: true }),
    caveats: [
      'over HTTP only the orders of this run can be read, not those of others',
      ...lagging.map(
        (service) => `${service} went on telling old values after it had written new ones`,
      ),
      ...unreadCaveat(reader),
      ...fractionCaveats({ credits, stocks }),
    ],
  };
}

/** A paid order is a row for each item that it has, and nothing else is sold. */
function rowsOf(
  order: WdmOrder,
  of: { readonly buyer: Buyer; readonly intent: Intent; readonly fixture: Fixture },
): OrderRow[] {
  if (!order.paid) return [];
  const { buyer, intent, fixture } = of;
  const wanted = fixture.pools[intent.pool]!.id;
  const units = unitsOf(order);
  return [...new Set([wanted, ...units.keys()])].map((item) => ({
    id: item === wanted ? buyer.order! : `${buyer.order}/${item}`.slice(0, 200),
    pool: item,
    quantity: Math.max(0, units.get(item) ?? 0),
    status: 'live',
    intent: intent.key,
    buyer: order.user_id,
    state: 'paid',
  }));
}

/** Credit in whole units. What is none is left out, and so shows as an account that was not read. */
export function wholeAccounts(
  users: readonly string[],
  credits: readonly (number | null)[],
): Account[] {
  return users.flatMap((buyer, i) => {
    const credit = credits[i] ?? null;
    return credit !== null && Number.isSafeInteger(credit) ? [{ buyer, credit }] : [];
  });
}

export function wholePools(
  { pools }: Pick<Fixture, 'pools'>,
  stocks: readonly (number | null)[],
): PoolState[] {
  return pools.map(({ id }, i) => {
    const stock = stocks[i] ?? null;
    return { id, remaining: stock !== null && Number.isSafeInteger(stock) ? stock : null };
  });
}

function unreadCaveat({ failures }: Reader): string[] {
  const [first] = failures;
  if (first === undefined) return [];
  const count = failures.length >= FAILURES_MAX ? `${FAILURES_MAX} or more` : `${failures.length}`;
  return [`${count} orders, users or items were not read: ${first}`];
}

/** What was read and is no whole number of units. */
export function fractionCaveats(of: {
  readonly credits: readonly (number | null)[];
  readonly stocks: readonly (number | null)[];
}): string[] {
  const broken = (numbers: readonly (number | null)[]) =>
    numbers.filter((each) => each !== null && !Number.isSafeInteger(each)).length;
  const accounts = broken(of.credits);
  const pools = broken(of.stocks);
  return [
    ...(accounts > 0
      ? [`${accounts} accounts hold no whole number of units and are left out`]
      : []),
    ...(pools > 0 ? [`${pools} items have no whole number of units in stock`] : []),
  ];
}
