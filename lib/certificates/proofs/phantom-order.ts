import type { History } from '../../history/history.ts';
import { type Case, type Proof, SHOWN_MAX } from '../proof.ts';
import { proveUnasked } from './keyless.ts';

/*
 * Shows one row. That its intent was never sent is the counted 0 operations; that it was not planned, or was, stands in
 * `restsOn.plan`. Counts rows with the same intent, and the tickets of this one.
 */
export function provePhantomOrder(of: Case): Proof {
  const { sale, finding, evidence } = of;
  const [shown] = finding.witness.rows.slice(0, SHOWN_MAX);
  if (finding.witness.operations.length > 0 || shown!.intent === null) {
    const unasked = proveUnasked(of);
    if (unasked !== null) return unasked;
  }
  const row = sale.rows.findIndex((each) => each.id === shown!.id);
  const { intent, quantity } = sale.rows[row]!;
  const pool = sale.rowPool[row]!;
  return {
    key: intent,
    pool: pool < 0 ? null : pool,
    asked: null,
    operations: [],
    rows: [row],
    counts: {
      operations: operationsOf(evidence.history, intent),
      rows: sale.rows.filter((each) => each.intent === intent).length,
      tickets: quantity,
    },
  };
}

/** None, if it is a phantom. */
function operationsOf({ intentKeys, intent }: History, key: string | null): number {
  const number = key === null ? -1 : intentKeys.indexOf(key);
  return number === -1 ? 0 : intent.reduce((count, each) => count + (each === number ? 1 : 0), 0);
}
