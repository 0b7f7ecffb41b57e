import { ascending, columnOf } from '../../history/sorted.ts';
import type { Evidence } from '../invariant.ts';
import { NumberList } from '../number-list.ts';
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

/** Reads of what is left, each after a purchase of the same session or intent, in columns. */
export interface OwnReads {
  readonly pool: PoolAvailability;
  readonly length: number;
  /** Places in `pool.reads`. */
  readonly place: Int32Array;
  /** Places in `pool.stock.taken` of the purchases before them. */
  readonly window: Int32Array;
}

/** O(n log n). */
export function ownReads(evidence: Evidence): OwnReads[] {
  const { history } = evidence;
  // By session, and by intent where another session looks for it.
  const groupings = [numbered(history.session), history.intent];
  return availabilityOf(evidence)
    .pools.filter(({ reads }) => reads.length > 0)
    .map((pool) => pairsOf(pool, groupings, 2 * evidence.clockErrorMs));
}

/** The same, with numbers 0, 1, … for what may be any. */
function numbered(column: Int32Array): Int32Array {
  const numbers = new Map<number, number>();
  return column.map((each) => {
    const number = numbers.get(each) ?? numbers.size;
    numbers.set(each, number);
    return number;
  });
}

/** For each read, of the purchases of its group that ended before it began, the one that began last. */
function pairsOf(
  pool: PoolAvailability,
  groupings: readonly Int32Array[],
  slackMs: number,
): OwnReads {
  const { reads, stock } = pool;
  const { taken } = stock;
  const writes = ascending(taken.end);
  const order = ascending(reads.start);
  const places = new NumberList();
  const windows = new NumberList();
  for (const groupOf of groupings) {
    const latest = new Int32Array(groupOf.length).fill(-1);
    let next = 0;
    for (const place of order) {
      for (; next < writes.length; next++) {
        const window = writes[next]!;
        if (taken.end[window]! + slackMs >= reads.start[place]!) break;
        const group = groupOf[taken.operation[window]!]!;
        const known = latest[group]!;
        if (known === -1 || taken.start[window]! >= taken.start[known]!) latest[group] = window;
      }
      const window = latest[groupOf[reads.operation[place]!]!]!;
      if (window === -1) continue;
      places.add(place);
      windows.add(window);
    }
  }
  return {
    pool,
    length: places.length,
    place: new Int32Array(places.build()),
    window: new Int32Array(windows.build()),
  };
}

interface Side {
  readonly taken: Windows;
  readonly seen: Seen;
}

/** Each read as it would be had it been made at the start of the purchase, which it has to include; and which they are. */
function asSeenAfter({ taken, seen }: Side, own: OwnReads) {
  const places = placesIn(taken, own);
  const pairs = Array.from(places.keys()).filter((k) => places[k] !== -1);
  const window = (k: number) => places[k]!;
  const sightings: Seen = {
    length: pairs.length,
    operation: Int32Array.from(pairs, (k) => seen.operation[own.place[k]!]!),
    start: columnOf(pairs, (k) => taken.start[window(k)]!),
    end: columnOf(pairs, (k) => seen.end[own.place[k]!]!),
    low: new Float64Array(pairs.length).fill(Number.NEGATIVE_INFINITY),
    high: columnOf(pairs, (k) => seen.high[own.place[k]!]! - taken.tickets[window(k)]!),
  };
  return { sightings, pairs };
}

/** The window of the purchase of each pair, as in `taken`; −1 where it has none there. */
function placesIn(taken: Windows, { pool, window }: OwnReads): Int32Array {
  if (taken === pool.stock.taken) return window;
  const places = new Map<number, number>();
  for (let place = 0; place < taken.length; place++) places.set(taken.operation[place]!, place);
  return window.map((each) => places.get(pool.stock.taken.operation[each]!) ?? -1);
}

/** How many reads cannot have included the purchase before them by what the replies say, and which ones certainly cannot. */
export function unawareReads({ doubt }: Availability, own: OwnReads) {
  const { pool } = own;
  const late = asSeenAfter({ taken: pool.stock.taken, seen: pool.reads }, own).sightings;
  const open = pool.counter.contradicted(pool.reads, 'more', { of: late }).length;
  if (open === 0 || doubt !== null || pool.doubt !== null) return { open, certain: [] };
  const { reads, after } = lenientSight(own);
  const of = after.sightings;
  return { open, certain: pool.lenient().counter.contradicted(reads, 'more', { of }) };
}

function lenientSight(own: OwnReads) {
  const reads = own.pool.leniently(own.pool.reads);
  const { taken } = own.pool.lenient().stock;
  return { reads, after: asSeenAfter({ taken, seen: reads }, own) };
}

/** A read, and a purchase that it does not include, by their numbers in the history; with the proof. */
export interface Unaware {
  readonly read: number;
  readonly write: number;
  readonly contradiction: Contradiction;
}

/** The proof that the sighting at `place`, of the certain ones of {@link unawareReads}, is too high. */
export function explainUnaware(
  { slackMs }: Availability,
  own: OwnReads,
  place: number,
): Unaware | null {
  const { reads, after } = lenientSight(own);
  const { stock } = own.pool.lenient();
  const seen = joined(reads, after.sightings);
  const contradiction = explain({ stock, seen, slackMs }, 'more', reads.length + place);
  if (contradiction === null) return null;
  const pair = after.pairs[place]!;
  return { ...pairAt(own, pair), contradiction };
}

/** The k-th read and the purchase before it, by their numbers in the history. */
export function pairAt({ pool, place, window }: OwnReads, k: number) {
  const read = pool.reads.operation[place[k]!]!;
  return { read, write: pool.stock.taken.operation[window[k]!]! };
}
