import { log, textOf } from '../../failure.ts';
import { openSidePool } from '../../shop/transaction.ts';
import type { Ask } from '../office.ts';
import { acquire } from '../sale.ts';
import { HOUSE } from '../schema.ts';
import { inSale } from '../transaction.ts';
import type { Flaw } from './flaw.ts';

const SEEMS_STUCK_MS = 50;
const RECOVERY_PERIOD_MS = 100;

/**
 * A recovery job looks after purchases that seem stuck. They are only slow, and the job has kept what was wanted but not
 * by whom: so it books for the account it runs under, and an order stands there that nobody asked for.
 */
export const phantomOrder: Flaw = {
  name: 'phantom-order',
  bug: 'A background job repeats purchases that seem stuck, under its own account instead of the buyer’s.',
  place: 'around',
  plant: (office, { pool, steps }) => {
    const stuck: Ask[] = [];
    const jobs = openSidePool(pool, 1);
    const recoverOne = async () => {
      const ask = stuck.shift();
      if (ask === undefined) return;
      const orderOfNobody = { ...ask, buyer: HOUSE, seat: null, intent: null };
      try {
        await inSale(jobs, (client) => acquire(client, { ask: orderOfNobody, as: 'paid', steps }));
      } catch (error) {
        log(`a purchase could not be recovered: ${textOf(error)}`);
      }
    };
    setInterval(() => void recoverOne(), RECOVERY_PERIOD_MS).unref();
    return {
      ...office,
      purchase: async (ask, keep) => {
        const watch = setTimeout(() => stuck.push(ask), SEEMS_STUCK_MS);
        try {
          return await office.purchase(ask, keep);
        } finally {
          clearTimeout(watch);
        }
      },
    };
  },
};
