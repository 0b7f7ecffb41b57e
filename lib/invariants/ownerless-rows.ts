import { isForGood } from '../history/attribution.ts';
import { addTo, membersOf } from '../history/grouping.ts';
import { matchRows } from '../history/matching.ts';
import { claimantsOf, momentOf } from '../history/nameless-rows.ts';
import type { Evidence } from './invariant.ts';
import { saleOf } from './sale.ts';

/**
 * Live rows that name no intent, beyond those that can be of all who bought for certain, as many as can be, by buyer, pool,
 * quantity and time: nobody knows whose they are. 0 where rows name intents. O(n log n).
 */
export function ownerlessRows(evidence: Evidence): number {
  const sale = saleOf(evidence);
  const { nameless, rows, rowPool, rowsByIntent, wants } = sale;
  if (nameless.count === 0) return 0;
  const bought = new Map<string, number[]>();
  for (let intent = 0; intent < wants.length; intent++) {
    if (!isForGood(sale, intent) || membersOf(rowsByIntent, intent).length > 0) continue;
    const [buyer, pool] = [nameless.buyerOfIntent[intent]!, wants.pool[intent]!];
    addTo(bought, `${buyer} ${pool} ${wants.quantity[intent]!}`, intent);
  }
  const live = new Map<string, number[]>();
  nameless.places.forEach((row, i) => {
    const { status, quantity } = rows[row]!;
    if (status !== 'live') return;
    addTo(live, `${nameless.buyerOfPlace[i]!} ${rowPool[row]!} ${quantity}`, row);
  });
  const claimantOf = claimantsOf(evidence);
  let ownerless = 0;
  for (const [key, own] of live) {
    const moments = own.map((row) => momentOf(evidence, rows[row]!));
    const rowOf = matchRows((bought.get(key) ?? []).map(claimantOf), moments);
    ownerless += own.length - rowOf.filter((row) => row !== -1).length;
  }
  return ownerless;
}
