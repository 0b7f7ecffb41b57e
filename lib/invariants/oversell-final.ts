import { isForGood } from '../history/attribution.ts';
import { OK, PAY, PURCHASE } from '../history/history.ts';
import type { Finding } from '../model/finding.ts';
import type { Pool } from '../model/fixture.ts';
import { counted, fewestAbove, holdsUnless, violated, witnessOf } from './conclude.ts';
import { isTakenUnseen } from './holding-spans.ts';
import type { Evidence, Invariant } from './invariant.ts';
import type { Sale } from './sale.ts';
import { acknowledgedByPool, liveByPool, saleOf } from './sale.ts';
import { counterGaps, edgeGaps, GROWTH_GAP, mayHaveGrown, strangerGaps } from './sell-out.ts';

/*
 * Claims: in the end no pool has more live tickets than its capacity, and no more were acknowledged for good (bought, or
 * held and paid) and never given back. The second needs no final state: each acknowledgement is a promise, kept or not.
 *
 * Cannot see: an oversell that was undone before the read-back; tickets in rows that the read-back does not list,
 * unless the shop's counter gives them away; a capacity that was raised during the run. An excess that the cancellation
 * of orders from before the run could explain, or one at a target that forgets cancelled orders of this run, or one that the
 * history lacks in a sale where tickets are held or given back, is *unknown*.
 *
 * Witness: the pool, the sum, and the fewest rows (or acknowledged purchases) that exceed the capacity, as far as ten
 * can.
 */
interface Oversold {
  readonly pool: number;
  readonly sold: number;
  readonly seenIn: 'rows' | 'operations';
}

function decide(evidence: Evidence): Finding {
  const sale = saleOf(evidence);
  const acknowledged = acknowledgedByPool(sale, (each) => isTakenUnseen(evidence, sale, each));
  const live = liveByPool(sale);
  const trusted = sale.gaps.state.length === 0;
  const oversold: Oversold[] = [];
  sale.pools.forEach(({ capacity }, pool) => {
    const rows = trusted ? live[pool]! : 0;
    const sold = Math.max(rows, acknowledged[pool]!);
    const seenIn = rows === sold ? 'rows' : 'operations';
    if (sold > capacity) oversold.push({ pool, sold, seenIn });
  });
  const certain = oversold.filter(({ pool }) => !mayHaveGrown(evidence, sale, pool));
  if (certain.length > 0) return asViolation(evidence, sale, certain);
  const capacity = sale.pools.reduce((sum, pool) => sum + pool.capacity, 0);
  const sold = live.reduce((sum, each) => sum + each, 0);
  return holdsUnless('oversell-final', {
    missing: [
      ...sale.gaps.all,
      ...strangerGaps(evidence, sale),
      ...edgeGaps(evidence, sale),
      ...counterGaps(evidence),
      ...promiseGaps(sale, oversold),
      ...(oversold.length > 0 ? [GROWTH_GAP] : []),
    ],
    summary: `${counted(sold, 'ticket')} sold of ${capacity}; no pool certainly above its capacity.`,
    witness: witnessOf(evidence, { pools: sale.pools.keys(), figures: { sold, capacity } }),
  });
}

/** More was acknowledged than there is, and only a row that nobody kept could tell that some was given back. */
function promiseGaps(sale: Sale, oversold: readonly Oversold[]): readonly string[] {
  const acknowledged = acknowledgedByPool(sale);
  const isExplained = ({ capacity }: Pool, pool: number) =>
    acknowledged[pool]! <= capacity || oversold.some((each) => each.pool === pool);
  if (sale.pools.every(isExplained)) return [];
  return [
    'More was acknowledged than there is, but nobody can tell what was given back: keep cancelled orders, and record ' +
      'all requests.',
  ];
}

function asViolation(evidence: Evidence, sale: Sale, oversold: readonly Oversold[]): Finding {
  const excess = ({ pool, sold }: Oversold) => sold - sale.pools[pool]!.capacity;
  const worst = oversold.reduce((a, b) => (excess(b) > excess(a) ? b : a));
  const { id, capacity } = sale.pools[worst.pool]!;
  const how = worst.seenIn === 'rows' ? 'live in the final state' : 'acknowledged';
  return violated('oversell-final', {
    count: oversold.length,
    summary: `${counted(worst.sold, 'ticket')} ${how} in pool ${id}, which has ${capacity}.`,
    witness: witnessOf(evidence, {
      pools: [worst.pool],
      figures: { sold: worst.sold, capacity },
      ...(worst.seenIn === 'rows'
        ? { rows: decisiveRows(sale, worst.pool) }
        : { operations: decisiveOperations(evidence, sale, worst.pool) }),
    }),
  });
}

/** The fewest live rows of a pool that exceed its capacity. */
export function decisiveRows(sale: Sale, pool: number): number[] {
  const live = [...sale.rows.keys()].filter(
    (row) => sale.rowPool[row] === pool && sale.rows[row]!.status === 'live',
  );
  return fewestAbove(live, (row) => sale.rows[row]!.quantity, sale.pools[pool]!.capacity);
}

/** The fewest acknowledged intents of a pool that exceed its capacity, each by its first acknowledgement. */
function decisiveOperations(evidence: Evidence, sale: Sale, pool: number): number[] {
  const { history } = evidence;
  const seen = new Set<number>();
  const firsts: number[] = [];
  for (let i = 0; i < history.length; i++) {
    const intent = history.intent[i]!;
    if (history.outcome[i] !== OK || sale.wants.pool[intent] !== pool || seen.has(intent)) continue;
    if (history.kind[i] !== PURCHASE && history.kind[i] !== PAY) continue;
    if (!isForGood(sale, intent) || isTakenUnseen(evidence, sale, intent)) continue;
    seen.add(intent);
    firsts.push(i);
  }
  const quantityOf = (i: number) => sale.wants.quantity[history.intent[i]!]!;
  return fewestAbove(firsts, quantityOf, sale.pools[pool]!.capacity);
}

export const oversellFinal: Invariant = {
  id: 'oversell-final',
  statement: 'Never more sold than there is',
  decide,
};
