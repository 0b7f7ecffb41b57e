import { isForGood } from '../history/attribution.ts';
import { OK, PAY, PURCHASE } from '../history/history.ts';
import type { Finding } from '../model/finding.ts';
import { counted, fewestAbove, holdsUnless, violated, witnessOf } from './conclude.ts';
import type { Evidence, Invariant } from './invariant.ts';
import { decisiveRows } from './oversell-final.ts';
import type { Sale } from './sale.ts';
import { acknowledgedByPool, liveByPool, mayBeReleased, saleOf } from './sale.ts';
import { counterGaps, edgeGaps, GROWTH_GAP, mayHaveGrown, strangerGaps } from './sell-out.ts';

/*
 * Claims: at no moment are more tickets of a pool held or sold than there are. A purchase certainly holds its tickets
 * from the end of its first acknowledgement until it is released; without releases in the history that is for good.
 * A purchase whose rows are cancelled was released at an unknown time, so it holds nothing for certain. Every live row
 * of the final state holds at the moment of the read-back.
 *
 * Cannot see, as in oversell-final: what older or forgotten cancellations could explain (*unknown*). Holds inside the shop that no reply tells of; an excess of purchases that were cancelled later.
 *
 * Witness: the pool, the most that was held, the purchase that first exceeded the capacity (with its time after the
 * first operation) and the fewest others it needs for that.
 */
interface Excess {
  readonly pool: number;
  readonly held: number;
  readonly seenIn: 'rows' | 'operations';
}

function decide(evidence: Evidence): Finding {
  const sale = saleOf(evidence);
  const live = liveByPool(sale);
  const trusted = sale.gaps.state.length === 0;
  const excesses: Excess[] = [];
  const isReleased = (intent: number) => mayBeReleased(evidence, sale, intent);
  acknowledgedByPool(sale, isReleased).forEach((acknowledged, pool) => {
    const { capacity } = sale.pools[pool]!;
    // Without releases what is held only grows, so the most is held at the end.
    if (acknowledged > capacity) excesses.push({ pool, held: acknowledged, seenIn: 'operations' });
    else if (trusted && live[pool]! > capacity)
      excesses.push({ pool, held: live[pool]!, seenIn: 'rows' });
  });
  const certain = excesses.filter(({ pool }) => !mayHaveGrown(evidence, sale, pool));
  if (certain.length > 0) return asViolation(evidence, sale, certain);
  const capacity = sale.pools.reduce((sum, pool) => sum + pool.capacity, 0);
  const held = live.reduce((sum, each) => sum + each, 0);
  return holdsUnless('oversell-instant', {
    missing: [
      ...sale.gaps.all,
      ...strangerGaps(evidence, sale),
      ...edgeGaps(evidence, sale),
      ...releaseGaps(evidence, sale, live),
      ...counterGaps(evidence),
      ...(excesses.length > 0 ? [GROWTH_GAP] : []),
    ],
    summary: `At most ${counted(held, 'ticket')} of ${capacity} held at once; no pool certainly above its capacity.`,
    witness: witnessOf(evidence, { pools: sale.pools.keys(), figures: { held, capacity } }),
  });
}

/** Released tickets may have been held at the same time as others. */
function releaseGaps({ state }: Evidence, sale: Sale, live: Float64Array): readonly string[] {
  if (state === null) return [];
  if (!state.keepsCancelled) {
    return [
      'The target does not keep cancelled orders, so some may have been held unseen: keep them.',
    ];
  }
  const ever = live.slice();
  sale.rows.forEach((row, i) => {
    const pool = sale.rowPool[i]!;
    if (pool >= 0 && row.status === 'cancelled') ever[pool]! += row.quantity;
  });
  if (sale.pools.every(({ capacity }, pool) => ever[pool]! <= capacity)) return [];
  return ['Rows were cancelled at unknown times: record cancellations in the history.'];
}

function asViolation(evidence: Evidence, sale: Sale, excesses: readonly Excess[]): Finding {
  const above = ({ pool, held }: Excess) => held - sale.pools[pool]!.capacity;
  const worst = excesses.reduce((a, b) => (above(b) > above(a) ? b : a));
  const { id, capacity } = sale.pools[worst.pool]!;
  const figures = { held: worst.held, capacity };
  const exhibits =
    worst.seenIn === 'rows'
      ? { rows: decisiveRows(sale, worst.pool), figures }
      : momentOfExcess(evidence, sale, { pool: worst.pool, figures });
  return violated('oversell-instant', {
    count: excesses.length,
    summary: `${counted(worst.held, 'ticket')} held at once in pool ${id}, which has ${capacity}.`,
    witness: witnessOf(evidence, { pools: [worst.pool], ...exhibits }),
  });
}

/** The first acknowledgement at whose end more is held than there is, and the fewest before it that it needs. */
function momentOfExcess(
  evidence: Evidence,
  sale: Sale,
  found: { readonly pool: number; readonly figures: Readonly<Record<string, number>> },
) {
  const { history } = evidence;
  const { capacity } = sale.pools[found.pool]!;
  const acquired = acquiredInPool(evidence, sale, found.pool);
  let held = 0;
  const crossing = acquired.findIndex((i) => {
    held += history.quantity[i]!;
    return held > capacity;
  });
  const last = acquired[crossing]!;
  const quantityOf = (i: number) => history.quantity[i]!;
  const others = fewestAbove(acquired.slice(0, crossing), quantityOf, capacity - quantityOf(last));
  const exceededAfterMs = history.end[last]! - history.start[0]!;
  return { operations: [last, ...others], figures: { ...found.figures, exceededAfterMs } };
}

/** One operation an intent that holds for good: its acknowledgement that ended first; by end. */
export function acquiredInPool(evidence: Evidence, sale: Sale, pool: number): number[] {
  const { history } = evidence;
  const firsts = new Map<number, number>();
  for (let i = 0; i < history.length; i++) {
    const intent = history.intent[i]!;
    if (history.outcome[i] !== OK || sale.wants.pool[intent] !== pool) continue;
    if (history.kind[i] !== PURCHASE && history.kind[i] !== PAY) continue;
    if (!isForGood(sale, intent) || mayBeReleased(evidence, sale, intent)) continue;
    const known = firsts.get(intent);
    if (known === undefined || history.end[i]! < history.end[known]!) firsts.set(intent, i);
  }
  return [...firsts.values()].sort((a, b) => history.end[a]! - history.end[b]! || a - b);
}

export const oversellInstant: Invariant = {
  id: 'oversell-instant',
  statement: 'Never more held or sold than there is, at any moment',
  decide,
};
