import { CANCEL, INFO, isAcquire, OK, PAY, REFUSED } from '../../history/history.ts';
import { operationKinds, outcomes } from '../../model/operation.ts';
import {
  allOrNone,
  type Case,
  operationsOfPool,
  type Proof,
  poolOf,
  rowsOfPool,
} from '../proof.ts';
import { proveLeakedRow } from './by-shown.ts';

/*
 * Shows the refusal; and every other operation of its pool that can have held a ticket meanwhile, and every row, where
 * these are few. Counts just these operations with the refusal, the pool's rows, and the most tickets that can have
 * been held.
 */
export const proveFalseSoldOut = (of: Case): Proof => proveByMostHeld(of);

function proveByMostHeld(of: Case): Proof {
  const { evidence, sale, finding } = of;
  const { history } = evidence;
  const pool = poolOf(of);
  const refusal = refusalOf(of);
  const rows = rowsOfPool(of, pool);
  const owners = new Set(rows.map((row) => sale.rowIntent[row]!));
  const holders = operationsOfPool(of, pool).filter(
    (i) => i !== refusal && mayHold(of, { i, refusal, ownsRow: owners.has(history.intent[i]!) }),
  );
  const showsAll = holders.length + 1 <= 10 && rows.length <= 10;
  return {
    key: history.intentKeys[history.intent[refusal]!]!,
    pool,
    asked: askedBy(of, refusal),
    operations: showsAll ? allOrNone([refusal, ...holders]) : [refusal],
    rows: showsAll ? allOrNone(rows) : [],
    counts: {
      operations: holders.length + 1,
      rows: rows.length,
      tickets: finding.witness.figures.heldMost!,
    },
  };
}

/** What the buyer asked for; of a read what its buyer asks for elsewhere. */
function askedBy({ evidence: { history }, sale }: Case, i: number): number | null {
  if (isAcquire(history, i)) return history.quantity[i]!;
  return sale.wants.quantity[history.intent[i]!]! || null;
}

/** The finding's operation by number. Twins that are equal in all make no difference. */
function refusalOf({ evidence: { history }, finding }: Case): number {
  const { intent, pool, start, end, quantity, reason, outcome, kind } =
    finding.witness.operations[0]!;
  return history.start.findIndex(
    (at, i) =>
      at === start &&
      history.end[i] === end &&
      outcomes[history.outcome[i]!] === outcome &&
      operationKinds[history.kind[i]!] === kind &&
      history.quantity[i] === quantity &&
      history.poolIds[history.pool[i]!] === pool &&
      history.intentKeys[history.intent[i]!] === intent &&
      history.reasons[history.reason[i]!] === reason,
  );
}

/**
 * It began before the refusal was over, and bought, or ran at the same time, or has a row, or is of the same intent; or it
 * paid or gave back.
 */
function mayHold(
  { evidence: { history, clockErrorMs } }: Case,
  { i, refusal, ownsRow }: { i: number; refusal: number; ownsRow: boolean },
): boolean {
  const may = history.outcome[i] === OK || history.outcome[i] === INFO;
  // What keeps a hold, or ends it, decides for how long it held.
  if (may && (history.kind[i] === PAY || history.kind[i] === CANCEL)) return true;
  if (!isAcquire(history, i) && history.kind[i] !== PAY) return false;
  if (history.start[i]! > history.end[refusal]! + 2 * clockErrorMs) return false;
  // Another try with the same key may have been told what the refusal says first.
  const isOwnTry = history.intent[i] === history.intent[refusal] && isAcquire(history, i);
  if (may || ownsRow || isOwnTry) return true;
  const soldOut =
    isAcquire(history, i) &&
    history.outcome[i] === REFUSED &&
    history.reasons[history.reason[i]!] === 'sold-out';
  // Who was refused as sold out lacked at least one ticket of those asked for.
  const held = history.quantity[i]! - (soldOut ? 1 : 0);
  return held > 0 && history.end[i]! >= history.start[refusal]! - 2 * clockErrorMs;
}

/** A leak shows in a row, or in a reply as a false *sold out* does. */
export function proveLeakedHold(of: Case): Proof {
  return of.finding.witness.rows.length > 0 ? proveLeakedRow(of) : proveByMostHeld(of);
}
