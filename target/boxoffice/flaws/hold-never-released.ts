import type { Flaw } from './flaw.ts';

/**
 * The hold's length is in milliseconds and the job that ends holds takes it for seconds. Nobody can pay for a hold that
 * ran out, and nobody else can have its tickets.
 */
export const holdNeverReleased: Flaw = {
  name: 'hold-never-released',
  bug: 'Waits a thousand times too long before it gives the tickets of an expired hold back: seconds for milliseconds.',
  place: 'around',
  steps: (steps) => ({
    ...steps,
    releaseExpired: async (client, pool) => {
      const { rows } = await client.query<{ due: boolean }>(
        `SELECT EXISTS (SELECT FROM box_order WHERE pool_id = $1 AND status = 'held'
          AND created_at + (expires_at - created_at) * 1000 <= statement_timestamp()) AS due`,
        [pool],
      );
      return rows[0]!.due ? steps.releaseExpired(client, pool) : 0;
    },
  }),
};
