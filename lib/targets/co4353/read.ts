import type { Fixture } from '../../model/fixture.ts';
import type { PoolState } from '../../model/state.ts';
import type { Connection, Known, StateReading } from '../admin.ts';
import { ordersOverHttp, type ReadOrders, shownLeft } from './read-http.ts';
import { readOverSql, type SqlReading } from './read-sql.ts';
import type { Session } from './sessions.ts';
import type { Dialect } from './terms.ts';
import { rowOf, type Told, unitsOf } from './units.ts';

/** One reading: over SQL every order, over HTTP those of the run's buyers; and both counters of each pool. */
export async function read(connection: Connection, known: Known): Promise<StateReading> {
  const { fixture } = known;
  const units = unitsOf(fixture.pools);
  const users = fixture.buyers.map(({ id }) => id);
  const overSql =
    connection.databaseUrl === null
      ? null
      : await readOverSql(connection, { units: [...units.keys()], users: [...new Set(users)] });
  const found = overSql ?? (await ordersOverHttp(connection, sessionsIn(known)));
  const dialect: Dialect = fixture.data?.dialect === 'tickets' ? 'tickets' : 'events';
  const shown = overSql?.shown ?? (await shownLeft(connection, { dialect, pools: fixture.pools }));
  const baseline = new Set(fixture.baselineOrders);
  const orders = found.orders.filter(({ id }) => !baseline.has(id));
  const intentOf = intentsByUser(known);
  const caveats = caveatsOf(known, found, overSql);
  return {
    access: overSql === null ? 'http' : 'sql',
    pools: fixture.pools.map((pool) => poolState(pool, { left: found.left, shown })),
    orders: orders.map((o) => rowOf(o, { units, intent: intentOf(o.userId) })),
    ...(overSql && { payments: paymentsOf(overSql, orders, intentOf) }),
    complete: found.trouble === null && !isShared(fixture),
    exhaustive: overSql !== null,
    keepsCancelled: true,
    caveats,
  };
}

const isShared = ({ data }: Fixture) => data?.buyers === 'shared';

/** Every session once, with whose it is. */
function sessionsIn({ fixture, secrets }: Known): Session[] {
  if (isShared(fixture))
    return [{ userId: fixture.buyers[0]?.id ?? '', cookie: secrets.shared ?? '' }];
  return fixture.buyers.map(({ id }, i) => ({ userId: id, cookie: secrets.buyers?.[i] ?? '' }));
}

/** Orders name nobody but the user, so where all are one user, nobody can tell whose they are. */
function intentsByUser({ fixture, intents }: Known): (userId: string) => string | null {
  if (isShared(fixture)) return () => null;
  const keys = new Map(fixture.buyers.map(({ id }, i) => [id, intents.intents[i]?.key ?? null]));
  return (userId) => keys.get(userId) ?? null;
}

function caveatsOf({ fixture }: Known, found: ReadOrders, overSql: SqlReading | null): string[] {
  const { trouble } = found;
  const undelivered = overSql?.undelivered ?? 0;
  return [
    ...(overSql === null
      ? ['over HTTP only the orders of this run’s buyers can be read, not those of others']
      : []),
    ...(trouble === null ? [] : [`not read: ${trouble}`]),
    ...(isShared(fixture)
      ? ['all buyers share one session, so nobody can tell whose an order is: use buyers=own']
      : []),
    ...(undelivered === 0 ? [] : ['messages between the services are still being delivered']),
  ];
}

interface Counters {
  /** By unit, in the orders service and in the service that shows what is on offer. */
  readonly left: ReadonlyMap<string, number>;
  readonly shown: ReadonlyMap<string, number>;
}

/**
 * Both counters of a pool. A pool of single tickets has those of its tickets, summed; one that is not listed any more is
 * taken, and the orders service counts none.
 */
function poolState({ id, seats }: Fixture['pools'][number], { left, shown }: Counters): PoolState {
  const ordersLeft = seats === undefined ? left.get(id) : sumOf(left, seats);
  const eventsLeft =
    seats === undefined
      ? shown.get(id)
      : seats.reduce((sum, seat) => sum + (shown.get(seat) ?? 0), 0);
  const named = (name: string, remaining: number | undefined) =>
    remaining === undefined ? [] : [{ name, remaining }];
  return {
    id,
    remaining: ordersLeft ?? eventsLeft ?? null,
    counters: [...named('orders service', ordersLeft), ...named('event service', eventsLeft)],
  };
}

function sumOf(counters: ReadonlyMap<string, number>, units: readonly string[]) {
  const known = units.flatMap((unit) => counters.get(unit) ?? []);
  return known.length < units.length ? undefined : known.reduce((sum, left) => sum + left, 0);
}

function paymentsOf(
  { payments }: SqlReading,
  orders: readonly Told[],
  intentOf: (userId: string) => string | null,
) {
  const owners = new Map(orders.map(({ id, userId }) => [id, userId]));
  return payments
    .filter(({ order }) => order !== null && owners.has(order))
    .map((payment) => ({ ...payment, intent: intentOf(owners.get(payment.order!)!) }));
}
