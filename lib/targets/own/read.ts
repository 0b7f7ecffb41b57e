import type { IntentsFile } from '../../model/plan.ts';
import type { OrderRow } from '../../model/state.ts';
import type { Connection, Known, StateReading } from '../admin.ts';
import { inParallel } from '../in-parallel.ts';
import { type Own, poolsOf, shopFor } from './admin.ts';
import { listingSchema, type OrdersTold, ordersSchema } from './definition.ts';
import { workOf } from './work.ts';

const PARALLEL = 16;

interface Orders {
  readonly orders: OrdersTold;
  readonly complete: boolean;
  readonly caveats: readonly string[];
}

/** Every order that the file can list, of before the run too. */
export function ordersOfRun(own: Own, connection: Connection, known: Known): Promise<Orders> {
  return own.admin.orders === undefined
    ? ofEachBuyer(own, connection, known)
    : ofAll(own, connection, known);
}

async function ofAll(own: Own, connection: Connection, known: Known): Promise<Orders> {
  const shop = await shopFor(own, connection);
  const { fixture, intents } = known;
  const pools = fixture.pools.map(({ id, name }) => ({ id, name }));
  const buyers = buyersIn(known);
  return workOf(own.file, connection, {
    what: 'orders()',
    run: async () => {
      const told = await own.admin.orders?.(shop, { pools, buyers, runId: intents.runId });
      return Array.isArray(told) ? { orders: told, complete: true } : told;
    },
    expected: 'a list of orders, each with id and pool, or { orders, complete }',
    schema: listingSchema,
  });
}

async function ofEachBuyer(own: Own, connection: Connection, known: Known): Promise<Orders> {
  const shop = await shopFor(own, connection);
  let done = 0;
  const buyers = buyersIn(known);
  const orders = await inParallel(buyers, PARALLEL, async (buyer) => {
    const work = {
      what: 'ordersOf()',
      run: () => own.admin.ordersOf?.(shop, buyer),
      expected: 'a list of orders, each with id and pool',
      schema: ordersSchema,
    };
    const rows = await workOf(own.file, connection, work);
    connection.onProgress(++done, buyers.length);
    // Whose orders they are is known by having asked.
    return rows.map((row) => ({ ...row, buyer: buyer.id }));
  });
  const caveat = 'only the orders of this run’s buyers can be read, not those of others';
  return { orders: orders.flat(), complete: true, caveats: [caveat] };
}

/** Each once, with the secret it has while the run lasts. */
function buyersIn({ fixture, secrets }: Known): { id: string; secret: string }[] {
  const buyers = fixture.buyers.map(({ id }, i) => ({
    id,
    secret: secrets.buyers?.[i] ?? secrets.shared ?? '',
  }));
  return [...new Map(buyers.map((buyer) => [buyer.id, buyer])).values()];
}

/** One reading: what is left of the run's pools, and every order since. */
export async function readOwn(
  own: Own,
  connection: Connection,
  known: Known,
): Promise<StateReading> {
  const { fixture, intents } = known;
  const { admin } = own;
  const now = new Map((await poolsOf(own, connection)).map((pool) => [pool.id, pool]));
  const listed = await ordersOfRun(own, connection, known);
  const missing = fixture.pools.filter(({ id }) => !now.has(id)).map(({ id }) => id);
  const baseline = new Set(fixture.baselineOrders);
  const intentOf = intentsByBuyer(known, intents);
  const ours = new Set(fixture.pools.map(({ id }) => id));
  const buyers = new Set(fixture.buyers.map(({ id }) => id));
  const fresh = listed.orders.filter(({ id }) => !baseline.has(id));
  return {
    access: 'http',
    pools: fixture.pools.map(({ id }) => ({ id, remaining: now.get(id)?.left ?? null })),
    orders: fresh
      .map((order): OrderRow => rowOf(order, intentOf.get(order.buyer) ?? null))
      .filter(({ pool, intent, buyer }) => ours.has(pool) || intent !== null || buyers.has(buyer)),
    complete: listed.complete && missing.length === 0,
    exhaustive: admin.orders !== undefined,
    keepsCancelled: admin.keepsCancelled === true,
    ...(admin.mayLag === true && { mayLag: true }),
    caveats: [
      ...listed.caveats,
      ...(missing.length === 0
        ? []
        : [`not on sale any more: pools ${missing.join(', ').slice(0, 400)}`]),
    ],
  };
}

function rowOf(order: OrdersTold[number], ofBuyer: string | null): OrderRow {
  const { id, pool, quantity, status, buyer, intent = ofBuyer } = order;
  const { state, seat, amount, expiresAt, createdAt } = order;
  return {
    ...{ id, pool, quantity, status, intent, buyer },
    ...(state !== undefined && { state }),
    ...(seat !== undefined && { seat }),
    ...(amount !== undefined && { amount }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(createdAt !== undefined && { createdAt }),
  };
}

/** The intent of every buyer who has but one: by it its orders are known. */
function intentsByBuyer({ fixture }: Known, { intents }: IntentsFile): Map<string, string> {
  const keys = new Map<string, string[]>();
  fixture.buyers.forEach(({ id }, i) => {
    const key = intents[i]?.key;
    if (key !== undefined) keys.set(id, [...(keys.get(id) ?? []), key]);
  });
  return new Map([...keys].flatMap(([id, all]) => (all.length === 1 ? [[id, all[0]!]] : [])));
}
