import { MIXED } from '../history/attribution.ts';
import { type History, OK, PURCHASE, REFUSED } from '../history/history.ts';
import type { Evidence } from './invariant.ts';
import type { Sale } from './sale.ts';
import { recognisesKeys } from './spending.ts';

/*
 * Where a target recognises keys, the first request with a key decides its reply, and every later one gets that reply:
 * purchases of one intent that were answered must not name different orders, nor may one be accepted and another refused.
 * In which order they came does not matter, for there is but one reply to be had.
 *
 * Replies that no profile keeps are left out: 409 (another request with the key is in flight), 422 (the key was used for
 * something else), 429 and everything from 500 on; and those that the target's protocol takes for failures, for a request
 * that was not understood may be turned down before its key is looked at.
 */

/** Two purchases of one intent, by number, whose replies cannot both be the saved one; null where there are none. */
export function differentReplies(
  evidence: Evidence,
  sale: Sale,
  of: { readonly intent: number; readonly attempts: Int32Array },
): readonly [number, number] | null {
  if (!recognisesKeys(evidence.fixture.rules?.idempotency)) return null;
  if (of.attempts.length < 2 || sale.wants.pool[of.intent] === MIXED) return null;
  const { history } = evidence;
  let accepted = -1;
  let refused = -1;
  for (const i of of.attempts) {
    if (!isSaved(history, i)) continue;
    if (history.outcome[i] === REFUSED) refused = refused === -1 ? i : refused;
    else if (accepted === -1 || orderOf(history, accepted) === -1) accepted = i;
    else if (orderOf(history, i) !== -1 && orderOf(history, i) !== orderOf(history, accepted)) {
      return [accepted, i];
    }
  }
  return accepted === -1 || refused === -1 ? null : [accepted, refused];
}

function isSaved({ kind, outcome, status }: History, i: number): boolean {
  if (kind[i] !== PURCHASE || (outcome[i] !== OK && outcome[i] !== REFUSED)) return false;
  return status[i]! < 500 && ![409, 422, 429].includes(status[i]!);
}

/** Number of the order that it names, −1 where it names none. */
function orderOf({ details }: History, i: number): number {
  return details?.order[i] ?? -1;
}
