import type pg from 'pg';
import { Refused } from './refusal.ts';

/** @throws Refused `insufficient_funds` */
export async function charge(client: pg.PoolClient, buyer: string, cents: number): Promise<void> {
  const { rowCount } = await client.query({
    name: 'box-charge',
    text: `UPDATE box_buyer SET credit_cents = credit_cents - $2::bigint
      WHERE id = $1 AND credit_cents >= $2::bigint`,
    values: [buyer, cents],
  });
  if (rowCount !== 1) throw new Refused('insufficient_funds', 'the credit is too low');
}

export async function refund(client: pg.PoolClient, buyer: string, cents: number): Promise<void> {
  await client.query(
    'UPDATE box_buyer SET credit_cents = credit_cents + $2::bigint WHERE id = $1',
    [buyer, cents],
  );
}

interface Movement {
  readonly event: string;
  readonly order: string;
  readonly buyer: string;
  /** Negative for a refund. */
  readonly cents: number;
}

export async function recordPayment(client: pg.PoolClient, movement: Movement): Promise<void> {
  await client.query({
    name: 'box-record-payment',
    text: `INSERT INTO box_payment (event_id, order_id, buyer, amount_cents)
      VALUES ($1, $2, $3, $4)`,
    values: [movement.event, movement.order, movement.buyer, movement.cents],
  });
}
