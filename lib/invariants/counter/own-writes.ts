import { ascending, columnOf } from '../../history/sorted.ts';
import type { Evidence } from '../invariant.ts';
import { type Availability, availabilityOf, type PoolAvailability } from './availability.ts';
import { type Contradiction, explain } from './contradiction.ts';
import { joined, type Seen } from './sightings.ts';
import type { Windows } from './windows.ts';

/*
 * Reads of what is left by buyers who had bought before. Such a read includes the purchase if it is of some moment after it,
 * however old that moment is. So it says at most what can have been left just then: what was seen before the purchase began,
 * less what certainly left before it, less the purchase itself. That is a sighting like others, with the purchase's start for
 * its own and with its tickets taken off, and is judged by the same counter.
 */

/** A read of what is left, after a purchase of the same session or intent; by their numbers in the history. */
export interface OwnRead {
  readonly read: number;
  readonly write: number;
}

export interface OwnReads {
  readonly pool: PoolAvailability;
  /** Places of the reads in `pool.reads`, with the purchases before them. */
  readonly pairs: readonly (OwnRead & { readonly place: number; readonly window: number })[];
}

/** O(n log n). */
export function ownReads(evidence: Evidence): OwnReads[] {
  const groups = groupings(evidence);
  return availabilityOf(evidence)
    .pools.filter(({ reads }) => reads.length > 0)
    .map((pool) => ({
      pool,
      pairs: groups.flatMap((groupOf) => pairsOf(evidence, pool, groupOf)),
    }));
}

type GroupOf = (operation: number) => number;

/** By session, and by intent where another session looks for it. */
function groupings({ history }: Evidence): GroupOf[] {
  return [(i) => history.session[i]!, (i) => history.intent[i]!];
}

/** For each read, of the purchases of its group that ended before it began, the one that began last. */
function pairsOf(evidence: Evidence, { reads, stock }: PoolAvailability, groupOf: GroupOf) {
  const slackMs = 2 * evidence.clockErrorMs;
  const { taken } = stock;
  const writes = ascending(taken.end);
  const latest = new Map<number, number>();
  const pairs: OwnReads['pairs'][number][] = [];
  let next = 0;
  for (const place of ascending(reads.start)) {
    while (next < writes.length && taken.end[writes[next]!]! + slackMs < reads.start[place]!) {
      const window = writes[next++]!;
      const group = groupOf(taken.operation[window]!);
      const known = latest.get(group);
      if (known === undefined || taken.start[window]! >= taken.start[known]!)
        latest.set(group, window);
    }
    const read = reads.operation[place]!;
    const window = latest.get(groupOf(read));
    if (window === undefined) continue;
    pairs.push({ place, window, read, write: taken.operation[window]! });
  }
  return pairs;
}

interface Side {
  readonly taken: Windows;
  readonly seen: Seen;
}

/** Each read as it would be had it been made at the start of the purchase, which it has to include. */
function asSeenAfter({ taken, seen }: Side, pairs: OwnReads['pairs']): Seen {
  const own = windowsOf(taken, pairs);
  const kept = pairs.filter((_, k) => own[k] !== -1);
  const window = own.filter((each) => each !== -1);
  const high = columnOf(window, (each) => -taken.tickets[each]!);
  kept.forEach(({ place }, k) => {
    high[k]! += seen.high[place]!;
  });
  return {
    length: kept.length,
    operation: Int32Array.from(kept, ({ read }) => read),
    start: columnOf(window, (each) => taken.start[each]!),
    end: Float64Array.from(kept, ({ place }) => seen.end[place]!),
    low: new Float64Array(kept.length).fill(Number.NEGATIVE_INFINITY),
    high,
  };
}

/** The window of the purchase of each pair, as in `taken`; −1 where it has none there. */
function windowsOf({ operation }: Windows, pairs: OwnReads['pairs']): Int32Array {
  const own = Int32Array.from(pairs, ({ window, write }) =>
    operation[window] === write ? window : -1,
  );
  if (!own.includes(-1)) return own;
  // These are other windows than those in which the pairs were found.
  const places = new Map<number, number>();
  for (let place = 0; place < operation.length; place++) places.set(operation[place]!, place);
  return own.map((_, k) => places.get(pairs[k]!.write) ?? -1);
}

/** Reads that cannot have included the purchase before them: by what the replies say, and for certain. */
export function unawareReads({ doubt }: Availability, { pool, pairs }: OwnReads) {
  const late = asSeenAfter({ taken: pool.stock.taken, seen: pool.reads }, pairs);
  const all = joined(pool.reads, late);
  const isLate = (place: number) => place >= pool.reads.length;
  const open = pool.counter.contradicted(all, 'more').filter(isLate).length;
  if (open === 0 || doubt !== null || pool.doubt !== null) return { open, certain: [] };
  const given = lenientSight(pool, pairs);
  return { open, certain: pool.lenient().counter.contradicted(given, 'more').filter(isLate) };
}

function lenientSight(pool: PoolAvailability, pairs: OwnReads['pairs']): Seen {
  const reads = pool.leniently(pool.reads);
  return joined(reads, asSeenAfter({ taken: pool.lenient().stock.taken, seen: reads }, pairs));
}

/** The proof that the sighting at `place`, of {@link unawareReads}, is too high; and the purchase it does not include. */
export function explainUnaware(
  { slackMs }: Availability,
  { pool, pairs }: OwnReads,
  place: number,
): (OwnRead & { readonly contradiction: Contradiction }) | null {
  const seen = lenientSight(pool, pairs);
  const { stock } = pool.lenient();
  const contradiction = explain({ stock, seen, slackMs }, 'more', place);
  const own = new Set(stock.taken.operation);
  const pair = pairs.filter(({ write }) => own.has(write))[place - pool.reads.length];
  if (contradiction === null || pair === undefined) return null;
  return { read: pair.read, write: pair.write, contradiction };
}
