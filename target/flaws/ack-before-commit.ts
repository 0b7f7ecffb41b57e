import type pg from 'pg';
import { log, textOf } from '../failure.ts';
import { insertOrders } from '../shop/sale.ts';
import type { PurchaseOrder } from '../shop/shop.ts';
import { inTransaction, openSidePool, query } from '../shop/transaction.ts';
import type { Flaw } from './flaw.ts';

const BATCH_MAX = 16;
const BATCH_DELAY_MS = 20;

/**
 * Group commit done wrong. Orders that fit at a glance are answered and queued; a batch is then one transaction that
 * takes the stock for all of them. A batch that no longer fits is rolled back as a whole, and everybody in it has a
 * success in hand and no ticket. The stock itself stays right.
 */
export const ackBeforeCommit: Flaw = {
  name: 'ack-before-commit',
  bug: 'Answers success once the order is queued for a batched commit; a batch that no longer fits is rolled back.',
  place: 'sale',
  plant: (shop, pool) => {
    const writer = openSidePool(pool, 1);
    const buffers = new Map<string, Buffer>();
    return {
      ...shop,
      purchase: async (order) => {
        const key = String(order.ticketId);
        const buffer = buffers.get(key) ?? { orders: [], promised: 0 };
        buffers.set(key, buffer);
        if (!(await fits(pool, buffer, order))) return 'sold-out';
        buffer.promised += Number(order.quantity);
        if (buffer.orders.push(order) === 1) setTimeout(drain, BATCH_DELAY_MS, writer, buffer);
        return 'sold';
      },
    };
  },
};

/** Orders of one ticket that have been answered and not yet written. */
interface Buffer {
  readonly orders: PurchaseOrder[];
  promised: number;
}

/** This process counts what it has promised itself; what the others have promised it cannot know. */
async function fits(pool: pg.Pool, buffer: Buffer, order: PurchaseOrder): Promise<boolean> {
  const [ticket] = await query<{ remaining: number }>(
    pool,
    `SELECT remaining FROM ticket
      WHERE id = $1::bigint AND EXISTS (SELECT FROM users WHERE id = $2::uuid)`,
    [order.ticketId, order.userId],
  );
  return ticket !== undefined && ticket.remaining - buffer.promised >= Number(order.quantity);
}

async function drain(writer: pg.Pool, buffer: Buffer): Promise<void> {
  while (buffer.orders.length > 0) {
    const batch = buffer.orders.slice(0, BATCH_MAX);
    const total = batch.reduce((sum, order) => sum + Number(order.quantity), 0);
    try {
      await inTransaction(writer, (client) => commitBatch(client, batch, total));
    } catch (error) {
      log(`a batch of ${batch.length} orders was not written: ${textOf(error)}`);
    }
    buffer.promised -= total;
    buffer.orders.splice(0, batch.length);
  }
}

async function commitBatch(
  client: pg.PoolClient,
  batch: readonly PurchaseOrder[],
  total: number,
): Promise<void> {
  const { rowCount } = await client.query(
    'UPDATE ticket SET remaining = remaining - $2 WHERE id = $1::bigint AND remaining >= $2',
    [batch[0]!.ticketId, total],
  );
  if (rowCount !== 1) throw new Error('not enough tickets left for all of them');
  for (const order of batch) await insertOrders(client, order);
}
