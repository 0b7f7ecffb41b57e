import { GIVES_BACK } from '../cancel.ts';
import type { CancelledRow } from '../steps.ts';
import type { Flaw } from './flaw.ts';

/** The UPDATE lacks the condition on the state, so every cancellation gives tickets and money back, the second one too. */
export const doubleCompensation: Flaw = {
  name: 'double-compensation',
  bug: 'Cancels without looking whether the order still stands: cancelling twice gives tickets and money back twice.',
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
};
