import type pg from 'pg';
import type { Planted } from '../flaws.ts';

/** A payment for an order. The key says which request it is: the same one again is the same payment. */
export interface Charge {
  readonly key: string;
  readonly user: string;
  readonly order: string;
  readonly amount: string;
}

export type ChargeState = 'charged' | 'refused' | 'unknown' | 'cancelled';

/**
 * Takes the money, once for a key, and says how that went, or had gone. A second delivery waits for the transaction of
 * the first at the key and then finds its row. Run it inside one transaction.
 */
export async function charge(client: pg.PoolClient, asked: Charge): Promise<ChargeState> {
  const { key, user, order, amount } = asked;
  const claimed = await client.query({
    name: 'claim-charge',
    text: `INSERT INTO payment.charge (key, user_id, order_id, amount, state)
      VALUES ($1, $2, $3, $4, 'refused') ON CONFLICT (key) DO NOTHING`,
    values: [key, user, order, amount],
  });
  if (claimed.rowCount === 0) return stateOf(client, key);
  const state = await takeCredit(client, { user, amount });
  if (state !== 'refused')
    await client.query({
      name: 'settle-charge',
      text: 'UPDATE payment.charge SET state = $2 WHERE key = $1',
      values: [key, state],
    });
  return state;
}

async function stateOf(client: pg.PoolClient, key: string): Promise<ChargeState> {
  const { rows } = await client.query<{ state: ChargeState }>(
    'SELECT state FROM payment.charge WHERE key = $1',
    [key],
  );
  return rows[0]!.state;
}

/** Takes credit if there is enough; the condition is in the statement that writes. */
export async function takeCredit(
  client: pg.PoolClient,
  { user, amount }: { user: string; amount: string },
): Promise<'charged' | 'refused' | 'unknown'> {
  const taken = await client.query({
    name: 'take-credit',
    text: 'UPDATE payment.account SET credit = credit - $2 WHERE id = $1 AND credit >= $2',
    values: [user, amount],
  });
  if (taken.rowCount === 1) return 'charged';
  const { rowCount } = await client.query('SELECT FROM payment.account WHERE id = $1', [user]);
  return rowCount === 1 ? 'refused' : 'unknown';
}

/**
 * Gives back what a charge took. Only the delivery that turns the charge into a cancelled one pays out, unless
 * `double-compensation` is planted, which asks no charge for its state.
 */
export async function cancel(
  client: pg.PoolClient,
  charge: { readonly key: string },
  has: Planted,
): Promise<void> {
  const onlyOnce = has('double-compensation') ? '' : `AND state = 'charged'`;
  const { rows } = await client.query<{ user_id: string; amount: string }>(
    `UPDATE payment.charge SET state = 'cancelled' WHERE key = $1 ${onlyOnce}
      RETURNING user_id, amount`,
    [charge.key],
  );
  for (const { user_id, amount } of rows)
    await client.query('UPDATE payment.account SET credit = credit + $2 WHERE id = $1', [
      user_id,
      amount,
    ]);
}
