import { isAcquire, OK, REFUSED } from '../history/history.ts';
import type { Finding } from '../model/finding.ts';
import type { Evidence } from './invariant.ts';

/** Claims that count what the final state shows: without one every number of theirs is of nothing. */
const countRows: ReadonlySet<string> = new Set([
  ...['oversell-final', 'lost-purchase', 'phantom-order', 'refused-but-sold', 'partial-purchase'],
  ...['duplicate-effect', 'stock-conservation', 'double-allocation', 'leaked-hold'],
]);

/**
 * The same finding; but an *unknown* one that had no final state to count in tells what buyers were told instead of
 * orders and losses that nobody looked for.
 */
export function unreadSaid(finding: Finding, { history, state }: Evidence): Finding {
  if (state !== null || finding.value !== 'unknown' || finding.witness === null) return finding;
  if (!countRows.has(finding.invariant)) return finding;
  let acknowledged = 0;
  let refused = 0;
  for (let i = 0; i < history.length; i++) {
    if (!isAcquire(history, i)) continue;
    if (history.outcome[i] === OK) acknowledged++;
    if (history.outcome[i] === REFUSED) refused++;
  }
  const summary = `Requests for tickets: ${acknowledged} acknowledged, ${refused} refused; nothing was read back to compare them with.`;
  return { ...finding, summary, witness: { ...finding.witness, figures: {} } };
}
