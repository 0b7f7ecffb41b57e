import { z } from 'zod';
import { Failure } from '../../model/failure.ts';
import type { Fixture } from '../../model/fixture.ts';
import type { Connection } from '../admin.ts';
import { excerpt } from '../excerpt.ts';
import { inParallel } from '../in-parallel.ts';
import { call, listTickets } from './calls.ts';
import { eventSchema, orderSchema, type ShopOrder } from './contents.ts';
import type { Session } from './sessions.ts';
import type { Dialect } from './terms.ts';
import type { Told } from './units.ts';

/** Listings read at once. */
const PARALLEL = 16;
/** Buyers that may fail before the rest is not tried any more: a dead shop would cost a time limit for each. */
const FAILURES_MAX = 50;

/** What was read of orders, whichever way. */
export interface ReadOrders {
  readonly orders: readonly Told[];
  /** What each unit's own copy in the orders service says is left, as far as it is known. */
  readonly left: ReadonlyMap<string, number>;
  /** Why not all was read; null where all was. */
  readonly trouble: string | null;
}

/** The orders of everybody who has one of these sessions; of strangers nothing can be seen. */
export async function ordersOverHttp(
  connection: Connection,
  sessions: readonly Session[],
): Promise<ReadOrders> {
  const failures: string[] = [];
  let done = 0;
  const lists = await inParallel(sessions, PARALLEL, async (session) => {
    if (failures.length >= FAILURES_MAX) return null;
    try {
      return await ordersOf(connection, session);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(error.parts.got);
      return null;
    } finally {
      connection.onProgress(++done, sessions.length);
    }
  });
  const unread = lists.filter((list) => list === null).length;
  const why = excerpt(failures[0] ?? '', 200);
  return {
    orders: lists.flatMap((list, i) => (list ?? []).map((o) => told(o, sessions[i]!.userId))),
    left: leftIn(lists.flatMap((list) => list ?? [])),
    trouble: unread === 0 ? null : `the orders of ${unread} of ${sessions.length} sessions: ${why}`,
  };
}

function ordersOf(connection: Connection, { cookie }: Session): Promise<ShopOrder[]> {
  const ask = { method: 'GET', path: '/api/orders', statuses: [200], session: cookie } as const;
  return call(connection, { ...ask, expected: "a list of a buyer's orders" }, z.array(orderSchema));
}

const unitOf = ({ event, ticket }: ShopOrder) => event?.eventId ?? event?.id ?? ticket?.id ?? '';

function told(order: ShopOrder, userId: string): Told {
  const { id, status, expiresAt = null } = order;
  return {
    id,
    userId: order.userId ?? userId,
    unit: unitOf(order),
    status,
    expiresAt,
    createdAt: null,
  };
}

/** Each order shows its event as it was when the order was read; of several, the latest version counts. */
function leftIn(orders: readonly ShopOrder[]): Map<string, number> {
  const latest = new Map<string, { version: number; left: number }>();
  for (const order of orders) {
    const { ticketsLeft: left, version = 0 } = order.event ?? {};
    if (left === undefined) continue;
    if (version >= (latest.get(unitOf(order))?.version ?? 0))
      latest.set(unitOf(order), { version, left });
  }
  return new Map([...latest].map(([unit, { left }]) => [unit, left]));
}

/** What the service says is left that shows events or tickets: for each of these pools, or each ticket that it lists. */
export async function shownLeft(
  connection: Connection,
  { dialect, pools }: { dialect: Dialect; pools: Fixture['pools'] },
): Promise<Map<string, number>> {
  if (dialect === 'tickets') {
    const tickets = await listTickets(connection);
    return new Map(tickets.map(({ id, orderId }) => [id, (orderId ?? null) === null ? 1 : 0]));
  }
  const left = await inParallel(pools, PARALLEL, async ({ id }) => {
    const path = `/api/events/${encodeURIComponent(id)}`;
    const ask = { method: 'GET', path, statuses: [200], expected: "the run's event" } as const;
    return [id, (await call(connection, ask, eventSchema)).ticketsLeft] as const;
  });
  return new Map(left);
}
