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

/**
 * More tickets than there are: in live rows at the read-back, or acknowledged and not given back. Nothing in a history
 * releases tickets, so too many in the end were too many at once.
 */
export function checkOversell(facts: Facts): Outcome {
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
  const promised = acknowledged(facts, pool.id);
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
  if (mixed === null || cancelled === null) return 0;
  const mayForget = strict && restsOn.state?.keepsCancelled === false;
  const owned = ownedIn(facts, pool);
  const bought = new Map<string, number>();
  const back = returners(operations);
  const confirmed = new Set(operations.filter(isConfirming).map(({ intent }) => intent));
  for (const { pool: asked, intent, quantity } of operations.filter(isAsking)) {
    if (!confirmed.has(intent) || back.has(intent) || asked !== pool) continue;
    if (mixed.has(intent) || cancelled.has(intent)) continue;
    // A shop that deletes cancelled orders shows only by whole orders that they were not cancelled.
    if (mayForget && (owned.get(intent) ?? 0) < quantity) continue;
    bought.set(intent, quantity);
  }
  return [...bought.values()].reduce((sum, quantity) => sum + quantity, 0);
}

function ownedIn({ rows }: Facts, pool: string): ReadonlyMap<string | null, number> {
  const owned = new Map<string | null, number>();
  for (const row of rows) {
    if (row.pool !== pool || !isLive(row)) continue;
    owned.set(row.intent, (owned.get(row.intent) ?? 0) + row.quantity);
  }
  return owned;
}
