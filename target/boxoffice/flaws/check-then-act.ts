import type { Flaw } from './flaw.ts';

/**
 * Everybody who waits for the row's lock has already been told by the SELECT that there are tickets, and nobody looks
 * again: the UPDATE lacks its condition. The counter stays exact, so it ends as far below zero as was sold too much.
 */
export const checkThenAct: Flaw = {
  name: 'check-then-act',
  bug: 'Reads how many are left, decides, then decrements without the condition: buyers in between oversell.',
  place: 'sale',
  steps: (steps) => ({
    ...steps,
    takeStock: async (client, { pool, quantity }) => {
      const { rows } = await client.query<{ enough: boolean }>(
        'SELECT remaining >= $2 AS enough FROM box_pool WHERE id = $1',
        [pool, quantity],
      );
      if (rows[0]?.enough !== true) return false;
      await client.query('UPDATE box_pool SET remaining = remaining - $2 WHERE id = $1', [
        pool,
        quantity,
      ]);
      return true;
    },
  }),
};
