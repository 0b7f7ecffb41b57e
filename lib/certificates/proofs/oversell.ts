import { isForGood } from '../../history/attribution.ts';
import { isAcquire, OK, PAY, PURCHASE } from '../../history/history.ts';
import { certainSpans, isTakenUnseen } from '../../invariants/holding-spans.ts';
import { heldAt, peaksByPool, spansByPool } from '../../invariants/peak.ts';
import {
  type Case,
  fewestAbove,
  operationsOfPool,
  type Proof,
  poolOf,
  rowsOfPool,
  SHOWN_MAX,
} from '../proof.ts';

/*
 * Shows the fewest live rows, or acknowledgements, that exceed the capacity; in the end, or at one moment. What is live at
 * the read-back is held at that moment, so too many rows prove both. Where ten operations cannot show it, it shows the
 * acknowledgement that went beyond the capacity, and the last one; the pool's own counter stands beside them. A payment
 * stands beside the hold that it was for. Counts all operations and rows of the pool, and the tickets in the larger of
 * the two sums.
 */
interface Sold {
  /** Operations that acknowledged, one an intent, by end. */
  readonly sales: readonly number[];
  readonly tickets: number;
}

/** Acknowledged for good and never given back. */
export function proveOversellFinal(of: Case): Proof {
  const { history } = of.evidence;
  const firsts = new Map<number, number>();
  for (const i of operationsOfPool(of, poolOf(of))) {
    const intent = history.intent[i]!;
    if (history.outcome[i] !== OK || of.sale.wants.pool[intent] !== poolOf(of)) continue;
    if (history.kind[i] !== PURCHASE && history.kind[i] !== PAY) continue;
    if (!isForGood(of.sale, intent) || isTakenUnseen(of.evidence, of.sale, intent)) continue;
    const known = firsts.get(intent);
    if (known === undefined || history.end[i]! < history.end[known]!) firsts.set(intent, i);
  }
  const sales = [...firsts.values()].sort((a, b) => history.end[a]! - history.end[b]! || a - b);
  const tickets = sales.reduce((sum, i) => sum + ticketsOf(of, i), 0);
  return proofOf(of, { sales, tickets });
}

/** Held at the moment at which the most is. */
export function proveOversellInstant(of: Case): Proof {
  const { evidence, sale } = of;
  const pool = poolOf(of);
  const spans = certainSpans(evidence);
  const { at, most } = peaksByPool(evidence, sale)[pool]!;
  const held = heldAt(spans, spansByPool(evidence, sale)[pool]!, at);
  return proofOf(of, { sales: held.map((span) => spans.operation[span]!), tickets: most });
}

function proofOf(of: Case, { sales, tickets }: Sold): Proof {
  const pool = poolOf(of);
  const { capacity: limit } = of.sale.pools[pool]!;
  const rows = rowsOfPool(of, pool);
  const live = rows.filter((row) => of.sale.rows[row]!.status === 'live');
  const rowQuantity = (row: number) => of.sale.rows[row]!.quantity;
  const trusted = of.sale.gaps.state.length === 0;
  const byRows = trusted ? live.reduce((sum, row) => sum + rowQuantity(row), 0) : 0;
  const shownRows = byRows > limit ? fewestAbove(live, { limit, quantityOf: rowQuantity }) : null;
  return {
    key: null,
    pool,
    asked: null,
    operations: shownRows === null && tickets > limit ? shownSales(of, sales, limit) : [],
    rows: shownRows ?? [],
    counts: {
      operations: operationsOfPool(of, pool).length,
      rows: rows.length,
      tickets: Math.max(byRows, tickets),
    },
  };
}

const ticketsOf = ({ evidence, sale }: Case, i: number): number =>
  sale.wants.quantity[evidence.history.intent[i]!]!;

function shownSales(of: Case, sales: readonly number[], limit: number): number[] {
  const fewest = fewestAbove(sales, { limit, quantityOf: (i) => ticketsOf(of, i) });
  const whole = fewest?.flatMap((i) => withItsHold(of, i)) ?? null;
  return whole !== null && whole.length <= SHOWN_MAX ? whole : decisive(of, sales, limit);
}

/** A payment says that tickets were bought, its hold says how many. */
export function withItsHold({ evidence: { history }, sale }: Case, i: number): number[] {
  if (history.kind[i] !== PAY) return [i];
  const { first, member } = sale.operationsByIntent;
  const intent = history.intent[i]!;
  const own = member.subarray(first[intent]!, first[intent + 1]!);
  const hold = own.find((each) => isAcquire(history, each));
  return hold === undefined ? [i] : [hold, i];
}

/** The sale that went beyond the capacity, and the last one. */
function decisive(of: Case, sales: readonly number[], capacity: number): number[] {
  let sold = 0;
  const crossing = sales.find((i) => {
    sold += ticketsOf(of, i);
    return sold > capacity;
  })!;
  return [...new Set([crossing, sales.at(-1)!])];
}
