import { STRANGER } from '../history/attribution.ts';
import { membersOf } from '../history/grouping.ts';
import type { History } from '../history/history.ts';
import { FAIL, HOLD, INFO, isAcquire, OK, PAY, REFUSED } from '../history/history.ts';
import { lastingFloats, passingFloats, passingInt32s } from '../history/lasting.ts';
import { ascending, columnOf, countBefore, countUpTo, entriesAt } from '../history/sorted.ts';
import { HeldOverTime } from './held-over-time.ts';
import { cancelledAt, surelyOverAt } from './holding-spans.ts';
import type { Evidence } from './invariant.ts';
import { RangeMaximum } from './range-maximum.ts';
import type { Sale } from './sale.ts';

/*
 * How many tickets of a pool can have been held while an operation ran: an upper bound for each operation of the pool.
 *
 * - An `ok` or `info` purchase or hold may hold from its start for good, and if its intent has more rows than it asked
 *   for, as many as the rows say; but not beyond the moment at which all of it is surely given back or expired.
 * - A refused or failed one may hold for a moment while it runs: a saga takes stock, finds that the payment fails, and
 *   gives it back. One that was refused as sold out never got all it asked for, so at most one ticket less.
 * - Rows that cannot be placed in time may have held all along.
 *
 * Counting more than can have been is the safe side: it excuses a refusal, it never accuses. Two operations are taken
 * as one after the other only if they are so after both were widened by the clock error.
 */
export interface HeldTickets {
  /** The pool's operations by start, as numbers of the history; below, k is a place in it. */
  readonly operations: Int32Array;
  /** Until they are released, by operations that may have begun before the k-th had ended; at the worst moment of it. */
  readonly forGoodMost: (k: number) => number;
  /** The same as {@link forGoodMost}, as if expired holds kept their tickets. */
  readonly leakyMost: (k: number) => number;
  /** The same as {@link forGoodMost}, but only what the final state shows, or a hold's reply told, and an operation explains. */
  readonly forGoodShown: (k: number) => number;
  /** For a moment, by others, at the worst moment of the k-th. */
  readonly forAMomentMost: (k: number) => number;
}

export function isSoldOutRefusal({ history }: Evidence, i: number): boolean {
  if (!isAcquire(history, i)) return false;
  return history.outcome[i] === REFUSED && history.reasons[history.reason[i]!] === 'sold-out';
}

/**
 * Whether operation i says that its pool was sold out while it ran. Beside another request with its key that was refused or not
 * answered, it may be that one's reply told again, unless the rules say that keys mean nothing, or that such a reply is not
 * kept.
 */
export function tellsSoldOut(evidence: Evidence, i: number): boolean {
  if (!isSoldOutRefusal(evidence, i)) return false;
  const { history, fixture, clockErrorMs } = evidence;
  const { idempotency } = fixture.rules ?? {};
  if (idempotency === 'none') return true;
  const status = history.status[i]!;
  if (idempotency === 'replay-final' && (status === 409 || status === 429 || status >= 500))
    return true;
  const { first, second } = firstTries(history);
  const intent = history.intent[i]!;
  const other = first[intent] === i ? second[intent]! : first[intent]!;
  return other === -1 || history.start[other]! > history.end[i]! + 2 * clockErrorMs;
}

interface Tries {
  readonly first: Int32Array;
  readonly second: Int32Array;
}

const tries = new WeakMap<History, Tries>();

/** By intent: its first two purchases or holds that were refused or not answered; −1 where there are none. O(n), once. */
function firstTries(history: History): Tries {
  const known = tries.get(history);
  if (known !== undefined) return known;
  const first = passingInt32s(history.intentKeys.length).fill(-1);
  const second = first.slice();
  for (let i = 0; i < history.length; i++) {
    const outcome = history.outcome[i]!;
    if (!isAcquire(history, i) || (outcome !== REFUSED && outcome !== INFO)) continue;
    const intent = history.intent[i]!;
    if (first[intent] === -1) first[intent] = i;
    else if (second[intent] === -1) second[intent] = i;
  }
  const found = { first, second };
  tries.set(history, found);
  return found;
}

/** What operation i can hold while it runs if it ends as a refusal or failure. */
function momentaryHold(evidence: Evidence, i: number): number {
  const { outcome, quantity, kind } = evidence.history;
  // A payment that comes late may take the tickets anew before it is refused.
  if (!isAcquire(evidence.history, i) && kind[i] !== PAY) return 0;
  if (outcome[i] !== REFUSED && outcome[i] !== FAIL) return 0;
  return isSoldOutRefusal(evidence, i) ? quantity[i]! - 1 : quantity[i]!;
}

/** What each operation of the history adds, once it has begun, to the tickets held for good. */
interface Holds {
  readonly most: Float64Array;
  readonly shown: Float64Array;
}

/**
 * An intent of which a request for tickets has begun may hold what its rows say, and what those that bought or may have bought
 * so far asked for; the larger counts. So the sum depends only on which operations have begun, and earlier ones can only
 * raise it.
 */
function holdsOf({ history }: Evidence, { wants }: Sale): Holds {
  const most = lastingFloats(history.length);
  const shown = lastingFloats(history.length);
  const bought = passingFloats(wants.length);
  const counted = passingFloats(wants.length);
  for (let i = 0; i < history.length; i++) {
    if (!isAcquire(history, i)) continue;
    const intent = history.intent[i]!;
    const asked = isBuying(history, i) ? history.quantity[i]! : 0;
    if (wants.pool[intent]! < 0) {
      most[i] = asked;
      continue;
    }
    const rows = wants.live[intent]! + wants.cancelled[intent]!;
    bought[intent]! += asked;
    const held = Math.max(rows, bought[intent]!);
    most[i] = held - counted[intent]!;
    counted[intent] = held;
    const isAcknowledgedHold = history.kind[i] === HOLD && history.outcome[i] === OK;
    if (wants.firstBuy[intent] === i) shown[i] = isAcknowledgedHold ? asked : Math.min(rows, asked);
  }
  return { most, shown };
}

