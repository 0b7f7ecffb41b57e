import {
  doubtOfState,
  type Facts,
  isAsking,
  mayHaveHappened,
  not,
  type Operation,
  type Outcome,
} from '../facts.ts';
import { byBuyer } from './certain-holds.ts';

/** An order was in one of these states at a moment from `start` to `end`. */
interface Seen {
  readonly states: readonly string[];
  readonly start: number;
  readonly end: number;
}

/** Seen in one state and certainly later in another that no way leads to. */
export function checkIllegalTransition(facts: Facts): Outcome {
  if (!facts.allOperations || !facts.allRows) return not('all operations and rows of the buyer');
  for (const own of byBuyer(facts.operations).values()) {
    for (const seen of ordersOf(facts, own)) {
      for (const from of seen) {
        for (const to of seen) {
          if (!(from.end + 2 * facts.clockErrorMs < to.start)) continue;
          const possible = from.states.some((state) =>
            to.states.some((other) => leadsTo(facts, state, other)),
          );
          if (possible) continue;
          const because = `an order was ${from.states.join(' or ')}, and later ${to.states.join(' or ')}`;
          return { proven: true, tickets: 0, because };
        }
      }
    }
  }
  return not('an order that moved as none may');
}

/** What was seen of each order of one buyer; where there are, or may be, several only what names them. */
function ordersOf(facts: Facts, own: readonly Operation[]): Seen[][] {
  // A row of somebody who only looked or gave back is nobody's order.
  const hasOrder = own.some((each) => isAsking(each) || each.kind === 'pay');
  const rows = facts.rows.filter(({ intent }) => hasOrder && intent === own[0]!.intent);
  const took = own.filter((each) => isAsking(each) && mayHaveHappened(each));
  if (took.length <= 1 && facts.restsOn.history.complete) {
    return [[...moves(facts, own), ...reads(own), ...inRows(facts, rows.length === 1 ? rows : [])]];
  }
  const orders = new Set(own.flatMap(({ order }) => order ?? []));
  return [...orders].map((order) => [
    ...reads(own.filter((each) => each.order === order)),
    ...inRows(
      facts,
      rows.filter(({ id }) => id === order),
    ),
  ]);
}

const led = new Map([
  ['purchase', ['held', 'paid']],
  ['hold', ['held']],
  ['pay', ['paid']],
  ['cancel', ['cancelled']],
]);

/** The first yes of each kind: a later one may say again what an earlier one did. */
function moves(facts: Facts, own: readonly Operation[]): Seen[] {
  return [...led].flatMap(([kind, states]) => {
    const tries = own.filter((each) => each.kind === kind && mayHaveHappened(each));
    const [told] = tries.filter(({ outcome }) => outcome === 'ok').sort((a, b) => a.end - b.end);
    if (told === undefined) return [];
    const start = Math.min(...tries.map((each) => each.start));
    const seen = { states, start, end: told.end };
    return kind === 'cancel' ? givenBack(facts, own, seen) : [seen];
  });
}

/** What was not known to be there may come later, and a hold that is given back may have expired already. */
function givenBack(
  { restsOn, clockErrorMs }: Facts,
  own: readonly Operation[],
  seen: Seen,
): Seen[] {
  const before = own.filter(
    ({ outcome, end }) => outcome === 'ok' && end + 2 * clockErrorMs < seen.start,
  );
  if (before.some(({ kind }) => kind === 'purchase' || kind === 'pay')) return [seen];
  if (!before.some(({ kind }) => kind === 'hold')) return [];
  const { holdMs = -Infinity, clockSkewMs = 0 } = restsOn.fixture.rules ?? {};
  const tries = own.filter((each) => each.kind === 'hold' && mayHaveHappened(each));
  const first = Math.min(...tries.map(({ start }) => start));
  const expires = Math.min(...tries.map(({ expiresAt }) => expiresAt ?? first + holdMs));
  const mayExpire = expires - clockSkewMs <= seen.end + 2 * clockErrorMs;
  return [mayExpire ? { ...seen, states: [...seen.states, 'expired'] } : seen];
}

function reads(own: readonly Operation[]): Seen[] {
  return own.flatMap(({ kind, outcome, state, mayLag, start, end }) =>
    kind === 'status' && outcome === 'ok' && state !== undefined && mayLag !== true
      ? [{ states: [state], start, end }]
      : [],
  );
}

function inRows(facts: Facts, rows: Facts['rows']): Seen[] {
  const { state } = facts.restsOn;
  if (state === null || state.mayLag || doubtOfState(facts) !== null) return [];
  const { readAt } = state;
  return rows.flatMap((row) =>
    row.state === undefined ? [] : [{ states: [row.state], start: readAt, end: readAt }],
  );
}

/** By any number of steps, none included; what is over may be forgotten, and comes to nothing more. */
function leadsTo({ restsOn }: Facts, from: string, to: string): boolean {
  const { moves: told, latePayment = '' } = restsOn.fixture.rules ?? {};
  const steps: Readonly<Record<string, readonly string[]>> = told ?? {
    none: ['held', 'paid'],
    held: ['paid', 'cancelled', 'expired'],
    paid: ['cancelled'],
    expired: latePayment.startsWith('accept') ? ['paid'] : [],
  };
  const reached = new Set([from]);
  for (const state of reached) for (const next of steps[state] ?? []) reached.add(next);
  const isForgotten = restsOn.state?.keepsCancelled !== true && to === 'none';
  return reached.has(to) || (isForgotten && (reached.has('cancelled') || reached.has('expired')));
}
