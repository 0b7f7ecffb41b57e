import { isAcquire, OK } from '../../history/history.ts';
import { namingGaps, trialGaps } from '../evidence-gaps.ts';
import type { Evidence } from '../invariant.ts';
import { saleOf } from '../sale.ts';
import { availabilityOf } from './availability.ts';
import { hasExactRead, isRead } from './sightings.ts';

/** What stands in the way of *holds* for any claim about reads. None of them needs the final state. */
export function readGaps(evidence: Evidence): string[] {
  const sale = saleOf(evidence);
  const { doubt, pools } = availabilityOf(evidence);
  const doubts = pools
    .filter(({ reads, lagging }) => reads.length + lagging.length > 0)
    .map((pool) => pool.doubt);
  const gaps = [
    ...sale.gaps.history,
    ...namingGaps(evidence, sale),
    ...trialGaps(evidence),
    ...(evidence.historyComplete ? [doubt] : []),
    ...doubts,
  ];
  return [...new Set(gaps.filter((gap) => gap !== null))];
}

/** The gap of a history in which no read of what is left ran beside a sale of its pool. */
export function companyGaps({ history }: Evidence): string[] {
  const latest = new Map<string, number>();
  for (let i = 0; i < history.length; i++) {
    const isSale = history.outcome[i] === OK && isAcquire(history, i);
    if (!isSale && !isRead(history, i)) continue;
    const pool = history.pool[i]!;
    if (history.start[i]! < (latest.get(`${pool} ${!isSale}`) ?? Number.NEGATIVE_INFINITY))
      return [];
    const key = `${pool} ${isSale}`;
    latest.set(key, Math.max(latest.get(key) ?? Number.NEGATIVE_INFINITY, history.end[i]!));
  }
  return ['No read ran while a ticket of its pool was sold: read what is left during the rush.'];
}

/** Why claims about exact reads say nothing about a sale; null where they do. */
export function lacksExactReads(evidence: Evidence): string | null {
  return hasExactRead(evidence)
    ? null
    : 'Nobody read how many tickets are left, except where the target says that reads may lag behind.';
}
