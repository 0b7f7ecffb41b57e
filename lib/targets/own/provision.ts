import { RunFailure, UsageFailure } from '../../model/failure.ts';
import type { Buyer, Fixture, Pool } from '../../model/fixture.ts';
import type { IntentsFile, Plan } from '../../model/plan.ts';
import { SCHEMA_VERSION } from '../../model/schema-version.ts';
import type { Connection, Provisioned, Wanted } from '../admin.ts';
import { excerpt } from '../excerpt.ts';
import { inParallel } from '../in-parallel.ts';
import { madePool, notOnSale, type Own, poolsOf, shopFor } from './admin.ts';
import { buyerToldSchema, type poolsSchema } from './definition.ts';
import { ordersOfRun } from './read.ts';
import { rehearse } from './rehearse.ts';
import { workOf } from './work.ts';

type PoolNow = (typeof poolsSchema)['_output'][number];

/** Requests at once; a shop on one machine should not fall over before the load. */
const PARALLEL = 16;

export const poolName = ({ runId }: Pick<IntentsFile, 'runId'>, index: number): string =>
  `Onsale ${runId} ${index + 1}`;

/** Makes what is missing, or finds what a former call with this run id has made. */
export async function provisionOwn(
  own: Own,
  connection: Connection,
  asked: Wanted,
): Promise<Provisioned> {
  const { plan, intents } = asked;
  const pools = await poolsFor(own, connection, asked);
  const made = await buyersFor(own, connection, intents);
  const of = intents.intents.map(({ buyer }, i) => made.get(buyer ?? i)!);
  const buyers = of.map(
    ({ id, credit }): Buyer => ({ id, ...(credit !== undefined && { credit }) }),
  );
  const hasSecrets = of.some(({ secret }) => secret !== undefined);
  const secrets = {
    shared: own.admin.secret === undefined ? null : connection.token,
    buyers: hasSecrets ? of.map(({ secret = '' }) => secret) : null,
  };
  const fixture: Fixture = {
    schemaVersion: SCHEMA_VERSION,
    access: 'http',
    event: excerpt(pools.map(({ name }) => name).join(', '), 300),
    pools,
    data: { ...connection.options },
    buyers,
    ...(own.admin.rules !== undefined && { rules: own.admin.rules }),
    baselineOrders: [],
  };
  rehearse(own, { fixture, secrets, intents, plan });
  const { orders } = await ordersOfRun(own, connection, { fixture, intents, secrets });
  return { fixture: { ...fixture, baselineOrders: orders.map(({ id }) => id) }, secrets };
}

async function poolsFor(own: Own, connection: Connection, asked: Wanted): Promise<Pool[]> {
  const { plan } = asked;
  const chosen =
    own.admin.makePool === undefined
      ? nearest(own, await poolsOf(own, connection), plan)
      : await madePools(own, connection, asked);
  return chosen.map((pool) => {
    const { id, name, left, price, seats } = pool;
    if (left !== null && left < 0) throw oversoldBefore(own, pool);
    if (left !== null && left !== plan.capacity)
      connection.onNotice?.(
        `${name} has ${left} tickets left, the plan asks for ${plan.capacity}: it is sold as it is.`,
      );
    return {
      ...{ id, name, capacity: left ?? plan.capacity, remaining: left },
      ...(price !== undefined && { price }),
      ...(seats !== undefined && { seats }),
    };
  });
}

async function madePools(own: Own, connection: Connection, { plan, intents }: Wanted) {
  const shop = await shopFor(own, connection);
  const there = new Map((await poolsOf(own, connection)).map((pool) => [pool.name, pool.id]));
  const ids: string[] = [];
  for (let index = 0; index < plan.pools; index++) {
    const name = poolName(intents, index);
    const seats =
      plan.seats === true ? Array.from({ length: plan.capacity }, (_, i) => `A${i + 1}`) : null;
    const wanted = { name, capacity: plan.capacity, index, seats };
    const run = () => own.admin.makePool?.(shop, wanted);
    const found = there.get(name);
    ids.push(
      found ?? (await workOf(own.file, connection, { what: 'makePool()', run, ...madePool })),
    );
  }
  const now = new Map((await poolsOf(own, connection)).map((pool) => [pool.id, pool]));
  return ids.map((id) => now.get(id) ?? raise(notOnSale(own, id)));
}

function raise(failure: Error): never {
  throw failure;
}

/** Pools whose stock is nearest to what the plan asks for; ties as they are listed. */
function nearest(own: Own, pools: readonly PoolNow[], { pools: count, capacity }: Plan): PoolNow[] {
  const usable = pools.filter(({ left }) => left !== null && (left > 0 || capacity === 0));
  if (usable.length < count)
    throw new UsageFailure({
      expected: `${count} pools with something left to sell`,
      got: `${usable.length} of ${pools.length} that pools() tells`,
      where: own.file.shown,
      remedy: 'Ask for fewer pools, put tickets on sale, or give the file a makePool().',
    });
  const distance = ({ left }: PoolNow) => Math.abs((left ?? 0) - capacity);
  return usable.toSorted((a, b) => distance(a) - distance(b)).slice(0, count);
}

function oversoldBefore(own: Own, { id, left }: PoolNow): RunFailure {
  return new RunFailure({
    expected: 'pools that are not oversold before the run',
    got: `${left} left of pool ${id}`,
    where: `pools() of ${own.file.shown}`,
    remedy: 'Repair the stock, or sell other tickets.',
  });
}

type BuyerMade = (typeof buyerToldSchema)['_output'];

/** By the buyer's number in the plan. */
async function buyersFor(
  own: Own,
  connection: Connection,
  { runId, intents }: IntentsFile,
): Promise<Map<number, BuyerMade>> {
  const numbers = [...new Set(intents.map(({ buyer }, i) => buyer ?? i))];
  const { makeBuyer } = own.admin;
  const name = (index: number) => `onsale-${runId}-buyer-${index}`;
  if (makeBuyer === undefined) return new Map(numbers.map((index) => [index, { id: name(index) }]));
  const shop = await shopFor(own, connection);
  let done = 0;
  const buyers = await inParallel(numbers, PARALLEL, async (index) => {
    const run = async () => {
      const told = await makeBuyer(shop, { name: name(index), index });
      return typeof told === 'object' ? told : { id: told };
    };
    const expected = "the buyer's id, or an object with id, credit and secret";
    const made = await workOf(own.file, connection, {
      what: 'makeBuyer()',
      run,
      expected,
      schema: buyerToldSchema,
    });
    connection.onProgress(++done, numbers.length);
    return made;
  });
  if (new Set(buyers.map(({ id }) => id)).size < buyers.length)
    throw new RunFailure({
      expected: 'makeBuyer() to give every name a buyer of its own',
      got: 'one id for several of them',
      where: own.file.shown,
      remedy: 'Mend makeBuyer(): purchases could not be told apart.',
    });
  return new Map(numbers.map((index, i) => [index, buyers[i]!]));
}
