import { membersOf } from '../history/grouping.ts';
import {
  CANCEL,
  type History,
  HOLD,
  INFO,
  isAcquire,
  OK,
  ORDER_STATE,
  PAY,
  PURCHASE,
  STATUS,
} from '../history/history.ts';
import type { Finding } from '../model/finding.ts';
import { orderStates } from '../model/operation.ts';
import { counted, holdsUnless, violated, witnessOf } from './conclude.ts';
import { type Availability, availabilityOf } from './counter/availability.ts';
import { shownOf } from './counter/contradiction.ts';
import {
  explainUnaware,
  type OwnReads,
  ownReads,
  pairAt,
  unawareReads,
} from './counter/own-writes.ts';
import { readGaps } from './counter/read-gaps.ts';
import { isRead, mayLag } from './counter/sightings.ts';
import type { Evidence, Invariant } from './invariant.ts';
import { showsOrder } from './reconcile.ts';
import { mayBeReleased, saleOf } from './sale.ts';

/*
 * Claims: a buyer sees what he has done. A read of what is left, after an acknowledged purchase or hold of the same session
 * or the same intent, is low enough to include it. A read of an order's state knows the order after its purchase or hold was
 * acknowledged, does not show it as held after its payment was, nor as held or paid after the cancellation of what was there.
 *
 * Cannot see: whether a number that is low enough does include it; what tickets that came back, or an expired hold that
 * the shop forgets, may explain; states of orders where one intent may have several. Reads that their target declares to
 * lag are left out.
 *
 * Witness: the purchase (or payment, or cancellation) and the read; for a number, also the earlier read that it goes by and
 * what certainly left before the purchase.
 */
interface Unaware {
  readonly write: number;
  readonly read: number;
}

/** Reads of states that cannot have seen what the same intent had done before; by start. O(operations). */
export function unawareStatuses(evidence: Evidence): { checked: number; found: Unaware[] } {
  const { history } = evidence;
  const found: Unaware[] = [];
  let checked = 0;
  const sale = saleOf(evidence);
  for (let i = 0; i < history.length; i++) {
    if (!isStatusRead(history, i)) continue;
    const own = membersOf(sale.operationsByIntent, history.intent[i]!);
    if (lastBefore(evidence, { read: i, own }, WRITES) === undefined) continue;
    checked++;
    const write = unseenWrite(evidence, { read: i, own });
    if (write !== undefined) found.push({ write, read: i });
  }
  return { checked, found };
}

export function isStatusRead({ kind, outcome, details }: History, i: number): boolean {
  if (details === null || kind[i] !== STATUS || outcome[i] !== OK) return false;
  return details.state[i] !== -1 && details.mayLag[i] === 0;
}

/** A write that was acknowledged before the read began, not of another order. */
function isWriteBefore({ history, clockErrorMs }: Evidence, i: number, read: number): boolean {
  if (history.outcome[i] !== OK) return false;
  if (history.end[i]! + 2 * clockErrorMs >= history.start[read]!) return false;
  const { order } = history.details!;
  return order[i] === -1 || order[read] === -1 || order[i] === order[read];
}

const WRITES = [PURCHASE, HOLD, PAY, CANCEL];

interface StatusRead {
  readonly read: number;
  /** All operations of the read's intent. */
  readonly own: Int32Array;
}

function unseenWrite(evidence: Evidence, of: StatusRead): number | undefined {
  const { history } = evidence;
  const { read, own } = of;
  const state = history.details!.state[read]!;
  if (state === ORDER_STATE.none) {
    const made = own.find((i) => isAcquire(history, i) && isWriteBefore(evidence, i, read));
    return mayBeGone(evidence, of) ? undefined : made;
  }
  const isHeld = state === ORDER_STATE.held;
  if (!isHeld && state !== ORDER_STATE.paid) return undefined;
  let acquires = 0;
  for (const i of own) if (isAcquire(history, i) && mayHaveHappened(history, i)) acquires++;
  if (acquires !== 1) return undefined;
  const cancel = lastBefore(evidence, of, [CANCEL]);
  if (cancel !== undefined && isForGood(evidence, own, cancel)) return cancel;
  return isHeld ? lastBefore(evidence, of, [PAY]) : undefined;
}

/**
 * A cancellation ends an order that was there when it began, for a shop may be glad to cancel what is not there yet; and that
 * no payment may revive.
 */
function isForGood({ history, clockErrorMs }: Evidence, own: Int32Array, cancel: number): boolean {
  const until = history.start[cancel]! - 2 * clockErrorMs;
  const isOkBefore = (i: number) => history.outcome[i] === OK && history.end[i]! < until;
  const isThere = own.some(
    (i) => isOkBefore(i) && (isAcquire(history, i) || showsOrder(history, i)),
  );
  return (
    isThere &&
    own.every((i) => history.kind[i] !== PAY || !mayHaveHappened(history, i) || isOkBefore(i))
  );
}

/** The last acknowledged write of these kinds that the read has to know of. */
function lastBefore(
  evidence: Evidence,
  { read, own }: StatusRead,
  kinds: readonly number[],
): number | undefined {
  for (let at = own.length - 1; at >= 0; at--) {
    const i = own[at]!;
    if (kinds.includes(evidence.history.kind[i]!) && isWriteBefore(evidence, i, read)) return i;
  }
  return undefined;
}

function mayHaveHappened({ outcome }: History, i: number): boolean {
  return outcome[i] === OK || outcome[i] === INFO;
}

