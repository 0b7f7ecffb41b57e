import { RunFailure } from '../../model/failure.ts';
import type { OrderRow, PaymentRow } from '../../model/state.ts';
import type { Connection, Known, StateReading } from '../admin.ts';
import type { BoxEvent, BoxOrder, BoxPayment } from './contents.ts';
import { buyersOf, ordersOf, paymentsOf } from './listings.ts';
import { findEvent, nameOfEvent, poolNow } from './provision.ts';

/** One reading: pools, every order of the event, every buyer's account, every payment. */
export async function read(connection: Connection, known: Known): Promise<StateReading> {
  const event = await theEvent(connection, known);
  const orders = await ordersOf(connection, event);
  const payments = await paymentsOf(connection, event);
  const buyers = await buyersOf(connection, event);
  const accounts = new Set(buyers.map(({ id }) => id));
  const missing = known.fixture.buyers.filter(({ id }) => !accounts.has(id)).length;
  const planned = new Set(known.intents.intents.map(({ key }) => key));
  const own = (order: BoxOrder | undefined) =>
    order?.intent != null && planned.has(order.intent) ? order.intent : null;
  const byId = new Map(orders.map((order) => [order.id, order]));
  const baseline = new Set(known.fixture.baselineOrders);
  const pools = await Promise.all(
    known.fixture.pools.map(async ({ id }) => ({
      id,
      remaining: (await poolNow(connection, id)).remaining,
    })),
  );
  const fresh = orders.filter(({ id }) => !baseline.has(id));
  return {
    access: 'http',
    pools,
    orders: fresh.flatMap((order) => rowsOf(order, order.intent)),
    accounts: buyers.map(({ id, creditCents }) => ({ buyer: id, credit: creditCents })),
    payments: payments
      .filter(({ order }) => !baseline.has(order))
      .map((payment) => paymentRow(payment, own(byId.get(payment.order)))),
    complete: missing === 0,
    exhaustive: true,
    keepsCancelled: true,
    caveats: missing === 0 ? [] : [`The box office lists no account of ${missing} buyers.`],
  };
}

async function theEvent(connection: Connection, { intents }: Known): Promise<BoxEvent> {
  const name = nameOfEvent(intents);
  const event = await findEvent(connection, name);
  if (event !== null) return event;
  throw new RunFailure({
    expected: `the event "${name}"`,
    got: 'a box office without it',
    where: 'GET /events',
    remedy: 'Somebody has taken it away: run again.',
  });
}

/** An order of several seats is a row for each, so that every seat has its owner. */
function rowsOf(order: BoxOrder, intent: string | null): OrderRow[] {
  const isLive = order.status === 'held' || order.status === 'paid';
  const row: OrderRow = {
    id: order.id,
    pool: order.pool,
    quantity: order.quantity,
    status: isLive ? 'live' : 'cancelled',
    intent,
    buyer: order.buyer,
    state: order.status,
    amount: order.chargedCents,
    createdAt: order.createdAt,
    ...(order.expiresAt !== null && { expiresAt: order.expiresAt }),
  };
  const [first] = order.seats;
  if (order.seats.length <= 1) return [first === undefined ? row : { ...row, seat: first }];
  const share = Math.floor(order.chargedCents / order.seats.length);
  const rest = order.chargedCents - share * (order.seats.length - 1);
  return order.seats.map((seat, i) => ({
    ...row,
    id: `${order.id}/${seat}`,
    quantity: 1,
    amount: i === 0 ? rest : share,
    seat,
  }));
}

function paymentRow({ id, order, amountCents }: BoxPayment, intent: string | null): PaymentRow {
  const status = amountCents < 0 ? 'refunded' : 'charged';
  return { id, order, intent, amount: Math.abs(amountCents), status };
}
