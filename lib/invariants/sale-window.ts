import { STRANGER } from '../history/attribution.ts';
import { membersOf } from '../history/grouping.ts';
import { INFO, isAcquire, OK } from '../history/history.ts';
import { shopDoubtMs } from '../history/nameless-rows.ts';
import type { Finding } from '../model/finding.ts';
import { counted, holdsUnless, violated, witnessOf } from './conclude.ts';
import type { Evidence, Invariant } from './invariant.ts';
import type { Sale } from './sale.ts';
import { saleOf } from './sale.ts';

/*
 * Claims: nobody is sold or held anything before the opening or after the closing: no `ok` purchase or hold ended before
 * the opening, or was first asked for after the closing, and no row of this run was made outside, by more than the skew of
 * clocks and the clock error. One that was asked for again after the closing may be an earlier one told once more; so may
 * any that was asked for then, where the history lacks requests.
 *
 * Cannot see: a sale within the clocks' doubt around the two moments; rows that do not tell when they were made; a row that
 * was made in time and sold late.
 *
 * Witness: the operation, or the row.
 */
export interface Window {
  /** Before the first, after the last of them is certainly outside; both on the generator's clock, ∓∞ where none is promised. */
  readonly from: number;
  readonly to: number;
}

export function windowOf(evidence: Evidence): Window {
  const { opensAt = Number.NEGATIVE_INFINITY, closesAt = Number.POSITIVE_INFINITY } =
    evidence.fixture.rules ?? {};
  const doubtMs = shopDoubtMs(evidence);
  return { from: opensAt - doubtMs, to: closesAt + doubtMs };
}

function soldOutside(evidence: Evidence, sale: Sale, { from, to }: Window): number[] {
  const { history } = evidence;
  const found: number[] = [];
  for (let i = 0; i < history.length; i++) {
    if (history.outcome[i] !== OK || !isAcquire(history, i)) continue;
    if (history.end[i]! < from) found.push(i);
    else if (history.start[i]! > to && firstTry(evidence, sale, i) > to) found.push(i);
  }
  return found;
}

/** When the intent of operation i began to ask for what it got; −∞ where an earlier request may be missing. */
function firstTry({ history, historyComplete }: Evidence, sale: Sale, i: number): number {
  if (!historyComplete) return Number.NEGATIVE_INFINITY;
  let first = Number.POSITIVE_INFINITY;
  for (const each of membersOf(sale.operationsByIntent, history.intent[i]!)) {
    const may = history.outcome[each] === OK || history.outcome[each] === INFO;
    if (may && isAcquire(history, each)) first = Math.min(first, history.start[each]!);
  }
  return first;
}

function decide(evidence: Evidence): Finding {
  const sale = saleOf(evidence);
  const window = windowOf(evidence);
  const operations = soldOutside(evidence, sale, window);
  const trusted = sale.gaps.state.length === 0;
  const rows = [...sale.rows.keys()].filter((row) => {
    // What does not tell when it was made is neither before nor after anything.
    const { createdAt = Number.NaN } = sale.rows[row]!;
    if (!trusted || sale.rowIntent[row] === STRANGER) return false;
    return createdAt < window.from || createdAt > window.to;
  });
  const { before, after } = triesOutside(evidence, window);
  const figures = {
    triedBefore: before,
    triedAfter: after,
    sold: operations.length,
    rows: rows.length,
  };
  if (operations.length + rows.length > 0) {
    return violated('sale-window', {
      count: Math.max(operations.length, rows.length),
      summary:
        `${counted(operations.length, 'sale')} acknowledged and ${counted(rows.length, 'row')} made before the ` +
        'opening or after the closing.',
      witness: witnessOf(evidence, {
        ...(operations.length > 0 ? { operations: [operations[0]!] } : { rows: [rows[0]!] }),
        figures,
      }),
    });
  }
  const { opensAt, closesAt } = evidence.fixture.rules ?? {};
  const missing = [...sale.gaps.all];
  if (opensAt !== undefined && before === 0)
    missing.push('Nobody tried before the opening: let some buyers come early.');
  if (closesAt !== undefined && after === 0)
    missing.push('Nobody tried after the closing: let some buyers come late.');
  return holdsUnless('sale-window', {
    missing,
    summary: `${counted(before + after, 'buyer')} came outside the time of sale, none was sold anything.`,
    witness: witnessOf(evidence, { figures }),
  });
}

/** Purchases and holds that were answered before the opening, or asked for after the closing. */
function triesOutside({ history }: Evidence, { from, to }: Window) {
  let before = 0;
  let after = 0;
  for (let i = 0; i < history.length; i++) {
    if (!isAcquire(history, i)) continue;
    if (history.end[i]! < from) before++;
    if (history.start[i]! > to) after++;
  }
  return { before, after };
}

export const saleWindow: Invariant = {
  id: 'sale-window',
  statement: 'No sale before the opening or after the closing',
  isBeside: ({ fixture }) =>
    fixture.rules?.opensAt === undefined && fixture.rules?.closesAt === undefined
      ? 'No opening and no closing of the sale is promised.'
      : null,
  decide,
};
