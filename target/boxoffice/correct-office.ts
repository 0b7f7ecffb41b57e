import type pg from 'pg';
import { readAvailability, readCopiedAvailability } from './availability.ts';
import { sweep } from './background.ts';
import { cancel, markCancelled } from './cancel.ts';
import { answerOnce } from './idempotency.ts';
import { lockBuyer } from './limit.ts';
import { readOrder, readOrders } from './listing.ts';
import type { BoxOffice, Keep } from './office.ts';
import { latePayment, pay } from './payment.ts';
import { acquire, saleWindow } from './sale.ts';
import { claimSeat } from './seats.ts';
import type { Steps } from './steps.ts';
import { releaseExpired, takeStock } from './stock.ts';
import { inSale } from './transaction.ts';

/** Every lock and condition in its place. */
export const correctSteps: Steps = {
  saleWindow,
  lockBuyer,
  takeStock,
  releaseExpired,
  claimSeat,
  latePayment,
  markCancelled,
};

/** The box office that these steps make; with `correctSteps` it has no flaw. */
export function boxOffice(pool: pg.Pool, steps: Steps): BoxOffice {
  const effect = <T>(work: (client: pg.PoolClient) => Promise<T>, keep: Keep<T>) =>
    inSale(pool, async (client) => {
      const done = await work(client);
      await keep(client, done);
      return done;
    });
  // Holds that ran out are ended before anybody is told how things stand.
  const afterSweep = async <T>(read: () => Promise<T>) => {
    await sweep(pool, steps);
    return read();
  };
  return {
    purchase: (ask, keep) => effect((client) => acquire(client, { ask, as: 'paid', steps }), keep),
    hold: (ask, keep) => effect((client) => acquire(client, { ask, as: 'held', steps }), keep),
    pay: (payment, keep) => effect((client) => pay(client, payment, steps), keep),
    cancel: (order, keep) => effect((client) => cancel(client, order, steps), keep),
    order: (order) => afterSweep(() => readOrder(pool, order)),
    orders: (filter, page) => afterSweep(() => readOrders(pool, filter, page)),
    availability: (id) => afterSweep(() => readAvailability(pool, id)),
    copiedAvailability: (id) => readCopiedAvailability(pool, id),
    answerOnce: answerOnce(pool),
  };
}
