import { log, textOf } from '../../failure.ts';
import { openSidePool } from '../../shop/transaction.ts';
import { cancel, GIVES_BACK } from '../cancel.ts';
import type { CancelledRow } from '../steps.ts';
import { inSale } from '../transaction.ts';
import type { Flaw } from './flaw.ts';

const JOB_DELAY_MS = 100;

/**
 * A cancellation is carried out at once and also left to a job that makes sure it is, and the UPDATE lacks the condition
 * on the state: whoever cancels an order again, the job or the buyer, gives its tickets and money back again.
 */
export const doubleCompensation: Flaw = {
  name: 'double-compensation',
  bug: 'Gives tickets and money back in the request and again in a job, for nobody looks whether the order still stands.',
  place: 'around',
  steps: (steps) => ({
    ...steps,
    markCancelled: async (client, order) => {
      const { rows } = await client.query<CancelledRow>(
        `UPDATE box_order SET status = 'cancelled' WHERE id = $1 RETURNING ${GIVES_BACK}`,
        [order],
      );
      return rows[0] ?? null;
    },
  }),
  plant: (office, { pool, steps }) => {
    const jobs = openSidePool(pool, 1);
    const cancelAgain = async (order: string) => {
      try {
        await inSale(jobs, (client) => cancel(client, order, steps));
      } catch (error) {
        log(`a cancellation was not carried out again: ${textOf(error)}`);
      }
    };
    return {
      ...office,
      cancel: async (order, keep) => {
        const cancelled = await office.cancel(order, keep);
        setTimeout(() => void cancelAgain(order), JOB_DELAY_MS);
        return cancelled;
      },
    };
  },
};
