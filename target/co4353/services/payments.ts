import type pg from 'pg';
import { inTransaction, query } from '../../shop/transaction.ts';
import { newId } from '../object-id.ts';
import { publish } from '../queue/publish.ts';
import type { Handlers } from '../queue/subjects.ts';
import { charge } from './card.ts';
import type { PaymentAttempt, PaymentResult, PaymentService } from './services.ts';

/** An order as this service knows it: `open` until it is `paid`, `closed` by the clock, or `cancelled`. */
export interface PayableOrder {
  readonly user_id: string;
  readonly price: number;
  readonly status: 'open' | 'paid' | 'closed' | 'cancelled';
  /** By the database's clock, the only one that all processes share. */
  readonly late: boolean;
}

const PAYABLE = `SELECT user_id, price::float8 AS price, status, expires_at <= clock_timestamp() AS late
  FROM payments.orders WHERE id = $1`;

export function paymentService(pool: pg.Pool): PaymentService {
  return { pay: (attempt) => inTransaction(pool, (client) => pay(client, attempt)) };
}

/** The order stays locked while the card company answers: nobody pays it twice, and it does not expire meanwhile. */
async function pay(client: pg.PoolClient, attempt: PaymentAttempt): Promise<PaymentResult> {
  const order = await readPayable(client, attempt.orderId, 'locked');
  const refusal = refusalOf(order, attempt);
  return refusal ?? takeMoney(client, attempt, order!.price);
}

export async function readPayable(
  client: pg.PoolClient,
  orderId: string,
  lock: 'locked' | 'unlocked',
): Promise<PayableOrder | undefined> {
  const text = lock === 'locked' ? `${PAYABLE} FOR UPDATE` : PAYABLE;
  return (await client.query<PayableOrder>(text, [orderId])).rows[0];
}

/** Why this order cannot be paid by this buyer now; null if it can. */
export function refusalOf(
  order: PayableOrder | undefined,
  { userId }: PaymentAttempt,
): Exclude<PaymentResult, object> | null {
  if (order === undefined) return 'unknown';
  if (order.user_id !== userId) return 'not-own';
  if (order.status === 'paid') return 'paid';
  return order.status !== 'open' || order.late ? 'cancelled' : null;
}

/** Charges the card and writes it down. */
export async function takeMoney(
  client: pg.PoolClient,
  { orderId, token }: PaymentAttempt,
  amount: number,
): Promise<{ paymentId: string }> {
  const chargeId = await charge(token);
  const paymentId = newId();
  await client.query(
    'INSERT INTO payments.payments (id, order_id, charge_id, amount) VALUES ($1, $2, $3, $4)',
    [paymentId, orderId, chargeId, amount],
  );
  await client.query(`UPDATE payments.orders SET status = 'paid' WHERE id = $1`, [orderId]);
  await publish(client, 'payment:done', { id: paymentId, orderId });
  return { paymentId };
}

export function paymentHandlers(pool: pg.Pool): Handlers {
  return {
    'order:created': async ({ id, userId, price, expiresAt }) => {
      await query(
        pool,
        `INSERT INTO payments.orders (id, user_id, price, expires_at) VALUES ($1, $2, $3, $4)
          ON CONFLICT (id) DO NOTHING`,
        [id, userId, price, expiresAt],
      );
      return 'done';
    },
    'order:cancelled': ({ id }) => inTransaction(pool, (client) => forget(client, id)),
    'expiration:complete': ({ orderId }) =>
      inTransaction(pool, (client) => closeUnpaid(client, orderId)),
  };
}

/** Nothing can be paid any more, and what was paid goes back. */
async function forget(client: pg.PoolClient, id: string) {
  const { rowCount } = await client.query(
    `UPDATE payments.orders SET status = 'cancelled' WHERE id = $1`,
    [id],
  );
  await client.query(`UPDATE payments.payments SET status = 'refunded' WHERE order_id = $1`, [id]);
  return rowCount === 1 ? 'done' : 'later';
}

/** The order's last moment: either somebody has paid, or nobody will. */
async function closeUnpaid(client: pg.PoolClient, orderId: string) {
  const order = await readPayable(client, orderId, 'locked');
  if (order === undefined) return 'later';
  if (order.status !== 'open' && order.status !== 'closed') return 'done';
  await client.query(`UPDATE payments.orders SET status = 'closed' WHERE id = $1`, [orderId]);
  await publish(client, 'payment:closed', { orderId });
  return 'done';
}
