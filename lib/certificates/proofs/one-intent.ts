import { membersOf } from '../../history/grouping.ts';
import { keepsMoney } from '../../invariants/ledger.ts';
import { differentReplies } from '../../invariants/replies.ts';
import { allOrNone, type Case, fewestAbove, intentOf, type Proof } from '../proof.ts';
import { proveRefused, proveTooFewRows } from './keyless.ts';
import { proveByMoney } from './money.ts';

/*
 * Proofs about one intent. All show every operation of it, for what it asked for and how it ended must not depend on
 * one that was left out; and of its rows those that decide. They count the intent's operations, its rows and its live
 * tickets.
 */
function proofOf(of: Case, decisiveRows: (live: readonly number[]) => readonly number[]): Proof {
  const { sale, evidence } = of;
  const intent = intentOf(of);
  const rows = [...membersOf(sale.rowsByIntent, intent)];
  const operations = [...membersOf(sale.operationsByIntent, intent)];
  const live = rows.filter((row) => sale.rows[row]!.status === 'live');
  const pool = sale.wants.pool[intent]!;
  return {
    key: evidence.history.intentKeys[intent]!,
    pool: pool < 0 ? null : pool,
    asked: pool < 0 ? null : sale.wants.quantity[intent]!,
    operations: allOrNone(operations),
    rows: decisiveRows(live),
    counts: {
      operations: operations.length,
      rows: rows.length,
      tickets: live.reduce((sum, row) => sum + sale.rows[row]!.quantity, 0),
    },
  };
}

const allRows = (of: Case) => () => allOrNone([...membersOf(of.sale.rowsByIntent, intentOf(of))]);

/** An acknowledgement and, of rows, all there are: none of them may be the purchase, or its cancellation. */
export const proveLostPurchase = (of: Case): Proof =>
  proveTooFewRows(of) ?? proofOf(of, allRows(of));

/** All rows there are: together they are more than nothing and less than was asked for. */
export const provePartialPurchase = (of: Case): Proof => proofOf(of, allRows(of));

/** One live row of a buyer whose every attempt was refused or failed. */
export function proveRefusedButSold(of: Case): Proof {
  const own = proofOf(of, (live) => rowsAbove(of, live, 0));
  return own.counts.tickets > 0 ? own : (proveRefused(of) ?? own);
}

/**
 * The fewest live rows that are more than was asked for; else the two purchases whose replies differ; else the money that
 * was taken.
 */
export function proveDuplicateEffect(of: Case): Proof {
  const { evidence, sale } = of;
  const intent = intentOf(of);
  const asked = sale.wants.quantity[intent]!;
  const byRows = proofOf(of, (live) => rowsAbove(of, live, asked));
  if (byRows.counts.tickets > asked && sale.gaps.state.length === 0) return byRows;
  const replies = differentReplies(evidence, sale, intent);
  if (replies !== null) return { ...byRows, operations: replies, rows: [] };
  return keepsMoney(evidence) ? proveByMoney(of) : byRows;
}

function rowsAbove({ sale }: Case, live: readonly number[], limit: number): readonly number[] {
  return fewestAbove(live, { limit, quantityOf: (row) => sale.rows[row]!.quantity }) ?? [];
}
