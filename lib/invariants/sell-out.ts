import { CANCEL, HOLD, isAcquire, REFUSED } from '../history/history.ts';
import type { Evidence } from './invariant.ts';
import { peaksByPool } from './peak.ts';
import { liveByPool, type Sale } from './sale.ts';

/**
 * Pools that were sold to the edge: more tickets were asked for than there are, and in the end, or at a moment before
 * holds were given back, so few were left that the smallest refused purchase did not fit. A shop that refuses everybody after one sale reaches no edge, and who asks
 * for more than there ever was has not come to one.
 */
export function poolsAtTheEdge(evidence: Evidence, sale: Sale): number[] {
  const { history } = evidence;
  const asked = new Float64Array(sale.pools.length);
  const smallestRefused = new Float64Array(sale.pools.length).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < history.length; i++) {
    const pool = sale.operationPool[i]!;
    if (pool < 0 || !isAcquire(history, i)) continue;
    const quantity = history.quantity[i]!;
    if (quantity > sale.pools[pool]!.capacity) continue;
    asked[pool]! += quantity;
    if (history.outcome[i] !== REFUSED) continue;
    smallestRefused[pool] = Math.min(smallestRefused[pool]!, quantity);
  }
  const live = liveByPool(sale);
  // Where nothing comes back, what was acknowledged and left no row is no sign that the pool was empty.
  const comesBack = history.kind.includes(HOLD) || history.kind.includes(CANCEL);
  const peaks = comesBack ? peaksByPool(evidence, sale) : [];
  return [...sale.pools.keys()].filter((pool) => {
    const { capacity } = sale.pools[pool]!;
    const sold = Math.max(live[pool]!, peaks[pool]?.most ?? 0);
    const smallest = smallestRefused[pool]!;
    return asked[pool]! > capacity && sold > capacity - (Number.isFinite(smallest) ? smallest : 1);
  });
}

/** The gap of a run in which no pool came to its edge; empty where one did. */
export function edgeGaps(evidence: Evidence, sale: Sale): readonly string[] {
  if (poolsAtTheEdge(evidence, sale).length > 0) return [];
  return ['No pool was sold out, so the limit was not tested: offer more buyers than tickets.'];
}

/**
 * The gap of a read-back that leaves out strangers' orders: they count against the capacity too. There is none where
 * the shop's own counter accounts for every ticket by the rows that were read.
 */
export function strangerGaps({ state }: Evidence, sale: Sale): readonly string[] {
  if (state === null || state.exhaustive) return [];
  const live = liveByPool(sale);
  const remaining = new Map(state.pools.map((pool) => [pool.id, pool.remaining]));
  const accounted = sale.pools.every(
    ({ id, capacity }, pool) => remaining.get(id) === capacity - live[pool]!,
  );
  if (accounted) return [];
  return [
    'Only the orders of this run’s buyers were read, and the shop’s counter does not show that there are no ' +
      'others: read all orders (over SQL).',
  ];
}

/**
 * Orders from before the run may have been cancelled in it and their tickets sold again, which is no oversell. A counter
 * below zero shows more sales than that can explain.
 */
export function mayHaveGrown({ fixture, state }: Evidence, sale: Sale, pool: number): boolean {
  const { capacity, remaining } = sale.pools[pool]!;
  if ((remaining ?? capacity) > capacity) return true;
  if (fixture.baselineOrders.length === 0) return false;
  const left = state?.pools.find(({ id }) => id === sale.pools[pool]!.id)?.remaining ?? 0;
  return left >= 0 || sale.gaps.state.length > 0;
}

/** What an excess that older orders could explain lacks to be a violation. */
export const GROWTH_GAP =
  'More was sold than there was at first, but it may not have been all: the shop said that more was left, or orders from ' +
  'before the run were cancelled and sold again. Start from pools without orders.';

/** The gap of a shop whose own counter says that more is gone than its rows show. */
export function counterGaps({ state }: Evidence): readonly string[] {
  if (state?.pools.some(({ remaining }) => (remaining ?? 0) < 0) !== true) return [];
  return [
    'The shop’s counter is below zero, which its rows do not bear out: see stock-conservation.',
  ];
}
