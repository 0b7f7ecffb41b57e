import { membersOf } from '../history/grouping.ts';
import {
  CANCEL,
  type History,
  HOLD,
  INFO,
  isAcquire,
  OK,
  PAY,
  PURCHASE,
  STATUS,
} from '../history/history.ts';
import { orderStates } from '../model/operation.ts';
import { expiryOf } from './holding-spans.ts';
import type { Evidence } from './invariant.ts';
import type { Sale } from './sale.ts';

/** A set of order states: bit s for `orderStates[s]`. */
export type States = number;

const bit = (state: (typeof orderStates)[number]): States => 1 << orderStates.indexOf(state);

/** One moment in [start, end] at which an order was in one of these states. */
export interface Sighting {
  readonly states: States;
  readonly start: number;
  readonly end: number;
  /** The operation that told it, −1 for a row. */
  readonly operation: number;
  readonly row: number;
}

/**
 * For each state those that an order can reach from it in any number of steps, itself too. Where the rules say nothing, an
 * order goes none → held → paid → cancelled, none → paid, held → cancelled or expired; where late payments are taken,
 * expired → paid; and where cancelled orders may be forgotten, what is over may look as if it had never been.
 */
export function reachableFrom({ fixture, state }: Evidence): States[] {
  const steps = fixture.rules?.moves ?? {
    none: ['held', 'paid'],
    held: ['paid', 'cancelled', 'expired'],
    paid: ['cancelled'],
    expired: ['accept', 'accept-if-capacity'].includes(fixture.rules?.latePayment ?? '')
      ? ['paid']
      : [],
  };
  const reachable = orderStates.map(
    (from) => steps[from]?.reduce((set, to) => set | bit(to), bit(from)) ?? bit(from),
  );
  // Five states: after as many rounds nothing is new.
  for (const _ of orderStates) {
    reachable.forEach((set, from) => {
      reachable[from] = reachable.reduce(
        (all, next, via) => (set & (1 << via) ? all | next : all),
        set,
      );
    });
  }
  if (state?.keepsCancelled === true) return reachable;
  // What is forgotten comes to nothing more.
  const over = bit('cancelled') | bit('expired');
  return reachable.map((set) => ((set & over) === 0 ? set : set | bit('none')));
}

/** Whether an order can go from one of `from` to one of `to`. */
export function canReach(reachable: readonly States[], from: States, to: States): boolean {
  for (let state = 0; state < reachable.length; state++) {
    if ((from & (1 << state)) !== 0 && (reachable[state]! & to) !== 0) return true;
  }
  return false;
}

/** In which state an order was when it was acknowledged that it had made a move. */
const visited: readonly { readonly kind: number; readonly states: States }[] = [
  // A shop may place an order by a purchase and have it paid later.
  { kind: PURCHASE, states: bit('held') | bit('paid') },
  { kind: HOLD, states: bit('held') },
  { kind: PAY, states: bit('paid') },
  { kind: CANCEL, states: bit('cancelled') },
];

/** What was seen of each order of an intent, one list an order. */
export function sightingsOf(evidence: Evidence, sale: Sale, intent: number): Sighting[][] {
  const { history } = evidence;
  const own = membersOf(sale.operationsByIntent, intent);
  const rows = membersOf(sale.rowsByIntent, intent);
  let acquires = 0;
  for (let at = 0; at < own.length; at++) {
    if (isAcquire(history, own[at]!) && mayHaveHappened(history, own[at]!)) acquires++;
  }
  // Where requests are missing, one of them may have made another order, or what is told may be an old reply.
  if (acquires > 1 || !evidence.historyComplete)
    return sightingsOfNamed(evidence, sale, { own, rows });
  const seen: Sighting[] = [];
  addMoves(seen, evidence, own);
  addReads(seen, history, own);
  if (rows.length === 1) addRow(seen, evidence, sale, rows[0]!);
  return [seen];
}

