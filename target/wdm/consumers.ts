import type pg from 'pg';
import type { BackgroundWork, RoleContext } from '../facades/facade.ts';
import { inTransaction, openPool } from '../shop/transaction.ts';
import { planted } from './flaws.ts';
import type { PaymentRequest, Reply, StockRequest } from './orders/saga.ts';
import { cancel, charge } from './payment/ledger.ts';
import { Consumer, listen, publish, ringing } from './queue.ts';
import { putBack, reserve } from './stock/shelf.ts';

const CHANNELS = 8;
/** `missing-compensation`: the bank takes one payment after the other, so the money comes in when the tickets are gone. */
const BANK_CHANNELS = 1;
/** Small batches and a lease far longer than any of them lasts. */
const CAREFUL = { prefetch: 16, leaseMs: 5000, acknowledge: 'each' } as const;
/** `double-compensation`: tuned for throughput by somebody who did not think of what a redelivery does. */
const HASTY = { prefetch: 64, leaseMs: 50, acknowledge: 'batch' } as const;

/** Charges and refunds what the order service asks for. */
export function paymentConsumer(context: RoleContext): Promise<BackgroundWork> {
  const has = planted(context.flaws);
  const channels = has('missing-compensation') ? BANK_CHANNELS : CHANNELS;
  return consume<PaymentRequest>(
    context,
    { queue: 'payment', channels },
    async (client, request) => {
      if (request.kind === 'cancel') return cancel(client, request, has);
      const state = await charge(client, request);
      const answer = state === 'charged' || state === 'cancelled' ? 'ok' : state;
      const reply: Reply = { saga: request.saga, from: 'payment', answer, detail: null };
      return publish(client, 'orders', reply);
    },
  );
}

/** Takes from the shelf and puts back what the order service asks for. */
export function stockConsumer(context: RoleContext): Promise<BackgroundWork> {
  const has = planted(context.flaws);
  return consume<StockRequest>(
    context,
    { queue: 'stock', channels: CHANNELS },
    async (client, request) => {
      if (request.kind === 'increaseItems') return putBack(client, request, has);
      const { state, detail } = await reserve(client, request, has);
      const answer = state === 'taken' || state === 'returned' ? 'ok' : state;
      const reply: Reply = { saga: request.saga, from: 'stock', answer, detail };
      return publish(client, 'orders', reply);
    },
  );
}

/** The work of a message and its reply are one transaction; whether the message is acknowledged is another matter. */
async function consume<Request>(
  { databaseUrl, flaws }: RoleContext,
  { queue, channels }: { readonly queue: string; readonly channels: number },
  handle: (client: pg.PoolClient, request: Request) => Promise<void>,
): Promise<BackgroundWork> {
  const pool = openPool(databaseUrl);
  const consumer = new Consumer<Request>(pool, {
    ...{ queue, channels },
    ...(planted(flaws)('double-compensation') ? HASTY : CAREFUL),
    handle: (request) => inTransaction(pool, (client) => handle(client, request)),
  });
  const listener = await listen(
    databaseUrl,
    ringing(queue, () => consumer.ring()),
  );
  return {
    close: async () => {
      await consumer.close();
      await listener.end();
      await pool.end();
    },
  };
}
