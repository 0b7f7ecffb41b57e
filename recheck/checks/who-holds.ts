import {
  doubtOfState,
  type Facts,
  isAsking,
  isLive,
  not,
  type Operation,
  type Outcome,
  type Row,
  ticketsIn,
} from '../facts.ts';
import { byBuyer, mostAtOnce, type Stretch, stretchesOf } from './certain-holds.ts';

/** It has its tickets at the read-back: live, and no hold whose time was over by then. */
export function hasTickets({ restsOn, clockErrorMs }: Facts, row: Row): boolean {
  if (!isLive(row)) return false;
  if (row.state !== 'held' || row.expiresAt === undefined) return true;
  const { clockSkewMs = 0 } = restsOn.fixture.rules ?? {};
  return row.expiresAt - clockSkewMs - clockErrorMs > (restsOn.state?.readAt ?? Infinity);
}

/** Buyers' stretches with what each asked for, in pools that there are; none where a cancellation may be missing. */
function holdings(facts: Facts): { asked: Operation; stretches: Stretch[]; own: Operation[] }[] {
  const { mixed, cancelled, allOperations, knownPools } = facts;
  if (!allOperations || mixed === null || cancelled === null) return [];
  return [...byBuyer(facts.operations)].flatMap(([intent, own]) => {
    const asked = own.find(isAsking);
    if (asked === undefined || mixed.has(intent) || !knownPools.has(asked.pool)) return [];
    return [{ asked, own, stretches: stretchesOf(facts, intent, own) }];
  });
}

/** Two live rows with one seat, or two buyers who were both told that it is theirs and hold it at one moment. */
export function checkDoubleAllocation(facts: Facts): Outcome {
  const doubt = doubtOfState(facts);
  const rows = doubt === null ? facts.rows.filter((row) => hasTickets(facts, row)) : [];
  const isTwice = rows.some(({ id, pool, seat }) =>
    rows.some(
      (other) =>
        seat !== undefined && other.id !== id && other.pool === pool && other.seat === seat,
    ),
  );
  if (isTwice) return { proven: true, tickets: 2, because: 'two live rows have the same seat' };
  const seated = holdings(facts).flatMap((each) => {
    const seats = new Set(
      each.own.filter((one) => isAsking(one) && one.outcome === 'ok').map(({ seat }) => seat),
    );
    const [seat] = seats;
    return seats.size === 1 && seat !== undefined ? [{ ...each, seat }] : [];
  });
  for (const [place, one] of seated.entries()) {
    for (const other of seated.slice(place + 1)) {
      if (one.seat !== other.seat || one.asked.pool !== other.asked.pool) continue;
      if (one.stretches.some((a) => other.stretches.some((b) => a.from < b.to && b.from < a.to))) {
        return { proven: true, tickets: 2, because: 'two buyers held the same seat at one moment' };
      }
    }
  }
  return not('two owners of one seat, with all of their operations');
}

/** More than the limit in live rows of one buyer, or held by him at one moment. */
export function checkBuyerLimit(facts: Facts): Outcome {
  const { buyer } = facts.about;
  const limit = facts.restsOn.fixture.rules?.buyerLimit;
  if (buyer === undefined) return not('the buyer');
  if (limit === undefined) return not('a limit');
  const own = facts.rows.filter(
    (row) => row.intent !== null && facts.buyerOf(row.intent) === buyer && hasTickets(facts, row),
  );
  const inRows = doubtOfState(facts) === null ? ticketsIn(own) : 0;
  const changes = holdings(facts)
    .filter(({ asked }) => facts.buyerOf(asked.intent) === buyer)
    .flatMap(({ asked, stretches }) =>
      stretches.flatMap(({ from, to }) => [
        { at: from, by: asked.quantity },
        { at: to, by: -asked.quantity },
      ]),
    );
  const tickets = Math.max(inRows, mostAtOnce(changes));
  if (tickets <= limit) return not(`${limit - tickets + 1} more tickets of the buyer`);
  return { proven: true, tickets, because: `one buyer had ${tickets}, the limit is ${limit}` };
}
