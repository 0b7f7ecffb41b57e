import type pg from 'pg';
import { log, textOf } from '../../failure.ts';
import { inTransaction, openSidePool } from '../../shop/transaction.ts';
import { publish } from '../queue/publish.ts';
import { type Reserving, reserve } from '../services/reserve.ts';
import type { Order } from '../services/services.ts';
import { inTurns } from '../services/turns.ts';
import type { Flaw } from './flaw.ts';

/**
 * News for the event service is sent after the commit, in batches, to save round trips. The buffer is emptied when a
 * batch has been sent, and with it goes what was put there meanwhile. A lone order is heard of; in a rush many are not,
 * and the event service goes on showing their tickets.
 */
export const countersDiverge: Flaw = {
  name: 'counters-diverge',
  bug: 'Tells the event service of orders through a buffer that loses what comes in while a batch is being sent.',
  place: 'sale',
  plant: (services, { pool, holdMs }) => {
    const turn = inTurns();
    const reserving: Reserving = { pool, holdMs, subscribers: ['payments', 'expiration'] };
    const tell = bufferedSender(openSidePool(pool, 1));
    return {
      ...services,
      orders: {
        ...services.orders,
        reserve: async (wish) => {
          const order = await turn(wish.eventId, () => reserve(reserving, wish));
          if (typeof order === 'object') tell(order);
          return order;
        },
      },
    };
  },
};

function bufferedSender(sender: pg.Pool): (order: Order) => void {
  const buffer: Order[] = [];
  const flush = async () => {
    try {
      await inTransaction(sender, (client) => sendAll(client, [...buffer]));
    } catch (error) {
      log(`${buffer.length} orders were not told of: ${textOf(error)}`);
    }
    buffer.length = 0;
  };
  return (order) => {
    if (buffer.push(order) === 1) void flush();
  };
}

async function sendAll(client: pg.PoolClient, orders: readonly Order[]): Promise<void> {
  for (const { id, version, userId, expiresAt, event } of orders) {
    const { eventId, price } = event;
    const news = { id, version, userId, eventId, price, expiresAt };
    await publish(client, 'order:created', news, ['events']);
  }
}