/** Of orders of one intent that are several, or may be, only those that are named can be told apart. */
function sightingsOfNamed(
  evidence: Evidence,
  sale: Sale,
  { own, rows }: { readonly own: Int32Array; readonly rows: Int32Array },
): Sighting[][] {
  const { details } = evidence.history;
  if (details === null) return [];
  const numbers = new Set(Array.from(own, (i) => details.order[i]!).filter((each) => each !== -1));
  return Array.from(numbers, (number) => {
    const seen: Sighting[] = [];
    addReads(
      seen,
      evidence.history,
      own.filter((i) => details.order[i] === number),
    );
    for (const row of rows) {
      if (sale.rows[row]!.id === details.orders[number]) addRow(seen, evidence, sale, row);
    }
    return seen;
  });
}

const mayHaveHappened = ({ outcome }: History, i: number): boolean =>
  outcome[i] === OK || outcome[i] === INFO;

/**
 * Of each kind the first acknowledged move, which was made between the first try that may have made it and its end: a later
 * reply of the same kind may be the first one told again.
 */
function addMoves(seen: Sighting[], evidence: Evidence, own: Int32Array): void {
  const { history } = evidence;
  for (let move = 0; move < visited.length; move++) {
    const { kind, states: claimed } = visited[move]!;
    let told = -1;
    let start = Number.POSITIVE_INFINITY;
    for (let at = 0; at < own.length; at++) {
      const i = own[at]!;
      if (history.kind[i] !== kind || !mayHaveHappened(history, i)) continue;
      start = Math.min(start, history.start[i]!);
      if (history.outcome[i] !== OK) continue;
      if (told === -1 || history.end[i]! < history.end[told]!) told = i;
    }
    if (told === -1) continue;
    const end = history.end[told]!;
    const states = kind === CANCEL ? statesAfter(evidence, own, { start, end }) : claimed;
    if (states !== 0) seen.push({ states, start, end, operation: told, row: -1 });
  }
}

/**
 * Where a cancellation that was first tried at `start` and acknowledged by `end` may leave an order. A shop may be glad to
 * give back a hold that has expired already, and an order that it does not know yet: then nothing was seen, for the order may
 * still come.
 */
function statesAfter(
  evidence: Evidence,
  own: Int32Array,
  cancel: { readonly start: number; readonly end: number },
): States {
  const { history, clockErrorMs, fixture } = evidence;
  let isThere = false;
  let mayExpire = false;
  for (let at = 0; at < own.length; at++) {
    const i = own[at]!;
    const [kind, outcome] = [history.kind[i]!, history.outcome[i]!];
    const isBefore = history.end[i]! + 2 * clockErrorMs < cancel.start;
    if (outcome === OK && isBefore) {
      if (kind === PURCHASE || kind === PAY) return bit('cancelled');
      if (kind === HOLD) isThere = true;
    }
    if (kind !== HOLD || !mayHaveHappened(history, i)) continue;
    const earliest = expiryOf(evidence, i).earliest - (fixture.rules?.clockSkewMs ?? 0);
    if (earliest <= cancel.end + 2 * clockErrorMs) mayExpire = true;
  }
  if (!isThere) return 0;
  return mayExpire ? bit('cancelled') | bit('expired') : bit('cancelled');
}

function addReads(seen: Sighting[], history: History, own: Int32Array): void {
  const { details } = history;
  if (details === null) return;
  for (let at = 0; at < own.length; at++) {
    const i = own[at]!;
    if (history.kind[i] !== STATUS || history.outcome[i] !== OK) continue;
    const state = details.state[i]!;
    if (state === -1 || details.mayLag[i] === 1) continue;
    const [start, end] = [history.start[i]!, history.end[i]!];
    seen.push({ states: 1 << state, start, end, operation: i, row: -1 });
  }
}

/** As the read-back shows it, where it can be relied on. */
function addRow(seen: Sighting[], { state }: Evidence, sale: Sale, row: number): void {
  if (state === null || state.mayLag === true || sale.gaps.state.length > 0) return;
  const { state: stands } = sale.rows[row]!;
  if (stands === undefined) return;
  seen.push({ states: bit(stands), start: state.readAt, end: state.readAt, operation: -1, row });
}
