import {
  bearingOn,
  type Contradiction,
  deedsOf,
  shownOf,
} from '../../invariants/counter/contradiction.ts';
import { worstRise } from '../../invariants/non-monotonic-availability.ts';
import { worstUnaware } from '../../invariants/read-your-writes.ts';
import { worstContradiction } from '../../invariants/stale-availability.ts';
import { allOrNone, type Case, type Proof, rowsOfPool, SHOWN_MAX } from '../proof.ts';

/*
 * Shows the read, the earlier sighting that it contradicts, and all operations of intents whose tickets moved or may have
 * moved between the two, or were held for a moment while somebody looked; where these are too many, the fewest that are
 * decisive. Counts all of these, the pool's rows, and the tickets that certainly moved. For read-your-writes, the purchase
 * stands in for the read; where a state is wrong, all that its intent did is shown and counted.
 */
interface Found {
  readonly pool: number;
  readonly contradiction: Contradiction;
}

function proofOf(of: Case, { pool, contradiction }: Found, besides: readonly number[] = []): Proof {
  const { evidence, sale } = of;
  const shown = { contradiction, pool, besides };
  const write = besides[0];
  const rows = rowsOfPool(of, pool);
  return {
    ...aboutOf(of, write),
    pool,
    operations: shownOf(evidence, sale, shown),
    rows: allOrNone(rows),
    counts: {
      operations: bearingOn(evidence, sale, shown).length,
      rows: rows.length,
      tickets: contradiction.certain,
    },
  };
}

/** The intent of the buyer's own deed, and what it asked for; a read that contradicts another is about nobody. */
function aboutOf({ evidence: { history }, sale }: Case, write: number | undefined) {
  if (write === undefined) return { key: null, asked: null };
  const intent = history.intent[write]!;
  return { key: history.intentKeys[intent]!, asked: sale.wants.quantity[intent]! };
}

export function proveStaleAvailability(of: Case): Proof {
  return proofOf(of, worstContradiction(of.evidence)!);
}

export function proveNonMonotonicAvailability(of: Case): Proof {
  return proofOf(of, worstRise(of.evidence)!);
}

export function proveReadYourWrites(of: Case): Proof {
  const { pool, contradiction, write, read } = worstUnaware(of.evidence)!;
  if (contradiction !== null) return proofOf(of, { pool, contradiction }, [write]);
  const own = of.sale.operationPool[write]!;
  const rows = own < 0 ? [] : rowsOfPool(of, own);
  const deeds = deedsOf(of.evidence.history, of.sale, {
    intent: of.evidence.history.intent[write]!,
    pool: own,
  });
  return {
    ...aboutOf(of, write),
    pool: own < 0 ? null : own,
    operations: deeds.length <= SHOWN_MAX ? deeds : [write, read],
    rows: allOrNone(rows),
    counts: { operations: deeds.length, rows: rows.length, tickets: 0 },
  };
}
