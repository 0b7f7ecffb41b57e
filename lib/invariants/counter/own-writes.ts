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
    for (let k = 0; k < order.length; k++) {
      const place = order[k]!;
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
  const { pairs, window } = pairsIn(taken, own);
  const place = columnOf(pairs, (k) => own.place[k]!);
  const high = columnOf(place, (each) => seen.high[each]!);
  for (let k = 0; k < high.length; k++) high[k]! -= taken.tickets[window[k]!]!;
  const sightings: Seen = {
    length: pairs.length,
    operation: new Int32Array(columnOf(place, (each) => seen.operation[each]!)),
    start: columnOf(window, (each) => taken.start[each]!),
    end: columnOf(place, (each) => seen.end[each]!),
    low: new Float64Array(pairs.length).fill(Number.NEGATIVE_INFINITY),
    high,
  };
  return { sightings, pairs };
}

/** The pairs whose purchase has a window in `taken`, and that window. */
function pairsIn(taken: Windows, own: OwnReads) {
  const placeOf = placesIn(taken, own.pool.stock.taken);
  const pairs = new NumberList();
  const windows = new NumberList();
  for (let k = 0; k < own.length; k++) {
    const place = placeOf(own.window[k]!);
    if (place === undefined) continue;
    pairs.add(k);
    windows.add(place);
  }
  return { pairs: pairs.build(), window: windows.build() };
}

/** Where the window of the same purchase is in other windows. */
function placesIn(taken: Windows, known: Windows): (window: number) => number | undefined {
  if (taken === known) return (window) => window;
  const places = new Map<number, number>();
  for (let place = 0; place < taken.length; place++) places.set(taken.operation[place]!, place);
  return (window) => places.get(known.operation[window]!);
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
