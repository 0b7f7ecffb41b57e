import { type History, INFO, isAcquire, OK, REFUSED } from '../history/history.ts';
import { salesOf } from '../history/sales.ts';
import type { Fixture, Pool } from '../model/fixture.ts';

/**
 * When the sale was sold out, seen from outside.
 * - `sold-out`: `at` is exact, Unix epoch milliseconds.
 * - `unsold`: tickets certainly remained until `until`.
 * - `unknown`: nobody can tell, for the reason given.
 */
export type SoldOut =
  | { readonly seen: 'sold-out'; readonly at: number }
  | { readonly seen: 'unsold'; readonly until: number }
  | { readonly seen: 'unknown'; readonly why: string };

/**
 * A pool is sold out at the end of the purchase or payment that brings the tickets acknowledged for good to its capacity.
 * Where lost
 * replies, or a rest too small for anybody, keep them below: at the end of the first refusal of the smallest quantity
 * that began after the last sale, if all that was possibly sold leaves less than that quantity. Only quantities of buyers
 * who were not served count: a rest of one ticket is none to those who want two. The sale is sold out when its last pool
 * is. Unless the pools are this run's alone, a buyer who was refused may have been so because of others' purchases.
 * O(n log n) whatever the number of pools.
 */
export function soldOut(
  history: History,
  { pools, exclusive }: Pick<Fixture, 'pools' | 'exclusive'>,
): SoldOut {
  const tallies = tallyPools(history, pools);
  const moments = tallies.map((tally) => soldOutPool(tally, exclusive === true));
  const unknown = moments.find(({ seen }) => seen === 'unknown');
  if (unknown !== undefined) return unknown;
  const until = Math.max(...moments.map((m) => (m.seen === 'unsold' ? m.until : -Infinity)));
  if (until > -Infinity) return { seen: 'unsold', until };
  const at = Math.max(...moments.map((m) => (m.seen === 'sold-out' ? m.at : -Infinity)));
  if (at > -Infinity) return { seen: 'sold-out', at };
  return { seen: 'unknown', why: 'there was nothing to sell' };
}

function soldOutPool(tally: Tally, isExclusive: boolean): SoldOut {
  const { capacity, acknowledged, possible, wanted, smallest, fullAt, refusedAt, lastEnd } = tally;
  if (fullAt < Infinity) return { seen: 'sold-out', at: fullAt };
  if (wanted < capacity) {
    return { seen: 'unknown', why: `only ${wanted} of ${capacity} tickets were asked for` };
  }
  if (acknowledged + possible <= capacity - smallest) {
    if (isExclusive || !tally.wasRefused) return { seen: 'unsold', until: lastEnd };
    const sold = `only ${acknowledged} of ${capacity} tickets were sold to this run`;
    return { seen: 'unknown', why: `${sold}, and buyers were refused: others may have bought` };
  }
  if (refusedAt < Infinity) return { seen: 'sold-out', at: refusedAt };
  return {
    seen: 'unknown',
    why: 'lost replies may have taken the last tickets, or nobody asked after the last sale',
  };
}

interface Tally {
  readonly capacity: number;
  /** Tickets acknowledged, tickets that purchases without an answer may have taken, tickets asked for. */
  acknowledged: number;
  possible: number;
  wanted: number;
  /** The smallest quantity of those who were not served. */
  smallest: number;
  wasRefused: boolean;
  /** When the acknowledged tickets reached the capacity, when the last was acknowledged, the last reply. */
  fullAt: number;
  lastSaleAt: number;
  lastEnd: number;
  /** End of the first refusal of the smallest quantity that began after the last sale. */
  refusedAt: number;
}

function emptyTally({ capacity }: Pool): Tally {
  const nothing = { acknowledged: 0, possible: 0, wanted: 0, smallest: Infinity };
  const never = { fullAt: Infinity, lastSaleAt: -Infinity, lastEnd: -Infinity };
  return {
    ...nothing,
    ...never,
    capacity,
    wasRefused: false,
    refusedAt: Infinity,
  };
}

/** One tally for each pool that has tickets. */
function tallyPools(history: History, pools: readonly Pool[]): Tally[] {
  const tallies = new Map(
    pools.filter(({ capacity }) => capacity > 0).map((pool) => [pool.id, emptyTally(pool)]),
  );
  const byIndex = history.poolIds.map((id) => tallies.get(id));
  countRequests(history, byIndex);
  countSales(history, byIndex);
  findRefusals(history, byIndex);
  return [...tallies.values()];
}

type TalliesByIndex = readonly (Tally | undefined)[];

function countRequests(history: History, tallies: TalliesByIndex): void {
  const isServed = new Uint8Array(history.intentKeys.length);
  for (const i of salesOf(history).operation) isServed[history.intent[i]!] = 1;
  for (let i = 0; i < history.length; i++) {
    const tally = tallies[history.pool[i]!];
    if (tally === undefined || !isAcquire(history, i)) continue;
    const quantity = history.quantity[i]!;
    tally.wanted += quantity;
    const outcome = history.outcome[i];
    if (outcome !== OK) tally.smallest = Math.min(tally.smallest, quantity);
    if (outcome === REFUSED) tally.wasRefused = true;
    tally.lastEnd = Math.max(tally.lastEnd, history.end[i]!);
    // Tickets that are held and not paid, or given back later, may stand in others' way.
    const mayHold = outcome === INFO || (outcome === OK && isServed[history.intent[i]!] === 0);
    if (mayHold) tally.possible += quantity;
  }
}

/** The history is in order of start, but a ticket counts from when its purchase was acknowledged. */
function countSales(history: History, tallies: TalliesByIndex): void {
  const { operation, quantity } = salesOf(history);
  const byEnd = [...operation.keys()].sort(
    (a, b) => history.end[operation[a]!]! - history.end[operation[b]!]!,
  );
  for (const sale of byEnd) {
    const i = operation[sale]!;
    const tally = tallies[history.pool[i]!];
    if (tally === undefined) continue;
    tally.acknowledged += quantity[sale]!;
    tally.lastSaleAt = history.end[i]!;
    if (tally.acknowledged >= tally.capacity && tally.fullAt === Infinity) {
      tally.fullAt = tally.lastSaleAt;
    }
  }
}

function findRefusals(history: History, tallies: TalliesByIndex): void {
  for (let i = 0; i < history.length; i++) {
    if (history.outcome[i] !== REFUSED || !isAcquire(history, i)) continue;
    const tally = tallies[history.pool[i]!];
    if (tally === undefined || history.quantity[i] !== tally.smallest) continue;
    if (history.start[i]! > tally.lastSaleAt) {
      tally.refusedAt = Math.min(tally.refusedAt, history.end[i]!);
    }
  }
}
