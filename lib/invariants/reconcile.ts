import { membersOf } from '../history/grouping.ts';
import { type History, INFO, isAcquire, OK, ORDER_STATE, PAY, STATUS } from '../history/history.ts';
import { lastingBytes, lastingFloats } from '../history/lasting.ts';
import type { Evidence } from './invariant.ts';
import { type Sale, saleOf } from './sale.ts';

/** Nobody can tell whether the operation came about. */
export const OPEN = 0;
/** It came about: it was acknowledged, or nothing else explains what was seen. */
export const TOOK = 1;
/** It certainly left nothing. */
export const NEVER = 2;

/** What became of each operation of a history, in columns. */
export interface Reconciled {
  /** {@link OPEN}, {@link TOOK} or {@link NEVER} for each acquire; {@link OPEN} for every other operation. */
  readonly took: Uint8Array;
  /**
   * The last moment at which an acquire that took effect can have done so, on the clock of the history: the end of one that
   * is `ok`, the first observation of one that is `info`. +∞ for all others.
   */
  readonly latest: Float64Array;
}

const reconciliations = new WeakMap<Evidence, Reconciled>();

/**
 * Resolves the acquires that were cut off (`info`) by what was seen of their intents later: in rows of the final state, in
 * a status that names an order, in an order that was paid.
 *
 * One took effect if its intent was seen with an order, if no other attempt of the intent can have made it and if the
 * history is complete. It never did if its intent left no row, in a final state that can be relied on, that keeps
 * cancelled orders, does not lag, and has no row of the pool that names no intent. Everything else stays open. Pure and
 * O(operations + rows); an empty history gives empty columns.
 */
export function reconciled(evidence: Evidence): Reconciled {
  const known = reconciliations.get(evidence);
  if (known !== undefined) return known;
  const { history } = evidence;
  const sale = saleOf(evidence);
  const took = lastingBytes(history.length);
  const latest = lastingFloats(history.length).fill(Number.POSITIVE_INFINITY);
  const nameless = poolsWithNamelessRows(sale);
  for (let i = 0; i < history.length; i++) {
    if (!isAcquire(history, i) || history.outcome[i] === INFO) continue;
    took[i] = history.outcome[i] === OK ? TOOK : NEVER;
    if (history.outcome[i] === OK) latest[i] = history.end[i]!;
  }
  for (let intent = 0; intent < sale.wants.length; intent++) {
    if ((sale.wants.outcomes[intent]! & (1 << INFO)) === 0) continue;
    const attempts = membersOf(sale.operationsByIntent, intent).filter((i) =>
      isAcquire(history, i),
    );
    const open = attempts.filter((i) => history.outcome[i] === INFO);
    if (isAbsent(evidence, sale, { intent, nameless })) for (const i of open) took[i] = NEVER;
    else if (open.length === 1 && evidence.historyComplete) {
      const [only] = open;
      const others = attempts.some((i) => history.outcome[i] === OK);
      const seenAt = others ? Number.POSITIVE_INFINITY : firstSeen(evidence, sale, only!);
      if (seenAt === Number.POSITIVE_INFINITY) continue;
      took[only!] = TOOK;
      latest[only!] = seenAt;
    }
  }
  const result = { took, latest };
  reconciliations.set(evidence, result);
  return result;
}

/** Rows that name no intent may be anybody's; those of a pool nobody knows may be of any. */
function poolsWithNamelessRows(sale: Sale): (pool: number) => boolean {
  const pools = new Set<number>();
  sale.rows.forEach((row, i) => {
    if (row.intent === null) pools.add(sale.rowPool[i]!);
  });
  return (pool) => pools.has(pool) || pools.has(-1) || (pool < 0 && pools.size > 0);
}

function isAbsent(
  { state }: Evidence,
  sale: Sale,
  of: { readonly intent: number; readonly nameless: (pool: number) => boolean },
): boolean {
  if (state === null || !state.keepsCancelled || state.mayLag === true) return false;
  if (sale.gaps.state.length > 0 || of.nameless(sale.wants.pool[of.intent]!)) return false;
  return membersOf(sale.rowsByIntent, of.intent).length === 0;
}

/** When the effect of operation i, the only one of its intent that can have had any, was first seen; else +∞. */
function firstSeen(evidence: Evidence, sale: Sale, i: number): number {
  const { history, state } = evidence;
  const intent = history.intent[i]!;
  let first = Number.POSITIVE_INFINITY;
  if (sale.wants.pool[intent]! < 0) return first;
  for (const j of membersOf(sale.operationsByIntent, intent)) {
    if (history.end[j]! >= history.start[i]! && showsOrder(history, j)) {
      first = Math.min(first, history.end[j]!);
    }
  }
  const rows = membersOf(sale.rowsByIntent, intent);
  if (sale.gaps.state.length > 0 || !rows.some((row) => sale.rows[row]!.quantity > 0)) return first;
  // What cannot be relied on because it was never read is a gap, too.
  return Math.min(first, state!.readAt);
}

/** The reply of operation i could not have come without an order. A shop may be glad to cancel what never was. */
export function showsOrder({ kind, outcome, details }: History, i: number): boolean {
  if (outcome[i] !== OK) return false;
  if (kind[i] === PAY) return true;
  return kind[i] === STATUS && (details?.state[i] ?? -1) > ORDER_STATE.none;
}
