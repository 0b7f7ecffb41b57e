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
    held: ['paid', 'cancelled', 'expired', ...forgotten(state?.keepsCancelled)],
    paid: ['cancelled'],
    cancelled: forgotten(state?.keepsCancelled),
    expired: [
      ...(['accept', 'accept-if-capacity'].includes(fixture.rules?.latePayment ?? '')
        ? (['paid'] as const)
        : []),
      ...forgotten(state?.keepsCancelled),
    ],
  };
  const reachable = orderStates.map((from) =>
    (steps[from] ?? []).reduce((set, to) => set | bit(to), bit(from)),
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
  return reachable;
}

function forgotten(keepsCancelled: boolean | undefined): 'none'[] {
  return keepsCancelled === true ? [] : ['none'];
}

/** Whether an order can go from one of `from` to one of `to`. */
export function canReach(reachable: readonly States[], from: States, to: States): boolean {
  return reachable.some((set, state) => (from & (1 << state)) !== 0 && (set & to) !== 0);
}

const visited: readonly (readonly [number, States])[] = [
  // A shop may place an order by a purchase and have it paid later.
  [PURCHASE, bit('held') | bit('paid')],
  [HOLD, bit('held')],
  [PAY, bit('paid')],
  [CANCEL, bit('cancelled')],
];

/** What was seen of each order of an intent, one list an order. */
export function sightingsOf(evidence: Evidence, sale: Sale, intent: number): Sighting[][] {
  const own = membersOf(sale.operationsByIntent, intent);
  const { history } = evidence;
  const rows = [...membersOf(sale.rowsByIntent, intent)];
  const acquires = own.filter((i) => isAcquire(history, i) && mayHaveHappened(history, i));
  if (acquires.length <= 1) {
    return [
      [
        ...movesOf(history, own),
        ...readsOf(history, own),
        ...rowSightings(evidence, sale, rows.length === 1 ? rows : []),
      ],
    ];
  }
  // Only what names its order can be told apart.
  const order = history.details?.order;
  const numbers = new Set([...own].map((i) => order?.[i] ?? -1).filter((each) => each !== -1));
  return [...numbers].map((number) => {
    const named = own.filter((i) => order![i] === number);
    const id = history.details!.orders[number]!;
    return [
      ...readsOf(history, named),
      ...rowSightings(
        evidence,
        sale,
        rows.filter((row) => sale.rows[row]!.id === id),
      ),
    ];
  });
}

const mayHaveHappened = ({ outcome }: History, i: number): boolean =>
  outcome[i] === OK || outcome[i] === INFO;

/**
 * Of each kind the first acknowledged move, which was made between the first try that may have made it and its end: a later
 * reply of the same kind may be the first one told again.
 */
function movesOf(history: History, own: Int32Array): Sighting[] {
  const moves: Sighting[] = [];
  for (const [kind, states] of visited) {
    let told = -1;
    let start = Number.POSITIVE_INFINITY;
    for (const i of own) {
      if (history.kind[i] !== kind || !mayHaveHappened(history, i)) continue;
      start = Math.min(start, history.start[i]!);
      if (history.outcome[i] !== OK) continue;
      if (told === -1 || history.end[i]! < history.end[told]!) told = i;
    }
    if (told !== -1) {
      moves.push({ states, start, end: history.end[told]!, operation: told, row: -1 });
    }
  }
  return moves;
}

function readsOf(history: History, own: Int32Array): Sighting[] {
  const { details } = history;
  if (details === null) return [];
  return [...own]
    .filter((i) => history.kind[i] === STATUS && history.outcome[i] === OK)
    .filter((i) => details.state[i] !== -1 && details.mayLag[i] !== 1)
    .map((i) => ({
      states: 1 << details.state[i]!,
      start: history.start[i]!,
      end: history.end[i]!,
      operation: i,
      row: -1,
    }));
}

/** As the read-back shows them, where it can be relied on. */
function rowSightings({ state }: Evidence, sale: Sale, rows: readonly number[]): Sighting[] {
  if (state === null || state.mayLag === true || sale.gaps.state.length > 0) return [];
  return rows.flatMap((row) => {
    const { state: stands } = sale.rows[row]!;
    if (stands === undefined) return [];
    return [{ states: bit(stands), start: state.readAt, end: state.readAt, operation: -1, row }];
  });
}
