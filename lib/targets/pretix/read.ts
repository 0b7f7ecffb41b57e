import type { OrderRow } from '../../model/state.ts';
import type { Connection, Known, StateReading } from '../admin.ts';
import { listing } from './calls.ts';
import { cartPositionSchema, orderSchema, type PretixOrder } from './contents.ts';
import { availabilityOf, inEvent, type Place, remainingOf } from './places.ts';
import { emailOf } from './protocol.ts';

/** A ticket that somebody has, as a position of an order or of a cart. */
export interface Row extends Omit<OrderRow, 'intent'> {
  /** The intent's key as the shop has it, for carts; orders are found by their e-mail. */
  readonly name: string | null;
}

/** Every order and every cart of the event, a row a ticket. */
export async function readRows(connection: Connection, place: Place): Promise<Row[]> {
  const path = inEvent(place);
  const orders = await listing(
    connection,
    { path: `${path}orders/?include_canceled_positions=true`, expected: 'a list of orders' },
    orderSchema,
  );
  const carts = await listing(
    connection,
    { path: `${path}cartpositions/`, expected: 'a list of cart positions' },
    cartPositionSchema,
  );
  const now = Date.now();
  return [
    ...orders.flatMap(rowsOfOrder),
    ...carts.map(
      (cart): Row => ({
        id: `cart-${cart.id}`,
        pool: String(cart.item),
        quantity: 1,
        status: cart.expires > now ? 'live' : 'cancelled',
        state: cart.expires > now ? 'held' : 'expired',
        buyer: cart.cart_id,
        name: String(cart.attendee_name_parts?.full_name ?? ''),
        expiresAt: cart.expires,
      }),
    ),
  ];
}

const STATES = { n: 'held', p: 'paid', e: 'expired', c: 'cancelled' } as const;

function rowsOfOrder(order: PretixOrder): Row[] {
  const counts = order.status === 'n' || order.status === 'p';
  return order.positions.map((position) => ({
    id: `${order.code}-${position.id}`,
    pool: String(position.item),
    quantity: 1,
    status: counts && position.canceled !== true ? 'live' : 'cancelled',
    state: STATES[order.status],
    buyer: (order.email ?? '').slice(0, 300),
    name: null,
    createdAt: order.datetime,
  }));
}

/** One reading: what the quotas say by their sums, every order, every cart. */
export async function read(connection: Connection, known: Known): Promise<StateReading> {
  const { fixture, intents } = known;
  const { organizer = '', event = '' } = fixture.data ?? {};
  const place = { organizer, event };
  const byEmail = new Map(intents.intents.map(({ key }) => [emailOf(key).toLowerCase(), key]));
  const keys = new Set(intents.intents.map(({ key }) => key));
  const pools = await Promise.all(
    fixture.pools.map(async ({ id }) => ({
      id,
      remaining: remainingOf(
        await availabilityOf(connection, place, fixture.data?.[`quota ${id}`] ?? ''),
      ),
    })),
  );
  const ours = new Set(fixture.pools.map(({ id }) => id));
  const baseline = new Set(fixture.baselineOrders);
  const rows = (await readRows(connection, place)).filter(({ id }) => !baseline.has(id));
  const keyOf = ({ buyer, name }: Row) =>
    byEmail.get(buyer.toLowerCase()) ?? (name !== null && keys.has(name) ? name : null);
  const own = rows.filter((row) => ours.has(row.pool) || keyOf(row) !== null);
  return {
    access: 'http',
    pools,
    orders: own.map((row) => {
      const { name: _, ...rest } = row;
      return { ...rest, intent: keyOf(row) };
    }),
    complete: true,
    exhaustive: true,
    keepsCancelled: true,
    caveats: [],
  };
}
