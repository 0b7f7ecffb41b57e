import { MIXED } from '../history/attribution.ts';
import { membersOf } from '../history/grouping.ts';
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

/** Two purchases of the intent, by number, whose replies cannot both be the saved one; null where there are none. */
export function differentReplies(
  { history, fixture }: Evidence,
  sale: Sale,
  intent: number,
): readonly [number, number] | null {
  if (!recognisesKeys(fixture.rules?.idempotency) || sale.wants.pool[intent] === MIXED) return null;
  let named = -1;
  let accepted = -1;
  let refused = -1;
  for (const i of membersOf(sale.operationsByIntent, intent)) {
    if (!isSaved(history, i)) continue;
    if (history.outcome[i] === REFUSED) {
      refused = i;
      continue;
    }
    accepted = i;
    const order = history.details?.order[i] ?? -1;
    if (order === -1) continue;
    if (named !== -1 && order !== history.details!.order[named]) return [named, i];
    named = i;
  }
  return accepted === -1 || refused === -1 ? null : [accepted, refused];
}

function isSaved({ kind, outcome, status }: History, i: number): boolean {
  if (kind[i] !== PURCHASE || (outcome[i] !== OK && outcome[i] !== REFUSED)) return false;
  return status[i]! < 500 && ![409, 422, 429].includes(status[i]!);
}