function isBuying(history: History, i: number): boolean {
  return isAcquire(history, i) && (history.outcome[i] === OK || history.outcome[i] === INFO);
}

const known = new WeakMap<Evidence, readonly HeldTickets[]>();

/** One for each of the sale's pools. O(n log n) for n operations; each part when it is asked for, and once for an evidence. */
export function heldByPool(evidence: Evidence, sale: Sale): readonly HeldTickets[] {
  const before = known.get(evidence);
  if (before !== undefined) return before;
  const { unplaced } = rowsApart(sale);
  const holds = lazily(() => holdsOf(evidence, sale));
  const overs = lazily(() => oversOf(evidence, sale, surelyOverAt));
  const held = sale.pools.map((_, pool) => {
    const operations = membersOf(sale.operationsByPool, pool);
    return heldTickets(evidence, sale, { operations, unplaced: unplaced[pool]!, holds, overs });
  });
  known.set(evidence, held);
  return held;
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function heldTickets(
  evidence: Evidence,
  sale: Sale,
  of: {
    readonly operations: Int32Array;
    readonly unplaced: number;
    readonly holds: () => Holds;
    readonly overs: () => Float64Array;
  },
): HeldTickets {
  const { history, clockErrorMs } = evidence;
  const { operations, unplaced } = of;
  const during = (holds: Float64Array, overs: Float64Array) =>
    mostDuring(evidence, operations, { holds, overs });
  const most = lazily(() => during(of.holds().most, of.overs()));
  const shown = lazily(() => during(of.holds().shown, of.overs()));
  const leaky = lazily(() => during(of.holds().most, oversOf(evidence, sale, cancelledAt)));
  const starts = lazily(() => entriesAt(history.start, operations));
  const momentary = lazily(() => new RangeMaximum(momentaryHolds(evidence, operations)));
  return {
    operations,
    forGoodMost: (k) => unplaced + most()(k),
    forGoodShown: (k) => shown()(k),
    leakyMost: (k) => unplaced + leaky()(k),
    forAMomentMost: (k) => {
      const i = operations[k]!;
      const first = countBefore(starts(), history.start[i]!);
      const after = countUpTo(starts(), history.end[i]! + 2 * clockErrorMs);
      return momentary().over(first, after) - momentaryHold(evidence, i);
    },
  };
}

/** When each intent is surely over, by intent; +∞ where it is not. */
function oversOf(evidence: Evidence, sale: Sale, endOf: typeof surelyOverAt): Float64Array {
  const overs = lastingFloats(sale.wants.length);
  for (let intent = 0; intent < overs.length; intent++) {
    overs[intent] = endOf(evidence, sale, intent);
  }
  return overs;
}

/**
 * The most that `holds` come to at a moment of the k-th operation, each until its intent is over. All of these widened by
 * the clock error: here everything is later by it, so that what takes tickets stays where it is.
 */
function mostDuring(
  { history, clockErrorMs }: Evidence,
  operations: Int32Array,
  { holds, overs }: { readonly holds: Float64Array; readonly overs: Float64Array },
): (k: number) => number {
  const { start, end, intent } = history;
  const slack = 2 * clockErrorMs;
  const taking = operations.filter((i) => holds[i] !== 0);
  const overAt = columnOf(taking, (i) => Math.max(overs[intent[i]!]!, start[i]!) + slack);
  // Of those that are ever over.
  const order = ascending(overAt);
  const taken = {
    at: entriesAt(start, taking),
    tickets: entriesAt(holds, taking),
  };
  const released = {
    at: entriesAt(overAt, order),
    tickets: columnOf(order, (k) => holds[taking[k]!]!),
  };
  const held = new HeldOverTime(taken, released);
  return (k) => {
    const i = operations[k]!;
    return held.most(start[i]!, Math.max(start[i]!, end[i]!) + slack);
  };
}

/** At each operation's start, the most that operations that may run then and end in vain can hold. */
function momentaryHolds(evidence: Evidence, operations: Int32Array): Float64Array {
  const { history, clockErrorMs } = evidence;
  const byEnd = ascending(entriesAt(history.end, operations));
  const held = passingFloats(operations.length);
  let sum = 0;
  let ended = 0;
  operations.forEach((i, k) => {
    sum += momentaryHold(evidence, i);
    while (history.end[operations[byEnd[ended]!]!]! < history.start[i]! - 2 * clockErrorMs) {
      sum -= momentaryHold(evidence, operations[byEnd[ended++]!]!);
    }
    held[k] = sum;
  });
  return held;
}

/** For each pool, the tickets in rows that no single operation of it accounts for, and whether strangers have rows. */
export function rowsApart(sale: Sale) {
  const unplaced = new Float64Array(sale.pools.length);
  const strangers = new Uint8Array(sale.pools.length);
  sale.rows.forEach((row, i) => {
    const pool = sale.rowPool[i]!;
    if (pool < 0) return;
    const intent = sale.rowIntent[i]!;
    if (intent === STRANGER) strangers[pool] = 1;
    // Nobody's intent has no pool.
    if (sale.wants.pool[intent] !== pool) unplaced[pool]! += row.quantity;
  });
  return { unplaced, strangers };
}
