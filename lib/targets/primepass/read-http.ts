import { Failure } from '../../model/failure.ts';
import type { Buyer, Fixture } from '../../model/fixture.ts';
import type { IntentsFile } from '../../model/plan.ts';
import type { OrderRow } from '../../model/state.ts';
import type { Connection, StateReading } from '../admin.ts';
import { excerpt } from '../excerpt.ts';
import { inParallel } from '../in-parallel.ts';
import { patiently } from '../request.ts';
import { caveatOfForeignTickets, orderStatus, type Ticket } from './contents.ts';
import { fetchOrders, fetchTickets, PARALLEL } from './http.ts';

/** Buyers that may fail before the rest is not tried any more: a dead shop would cost a time limit for each. */
const FAILURES_MAX = 50;

/**
 * Order rows carry a ticket's name and its event's title, no id. `poolsByName` maps both, as one JSON text, to the
 * tickets that bear them.
 */
interface Names {
  readonly poolsByName: ReadonlyMap<string, readonly string[]>;
  readonly poolIds: ReadonlySet<string>;
}

const nameKey = (event: string, name: string): string => JSON.stringify([event, name]);

function namesOf(tickets: readonly Ticket[], fixture: Fixture): Names {
  const poolsByName = new Map<string, string[]>();
  for (const ticket of tickets) {
    const key = nameKey(ticket.event, ticket.name);
    poolsByName.set(key, [...(poolsByName.get(key) ?? []), ticket.id]);
  }
  return { poolsByName, poolIds: new Set(fixture.pools.map((pool) => pool.id)) };
}

/** Where several tickets bear one name, the pool the buyer asked for is the likeliest; the caveat says so. */
function poolOfRow(names: Names, row: { event: string; name: string; wanted: string }): string {
  const ids = names.poolsByName.get(nameKey(row.event, row.name)) ?? [];
  if (ids.includes(row.wanted)) return row.wanted;
  return ids[0] ?? excerpt(`unlisted: ${row.event} / ${row.name}`, 200);
}

/** Orders of every buyer; null where a buyer's could not be read. */
async function readOrders(connection: Connection, buyers: readonly Buyer[]) {
  let done = 0;
  const failures: string[] = [];
  const orders = await inParallel(buyers, PARALLEL, async (buyer) => {
    if (failures.length >= FAILURES_MAX) return null;
    try {
      return await patiently(connection.signal, () => fetchOrders(connection, buyer));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(error.parts.got);
      return null;
    } finally {
      connection.onProgress(++done, buyers.length);
    }
  });
  return { orders, failure: failures[0] };
}

function caveatsOf(of: {
  fixture: Fixture;
  names: Names;
  missing: readonly string[];
  unread: number;
  failure: string | undefined;
  foreign: number;
}): string[] {
  const { fixture, names, missing, unread } = of;
  const caveats = [
    'over HTTP only the orders of this run’s buyers can be read, not those of others',
  ];
  if (missing.length > 0) {
    caveats.push(excerpt(`not on offer any more: tickets ${missing.join(', ')}`, 500));
  }
  if (unread > 0) {
    const why = excerpt(of.failure ?? 'unknown', 200);
    caveats.push(
      `the orders of ${unread} of ${fixture.buyers.length} buyers were not read: ${why}`,
    );
  }
  const twins = [...names.poolsByName.values()].filter(
    (ids) => ids.length > 1 && ids.some((id) => names.poolIds.has(id)),
  );
  for (const ids of twins.slice(0, 5)) {
    const which = excerpt(ids.join(', '), 100);
    caveats.push(
      `tickets ${which} have the same event and name: their orders cannot be told apart`,
    );
  }
  return [...caveats, ...caveatOfForeignTickets(of.foreign)];
}

/**
 * One reading over HTTP: what is left from the list of events, and the orders of every buyer of the run. Strangers'
 * orders cannot be seen. A buyer that cannot be read makes the reading incomplete; fails only without a list of events.
 */
export async function readOverHttp(
  connection: Connection,
  { fixture, intents }: { fixture: Fixture; intents: IntentsFile },
): Promise<StateReading> {
  const tickets = await patiently(connection.signal, () => fetchTickets(connection));
  const byId = new Map(tickets.map((ticket) => [ticket.id, ticket]));
  const names = namesOf(tickets, fixture);
  const { orders, failure } = await readOrders(connection, fixture.buyers);
  const baseline = new Set(fixture.baselineOrders);
  const rows: OrderRow[] = [];
  for (const [i, ofBuyer] of orders.entries()) {
    const intent = intents.intents[i];
    const wanted = intent === undefined ? '' : (fixture.pools[intent.pool]?.id ?? '');
    for (const order of ofBuyer ?? []) {
      if (baseline.has(String(order.order_id))) continue;
      rows.push({
        id: String(order.order_id),
        pool: poolOfRow(names, { event: order.event_title, name: order.ticket_name, wanted }),
        quantity: 1,
        status: orderStatus(order.status),
        intent: intent?.key ?? null,
        buyer: fixture.buyers[i]!.id,
      });
    }
  }
  const missing = fixture.pools.map(({ id }) => id).filter((id) => !byId.has(id));
  const unread = orders.filter((ofBuyer) => ofBuyer === null).length;
  const foreign = rows.filter((row) => !names.poolIds.has(row.pool)).length;
  return {
    access: 'http',
    pools: fixture.pools.map(({ id }) => ({ id, remaining: byId.get(id)?.remaining ?? null })),
    orders: rows,
    complete: missing.length === 0 && unread === 0,
    exhaustive: false,
    keepsCancelled: true,
    // Lists of events and orders come from an asynchronous replica.
    mayLag: true,
    caveats: caveatsOf({ fixture, names, missing, unread, failure, foreign }),
  };
}
