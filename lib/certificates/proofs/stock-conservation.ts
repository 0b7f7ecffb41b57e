import {
  allOrNone,
  type Case,
  operationsOfPool,
  type Proof,
  poolOf,
  rowsOfPool,
} from '../proof.ts';

/*
 * Shows all rows of the pool where they are few, and its operations where they are needed and few: if counter and rows
 * differ, the operations are not. Counts the pool's operations and rows, and the tickets in live rows.
 */
export function proveStockConservation(of: Case): Proof {
  const pool = poolOf(of);
  const rows = rowsOfPool(of, pool);
  const operations = operationsOfPool(of, pool);
  const live = rows.filter((row) => of.sale.rows[row]!.status === 'live');
  const tickets = live.reduce((sum, row) => sum + of.sale.rows[row]!.quantity, 0);
  const { capacity, remaining } = of.finding.witness.figures;
  const { leftLeast, leftMost } = of.finding.witness.figures;
  const isCounter =
    (remaining !== undefined && capacity! - remaining !== tickets) || leftLeast !== leftMost;
  const showsAll = rows.length <= 10 && (isCounter || operations.length <= 10);
  return {
    key: null,
    pool,
    asked: null,
    operations: showsAll && !isCounter ? allOrNone(operations) : [],
    rows: showsAll ? allOrNone(rows) : [],
    counts: { operations: operations.length, rows: rows.length, tickets },
  };
}
