import {
  doubtOfState,
  type Facts,
  isAsking,
  isConfirming,
  isLive,
  not,
  type Outcome,
  returners,
  ticketsIn,
} from '../facts.ts';
import { lacksReturns, mostCertain } from './certain-holds.ts';
import { mayBeCancelled } from './rows-of-anybody.ts';

/** More tickets than there are in the end: in live rows, or acknowledged for good and not given back. */
export const checkOversellFinal = (facts: Facts): Outcome =>
  checkOversell(facts, (pool) => acknowledged(facts, pool));

/** More tickets than there are at one moment: in live rows at the read-back, or by what replies said. */
export const checkOversellInstant = (facts: Facts): Outcome =>
  checkOversell(facts, (pool) => mostCertain(facts, pool));

function checkOversell(facts: Facts, promisedIn: (pool: string) => number): Outcome {
  const { pool } = facts;
  if (pool === null) return not('the pool and its capacity');
  const doubt = doubtOfState(facts);
  if (pool.remainingBefore !== null && pool.remainingBefore > pool.capacity) {
    return not('a capacity that is not less than the shop said was left');
  }
  const belowZero = doubt === null && pool.remainingAfter !== null && pool.remainingAfter < 0;
  if (facts.restsOn.fixture.baselineOrders > 0 && !belowZero) {
    return not('that no order from before the run was cancelled and sold again');
  }
  const live = facts.rows.filter((row) => row.pool === pool.id && isLive(row));
  const inRows = doubt === null ? ticketsIn(live) : 0;
  const promised = promisedIn(pool.id);
  const tickets = Math.max(inRows, promised);
  if (tickets <= pool.capacity) {
    return not(
      `${pool.capacity - tickets + 1} more tickets: ${tickets} are shown of a capacity of ${pool.capacity}`,
    );
  }
  const where = inRows >= promised ? 'in live rows' : 'acknowledged and not given back';
  return {
    proven: true,
    tickets,
    because: `${tickets} tickets ${where}, there are ${pool.capacity}`,
  };
}

/** Each buyer once, however often he was told yes; none who may have given the tickets back. */
export function acknowledged(facts: Facts, pool: string, strict = true): number {
  const { mixed, cancelled, operations, restsOn } = facts;
  if (mixed === null || cancelled === null || !facts.allReturns) return 0;
  const mayLack = lacksReturns(facts);
  const mayForget = strict && (mayLack || restsOn.state?.keepsCancelled === false);
  const isShown = !mayLack || (doubtOfState(facts) === null && !restsOn.state!.mayLag);
  const owned = isShown ? ownedIn(facts, pool) : new Map<string | null, number>();
  const bought = new Map<string, number>();
  const back = returners(operations);
  const confirmed = new Set(operations.filter(isConfirming).map(({ intent }) => intent));
  for (const { pool: asked, intent, quantity } of operations.filter(isAsking)) {
    if (!confirmed.has(intent) || back.has(intent) || asked !== pool) continue;
    if (mixed.has(intent) || mayBeCancelled(facts, intent)) continue;
    // A shop that deletes cancelled orders, or whose cancellations may be missing, shows only by whole orders that they were not.
    if (mayForget && (owned.get(intent) ?? 0) < quantity) continue;
    bought.set(intent, quantity);
  }
  return [...bought.values()].reduce((sum, quantity) => sum + quantity, 0);
}

export function ownedIn({ rows }: Facts, pool: string): ReadonlyMap<string | null, number> {
  const owned = new Map<string | null, number>();
  for (const row of rows) {
    if (row.pool !== pool || !isLive(row)) continue;
    owned.set(row.intent, (owned.get(row.intent) ?? 0) + row.quantity);
  }
  return owned;
}
