import type { z } from 'zod';
import type { OrderRow, PaymentRow } from '../../model/state.ts';
import type { Connection, Known, StateReading } from '../admin.ts';
import { listing, untilItsTurn } from './calls.ts';
import { cartPositionSchema, orderSchema, type PretixOrder } from './contents.ts';
import { availabilityOf, inEvent, type Place, remainingOf } from './places.ts';
import { emailOf } from './protocol.ts';

/** A ticket that somebody has, as a position of an order or of a cart. */
export interface Row extends Omit<OrderRow, 'intent'> {
  /** The intent's key as the shop has it, for carts; orders are found by their e-mail. */
  readonly name: string | null;
}

interface Listed {
  readonly rows: readonly Row[];
  /** Every movement of money, under the buyer's e-mail. */
  readonly payments: readonly (Omit<PaymentRow, 'intent' | 'order'> & {
    readonly order: string;
    readonly buyer: string;
  })[];
}

/**
 * Every order and every cart of the event, a row a ticket. A cart that is over stays listed for two weeks, even after its
 * buyer has paid all the same and has an order; there the cart is no row, because its ticket has one.
 */
export async function readRows(connection: Connection, place: Place): Promise<Listed> {
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
  const owners = new Set(orders.map(({ email }) => email?.toLowerCase()));
  return {
    rows: [
      ...orders.flatMap(rowsOfOrder),
      ...carts
        .map((cart) => rowOfCart(cart, now))
        .filter(({ state, name }) => state === 'held' || !owners.has(emailOf(name).toLowerCase())),
    ],
    payments: orders.flatMap(paymentsOf),
  };
}

function rowOfCart(
  cart: z.infer<typeof cartPositionSchema>,
  now: number,
): Row & { readonly name: string } {
  const holds = cart.expires > now;
  return {
    id: `cart-${cart.id}`,
    pool: String(cart.item),
    quantity: 1,
    status: holds ? 'live' : 'cancelled',
    state: holds ? 'held' : 'expired',
    buyer: cart.cart_id,
    name: String(cart.attendee_name_parts?.full_name ?? ''),
    expiresAt: cart.expires,
  };
}

function paymentsOf(order: PretixOrder): Listed['payments'] {
  const row = (what: string, { local_id, amount }: { local_id: number; amount: number }) => ({
    id: `${order.code}-${what}-${local_id}`,
    order: order.code,
    buyer: order.email ?? '',
    amount,
  });
  return [
    ...order.payments
      .filter(({ state }) => CHARGED.includes(state))
      .map((each) => ({ ...row('P', each), status: 'charged' as const })),
    ...order.refunds
      .filter(({ state }) => state === 'done')
      .map((each) => ({ ...row('R', each), status: 'refunded' as const })),
  ];
}

/** A payment that was given back has been charged, and has a refund beside it. */
const CHARGED: readonly string[] = ['confirmed', 'refunded'];

const STATES = { n: 'held', p: 'paid', e: 'expired', c: 'cancelled' } as const;

function rowsOfOrder(order: PretixOrder): Row[] {
  const counts = order.status === 'n' || order.status === 'p';
  const charged = paymentsOf(order).reduce(
    (sum, { amount, status }) => sum + (status === 'charged' ? amount : -amount),
    0,
  );
  const share = Math.floor(charged / order.positions.length);
  return order.positions.map((position, i) => ({
    id: `${order.code}-${position.id}`,
    pool: String(position.item),
    quantity: 1,
    status: counts && position.canceled !== true ? 'live' : 'cancelled',
    state: STATES[order.status],
    buyer: (order.email ?? '').slice(0, 300),
    name: null,
    createdAt: order.datetime,
    amount: i === 0 ? charged - share * (order.positions.length - 1) : share,
  }));
}

/** One reading: what the quotas say by their sums, every order, every cart, every payment. */
export async function read(connection: Connection, known: Known): Promise<StateReading> {
  const { fixture, intents } = known;
  const { organizer = '', event = '' } = fixture.data ?? {};
  const place = { organizer, event };
  await untilItsTurn(connection);
  const pools = await Promise.all(
    fixture.pools.map(async ({ id }) => ({
      id,
      remaining: remainingOf(
        await availabilityOf(connection, place, fixture.data?.[`quota ${id}`] ?? ''),
      ),
    })),
  );
  const { rows, payments } = await readRows(connection, place);
  const byEmail = new Map(intents.intents.map(({ key }) => [emailOf(key).toLowerCase(), key]));
  const keys = new Set(intents.intents.map(({ key }) => key));
  const keyOf = ({ buyer, name = null }: { buyer: string; name?: string | null }) =>
    byEmail.get(buyer.toLowerCase()) ?? (name !== null && keys.has(name) ? name : null);
  const ours = new Set(fixture.pools.map(({ id }) => id));
  const baseline = new Set(fixture.baselineOrders);
  const before = new Set(fixture.baselineOrders.map((id) => id.split('-')[0]!));
  const own = rows.filter(
    (row) => !baseline.has(row.id) && (ours.has(row.pool) || keyOf(row) !== null),
  );
  return {
    access: 'http',
    pools,
    orders: own.map(({ name, ...row }) => ({ ...row, intent: keyOf({ ...row, name }) })),
    payments: payments
      .map(({ buyer, ...payment }) => ({ ...payment, intent: keyOf({ buyer }) }))
      .filter(({ intent, order }) => intent !== null && !before.has(order)),
    complete: true,
    exhaustive: true,
    // Carts that are over stay listed, too; only one that its buyer gave back goes, and that was told.
    keepsCancelled: true,
    caveats: [],
  };
}