/** An order that was given back or has expired may not be shown any more. */
function mayBeGone(evidence: Evidence, { own, read }: StatusRead): boolean {
  const { history, clockErrorMs, fixture } = evidence;
  if (mayBeReleased(evidence, saleOf(evidence), history.intent[read]!)) return true;
  const { clockSkewMs = 0, holdMs = 0 } = fixture.rules ?? {};
  const until = history.end[read]! + 2 * clockErrorMs;
  return own.some((i) => {
    if (!mayHaveHappened(history, i)) return false;
    if (history.kind[i] === CANCEL) return history.start[i]! <= until;
    if (history.kind[i] !== HOLD) return false;
    const told = history.details!.expiresAt[i]!;
    const expiry = Number.isNaN(told) ? history.start[i]! + holdMs : told - clockSkewMs;
    return expiry <= until;
  });
}

/** What the proof of a violation shows: the smallest there is, a state before a number. */
export function worstUnaware(evidence: Evidence) {
  const availability = availabilityOf(evidence);
  const numbers = ownReads(evidence);
  const unaware = numbers.map((own) => unawareReads(availability, own));
  return worstOf(availability, { statuses: unawareStatuses(evidence).found, numbers, unaware });
}

interface Looked {
  readonly statuses: readonly Unaware[];
  readonly numbers: readonly OwnReads[];
  /** Of each of `numbers`. */
  readonly unaware: readonly { readonly certain: readonly number[] }[];
}

function worstOf(availability: Availability, { statuses, numbers, unaware }: Looked) {
  const [status] = availability.doubt === null ? statuses : [];
  if (status !== undefined) return { ...status, contradiction: null, pool: null };
  for (const [k, own] of numbers.entries()) {
    const [place] = unaware[k]!.certain;
    const explained = place === undefined ? null : explainUnaware(availability, own, place);
    if (explained !== null) return { ...explained, pool: own.pool.pool };
  }
  return null;
}

function decide(evidence: Evidence): Finding {
  const sale = saleOf(evidence);
  const availability = availabilityOf(evidence);
  const statuses = unawareStatuses(evidence);
  const numbers = ownReads(evidence);
  const unaware = numbers.map((own) => unawareReads(availability, own));
  const worst = worstOf(availability, { statuses: statuses.found, numbers, unaware });
  if (worst !== null) {
    const certain = unaware.reduce((sum, each) => sum + each.certain.length, 0);
    return asViolation(evidence, worst, statuses.found.length + certain);
  }
  const seen = numbers.reduce((sum, { length }) => sum + length, 0);
  const open = statuses.found.length + unaware.reduce((sum, each) => sum + each.open, 0);
  const missing = [...readGaps(evidence)];
  if (seen + statuses.checked === 0) {
    missing.push(
      'Nobody looked after having bought: let buyers read what is left, or their order, afterwards.',
    );
  }
  if (open > 0) {
    missing.push(
      `${counted(open, 'read')} did not show what the buyer had done, which gaps in the evidence or wrong replies could explain.`,
    );
  }
  return holdsUnless('read-your-writes', {
    missing: [...new Set(missing)],
    summary: `${counted(seen + statuses.checked, 'read')} after the buyer’s own purchase, none certainly without it.`,
    witness: witnessOf(evidence, {
      operations: exampleOf(numbers, evidence.history),
      pools: sale.pools.keys(),
      figures: { reads: seen, statuses: statuses.checked },
    }),
  });
}

function exampleOf(numbers: readonly OwnReads[], history: History): number[] {
  const own = numbers.find(({ length }) => length > 0);
  if (own !== undefined) {
    const { write, read } = pairAt(own, 0);
    return [write, read];
  }
  const status = history.kind.findIndex((_, i) => isStatusRead(history, i));
  return status === -1 ? [] : [status];
}

function asViolation(
  evidence: Evidence,
  worst: NonNullable<ReturnType<typeof worstUnaware>>,
  count: number,
): Finding {
  const { history } = evidence;
  const { write, read, contradiction, pool } = worst;
  const found = `${counted(count, 'read')} did not show what the buyer had done before: `;
  if (contradiction === null) {
    const state = orderStates[history.details!.state[read]!]!;
    return violated('read-your-writes', {
      count,
      summary: `${found}an order’s state was told as ${state} after its ${kindWord(history, write)} was acknowledged.`,
      witness: witnessOf(evidence, { operations: [write, read], figures: {} }),
    });
  }
  const value = history.details!.value[read]!;
  const sale = saleOf(evidence);
  const { id } = sale.pools[pool!]!;
  return violated('read-your-writes', {
    count,
    summary: `${found}${value} left in pool ${id}, though fewer were left once the purchase was made.`,
    witness: witnessOf(evidence, {
      operations: shownOf(evidence, sale, { contradiction, pool: pool!, besides: [write] }),
      pools: [pool!],
      figures: {
        value,
        certainBefore: contradiction.certain,
        mayHaveComeBack: contradiction.against,
      },
    }),
  });
}

function kindWord({ kind }: History, i: number): string {
  if (kind[i] === PAY) return 'payment';
  if (kind[i] === CANCEL) return 'cancellation';
  return kind[i] === HOLD ? 'hold' : 'purchase';
}

export const readYourWrites: Invariant = {
  id: 'read-your-writes',
  statement: 'Buyers see what they have done',
  isBeside: ({ history }) => {
    const looks = history.kind.some(
      (_, i) => isStatusRead(history, i) || (isRead(history, i) && !mayLag(history, i)),
    );
    return looks
      ? null
      : 'Nobody read what is left, or an order, except where the target says that reads may lag behind.';
  },
  decide,
};
