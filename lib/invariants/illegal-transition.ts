import { CANCEL, HOLD, PAY, STATUS } from '../history/history.ts';
import type { Finding } from '../model/finding.ts';
import { orderStates } from '../model/operation.ts';
import { counted, holdsUnless, violated, witnessOf } from './conclude.ts';
import type { Evidence, Invariant } from './invariant.ts';
import {
  canReach,
  reachableFrom,
  type Sighting,
  type States,
  sightingsOf,
} from './order-states.ts';
import { saleOf } from './sale.ts';

/*
 * Claims: an order moves only along its states. Of an order that was in one state and certainly later in another, the
 * second can be reached from the first by the moves of the rules. States are told by status reads, by acknowledged moves
 * (a hold, payment or cancellation was in its state within its interval) and by the row of the final state.
 *
 * Cannot see: moves between two looks at an order; reads that may come from a copy that lags behind; orders of an intent
 * that made several and whose replies do not name them. An acknowledgement that repeats an earlier one is no second move.
 *
 * Witness: the two operations, or the operation and the row.
 */
export interface Transition {
  readonly from: Sighting;
  readonly to: Sighting;
}

/**
 * The earliest sighting that no moves connect with one before it, and the earliest such; null where there is none. Of those
 * in the same states only the one that ended first can come before most, so this is O(n) for 32 sets of states.
 */
export function illegalIn(
  sightings: readonly Sighting[],
  { reachable, clockErrorMs }: { reachable: readonly States[]; clockErrorMs: number },
): { readonly illegal: Transition | null; readonly ordered: boolean } {
  const firsts = firstOfEach(sightings);
  let illegal: Transition | null = null;
  let ordered = false;
  for (const to of sightings) {
    for (const from of firsts) {
      if (from.end + 2 * clockErrorMs >= to.start) continue;
      ordered = true;
      if (canReach(reachable, from.states, to.states)) continue;
      if (illegal === null || isEarlier({ from, to }, illegal)) illegal = { from, to };
    }
  }
  return { illegal, ordered };
}

/** Of all sightings in the same states the one that ended first. */
function firstOfEach(sightings: readonly Sighting[]): Sighting[] {
  const firsts: Sighting[] = [];
  for (const each of sightings) {
    const same = firsts.findIndex(({ states }) => states === each.states);
    if (same === -1) firsts.push(each);
    else if (each.end < firsts[same]!.end) firsts[same] = each;
  }
  return firsts;
}

function isEarlier(a: Transition, b: Transition): boolean {
  return (a.to.start - b.to.start || a.from.end - b.from.end) < 0;
}

function decide(evidence: Evidence): Finding {
  const sale = saleOf(evidence);
  const context = { reachable: reachableFrom(evidence), clockErrorMs: evidence.clockErrorMs };
  const found: Transition[] = [];
  let orders = 0;
  for (let intent = 0; intent < sale.wants.length; intent++) {
    let worst: Transition | null = null;
    for (const sightings of sightingsOf(evidence, sale, intent)) {
      const { illegal, ordered } = illegalIn(sightings, context);
      if (ordered) orders++;
      worst ??= illegal;
    }
    if (worst !== null) found.push(worst);
  }
  const figures = { ordersSeenTwice: orders, illegal: found.length };
  const [first] = found;
  if (first !== undefined) {
    const { from, to } = first;
    return violated('illegal-transition', {
      count: found.length,
      summary: `${counted(found.length, 'order')} moved as none may: one was ${wordsFor(from)}, and later ${wordsFor(to)}.`,
      witness: witnessOf(evidence, {
        operations: [from.operation, to.operation].filter((i) => i !== -1),
        rows: [from.row, to.row].filter((row) => row !== -1),
        figures,
      }),
    });
  }
  const untried =
    'No order was seen twice, one time after the other: read its state between the steps.';
  return holdsUnless('illegal-transition', {
    missing: orders === 0 ? [...sale.gaps.all, untried] : sale.gaps.all,
    summary: `${counted(orders, 'order')} seen more than once, each moved along its states.`,
    witness: witnessOf(evidence, { figures }),
  });
}

function wordsFor({ states }: Sighting): string {
  return orderStates.filter((_, state) => (states & (1 << state)) !== 0).join(' or ');
}

export const illegalTransition: Invariant = {
  id: 'illegal-transition',
  statement: 'An order moves only along its states',
  isBeside: ({ history, historyComplete, state }) => {
    if (!historyComplete || history.length === 0) return null;
    const moves = [HOLD, PAY, CANCEL, STATUS].some((kind) => history.kind.includes(kind));
    const told = state?.orders.some((row) => row.state !== undefined) === true;
    return moves || told ? null : 'Orders have one step only, and nobody asked where they stand.';
  },
  decide,
};
