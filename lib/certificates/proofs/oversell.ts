import { acquiredInPool } from '../../invariants/oversell-instant.ts';
import {
  type Case,
  fewestAbove,
  operationsOfPool,
  type Proof,
  poolOf,
  rowsOfPool,
} from '../proof.ts';

/*
 * Proves both oversells: without releases in the history what is acknowledged is held for good, and what is live at the
 * read-back is held at that moment, so what is too much in the end was too much at once.
 *
 * Shows the fewest live rows, or acknowledged purchases, that exceed the capacity. Where ten cannot, it shows the sale
 * that was acknowledged when the pool was already full, and the last one; the pool's own counter stands beside them.
 * Counts all operations and rows of the pool, and the tickets in the larger of the two sums.
 */
export function proveOversell(of: Case): Proof {
  const pool = poolOf(of);
  const { capacity } = of.sale.pools[pool]!;
  const rows = rowsOfPool(of, pool);
  const live = rows.filter((row) => of.sale.rows[row]!.status === 'live');
  const trusted = of.sale.gaps.state.length === 0;
  const sales = acquiredInPool(of.evidence, of.sale, pool);
  const byRows = trusted ? live.reduce((sum, row) => sum + of.sale.rows[row]!.quantity, 0) : 0;
  const quantityOf = (i: number) => of.sale.wants.quantity[of.evidence.history.intent[i]!]!;
  const byOperations = sales.reduce((sum, i) => sum + quantityOf(i), 0);
  const rowQuantity = (row: number) => of.sale.rows[row]!.quantity;
  const shownRows =
    byRows > capacity ? fewestAbove(live, { limit: capacity, quantityOf: rowQuantity }) : null;
  const shownSales =
    shownRows === null && byOperations > capacity
      ? (fewestAbove(sales, { limit: capacity, quantityOf }) ?? decisive(of, sales, capacity))
      : [];
  return {
    key: null,
    pool,
    asked: null,
    operations: shownSales,
    rows: shownRows ?? [],
    counts: {
      operations: operationsOfPool(of, pool).length,
      rows: rows.length,
      tickets: Math.max(byRows, byOperations),
    },
  };
}

/** The sale that went beyond the capacity, and the last one. */
function decisive({ evidence, sale }: Case, sales: readonly number[], capacity: number): number[] {
  let sold = 0;
  const crossing = sales.find((i) => {
    sold += sale.wants.quantity[evidence.history.intent[i]!]!;
    return sold > capacity;
  })!;
  return [...new Set([crossing, sales.at(-1)!])];
}
