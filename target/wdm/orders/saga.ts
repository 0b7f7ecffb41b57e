import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Planted } from '../flaws.ts';
import { publish } from '../queue.ts';
import type { Line } from '../stock/shelf.ts';

/** What one side of a checkout says. `unknown`: it knows no such user or item. */
export type Answered = 'ok' | 'refused' | 'unknown';

/** What comes back over the queue `orders`. */
export interface Reply {
  readonly saga: string;
  readonly from: 'payment' | 'stock';
  readonly answer: Answered;
  readonly detail: string | null;
}

/** How a checkout ended. The detail is the item that was refused. */
export interface Outcome {
  readonly saga: string;
  readonly payment: Answered | null;
  readonly stock: Answered | null;
  readonly detail: string | null;
}

/** What is published for payment and for stock; the key makes the request the same one when it comes twice. */
export type PaymentRequest =
  | {
      readonly kind: 'pay';
      readonly saga: string;
      readonly key: string;
      readonly user: string;
      readonly order: string;
      readonly amount: string;
    }
  | { readonly kind: 'cancel'; readonly key: string };
export type StockRequest =
  | {
      readonly kind: 'subtractItems';
      readonly saga: string;
      readonly key: string;
      readonly lines: readonly Line[];
    }
  | { readonly kind: 'increaseItems'; readonly key: string };

/** Where those who wait for the end of a saga listen. */
export const OUTCOMES_CHANNEL = 'saga_outcomes';

export interface OrderLine extends Line {
  /** As text, so that no digit is lost. */
  readonly price: string;
}

export interface Purchase {
  readonly id: string;
  readonly user_id: string;
  readonly items: readonly OrderLine[];
  readonly total_cost: string;
  readonly paid: boolean;
}

/** What a checkout comes to before anybody is asked. */
export type Begun =
  | { readonly step: 'no-order' }
  | { readonly step: 'paid-before' }
  | { readonly step: 'under-way'; readonly saga: string; readonly pay: PaymentRequest | null };

/**
 * Begins the checkout of an order: payment and stock are asked at the same time. One that is under way already is
 * joined, so that a buyer who asks twice is charged once; `pay` is null then. Run it inside one transaction.
 */
export async function begin(client: pg.PoolClient, order: string): Promise<Begun> {
  const { rows } = await client.query<Purchase>({
    name: 'lock-purchase',
    text: 'SELECT * FROM orders.purchase WHERE id = $1 FOR UPDATE',
    values: [order],
  });
  const purchase = rows[0];
  if (purchase === undefined) return { step: 'no-order' };
  if (purchase.paid) return { step: 'paid-before' };
  const open = await client.query<{ id: string }>({
    name: 'find-saga',
    text: 'SELECT id FROM orders.saga WHERE order_id = $1 AND NOT over',
    values: [order],
  });
  if (open.rows[0] !== undefined) return { step: 'under-way', saga: open.rows[0].id, pay: null };
  const saga = randomUUID();
  await client.query('INSERT INTO orders.saga (id, order_id) VALUES ($1, $2)', [saga, order]);
  return { step: 'under-way', saga, pay: await ask(client, saga, purchase) };
}

async function ask(client: pg.PoolClient, saga: string, purchase: Purchase) {
  const { id: order, user_id: user, total_cost: amount, items } = purchase;
  const pay: PaymentRequest = { kind: 'pay', saga, key: saga, user, order, amount };
  const lines = items.map(({ item, quantity }) => ({ item, quantity }));
  const subtract: StockRequest = { kind: 'subtractItems', saga, key: saga, lines };
  await publish(client, 'payment', pay);
  await publish(client, 'stock', subtract);
  return pay;
}

interface SagaRow {
  readonly order_id: string;
  readonly payment: Answered | null;
  readonly stock: Answered | null;
  readonly detail: string | null;
}

/**
 * Takes in one reply. With both of them the saga is over: the order is paid, or what succeeded is to be undone, which
 * nobody waits for. The saga's row is locked meanwhile, so one of two replies at once is the second and sees the
 * first; one that comes twice finds nothing to do. Run it inside one transaction.
 */
export async function advance(client: pg.PoolClient, reply: Reply, has: Planted): Promise<void> {
  const { rows } = await client.query<SagaRow>({
    name: `reply-of-${reply.from}`,
    text: `UPDATE orders.saga SET ${reply.from} = $2, detail = coalesce(detail, $3)
      WHERE id = $1 AND NOT over AND ${reply.from} IS NULL
      RETURNING order_id, payment, stock, detail`,
    values: [reply.saga, reply.answer, reply.detail],
  });
  const saga = rows[0];
  if (saga === undefined) return;
  const { payment, stock } = saga;
  if (has('paid-without-stock') && reply.from === 'payment' && payment === 'ok')
    await markPaid(client, saga.order_id);
  const early = has('missing-compensation') && reply.answer !== 'ok';
  if (!early && (payment === null || stock === null)) return;
  if (payment === 'ok' && stock === 'ok') await markPaid(client, saga.order_id);
  else await compensate(client, reply.saga, saga);
  await end(client, reply.saga, saga);
}

async function markPaid(client: pg.PoolClient, order: string): Promise<void> {
  await client.query('UPDATE orders.purchase SET paid = true WHERE id = $1', [order]);
}

async function compensate(client: pg.PoolClient, key: string, saga: SagaRow): Promise<void> {
  const cancel: PaymentRequest = { kind: 'cancel', key };
  const increase: StockRequest = { kind: 'increaseItems', key };
  if (saga.payment === 'ok') await publish(client, 'payment', cancel);
  if (saga.stock === 'ok') await publish(client, 'stock', increase);
}

async function end(client: pg.PoolClient, saga: string, row: SagaRow): Promise<void> {
  const { payment, stock, detail } = row;
  const outcome: Outcome = { saga, payment, stock, detail };
  await client.query({
    name: 'end-saga',
    text: `WITH ended AS (UPDATE orders.saga SET over = true WHERE id = $1)
      SELECT pg_notify($2, $3)`,
    values: [saga, OUTCOMES_CHANNEL, JSON.stringify(outcome)],
  });
}

/** The outcome of a saga that is over; null while it is under way. */
export async function outcomeOf(pool: pg.Pool, saga: string): Promise<Outcome | null> {
  const { rows } = await pool.query<Outcome>(
    'SELECT id AS saga, payment, stock, detail FROM orders.saga WHERE id = $1 AND over',
    [saga],
  );
  return rows[0] ?? null;
}
