import { passingFloats, passingInt32s } from '../../history/lasting.ts';
import { ascending, entriesAt } from '../../history/sorted.ts';
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

/** Reads of what is left, each after a purchase of the same session or intent, in columns. */
interface Pairs {
  /** Places in `pool.reads`. */
  readonly place: Int32Array;
  /** Places in the windows of what was certainly taken of the purchases before them. */
  readonly window: Int32Array;
}

export interface OwnReads extends Pairs {
  readonly pool: PoolAvailability;
  readonly length: number;
}

/** A number for each operation, below `groups`. */
interface Numbering {
  readonly numbers: Int32Array;
  readonly groups: number;
}

/** O(n log n). */
export function ownReads(evidence: Evidence): OwnReads[] {
  const { session, intent, intentKeys } = evidence.history;
  // By session, and by intent where another session looks for it.
  const numberings = [numbered(session), { numbers: intent, groups: intentKeys.length }];
  return availabilityOf(evidence).pools.map((pool) => {
    const pairs = pairsOf(pool, numberings, 2 * evidence.clockErrorMs);
    return { pool, length: pairs.place.length, ...pairs };
  });
}

function numbered(column: Int32Array): Numbering {
  const known = new Map<number, number>();
  const numbers = column.map((each) => {
    const number = known.get(each) ?? known.size;
    known.set(each, number);
    return number;
  });
  return { numbers, groups: known.size };
}

/** For each read, of the purchases of its group that ended before it began, the one that began last. */
function pairsOf(
  { reads, stock }: PoolAvailability,
  numberings: readonly Numbering[],
  slackMs: number,
): Pairs {
  const { taken } = stock;
  const writes = ascending(taken.end);
  const order = ascending(reads.start);
  const places = passingInt32s(numberings.length * order.length);
  const windows = passingInt32s(places.length);
  let length = 0;
  for (const { numbers, groups } of numberings) {
    const latest = new Int32Array(groups).fill(-1);
    let next = 0;
    for (let k = 0; k < order.length; k++) {
      const place = order[k]!;
      for (; next < writes.length; next++) {
        const window = writes[next]!;
        if (taken.end[window]! + slackMs >= reads.start[place]!) break;
        const group = numbers[taken.operation[window]!]!;
        const known = latest[group]!;
        if (known === -1 || taken.start[window]! >= taken.start[known]!) latest[group] = window;
      }
      const window = latest[numbers[reads.operation[place]!]!]!;
      if (window === -1) continue;
      places[length] = place;
      windows[length++] = window;
    }
  }
  return { place: places.subarray(0, length), window: windows.subarray(0, length) };
}

/** Each read as it would be had it been made at the start of the purchase, which it has to include. */
function asSeenAfter(taken: Windows, seen: Seen, { place, window }: Pairs): Seen {
  const high = entriesAt(seen.high, place);
  return {
    length: place.length,
    operation: place.map((each) => seen.operation[each]!),
    start: entriesAt(taken.start, window),
    end: entriesAt(seen.end, place),
    low: passingFloats(place.length).fill(Number.NEGATIVE_INFINITY),
    high: high.map((most, k) => most - taken.tickets[window[k]!]!),
  };
}

/** How many reads cannot have included the purchase before them by what the replies say, and which ones certainly cannot. */
export function unawareReads({ doubt }: Availability, own: OwnReads) {
  const { pool } = own;
  const late = asSeenAfter(pool.stock.taken, pool.reads, own);
  const open = pool.counter.contradicted(pool.reads, 'more', { of: late }).length;
  if (open === 0 || doubt !== null || pool.doubt !== null) return { open, certain: [] };
  const sight = lenientSight(own);
  const { counter } = pool.lenient();
  return { open, certain: counter.contradicted(sight.reads, 'more', { of: sight.late }) };
}

/** The same for a shop that did not keep to its replies; of pairs whose purchase certainly took something even then. */
function lenientSight(own: OwnReads) {
  const { pool } = own;
  const { taken } = pool.lenient().stock;
  const places = new Map<number, number>();
  for (const [place, operation] of taken.operation.entries()) places.set(operation, place);
  const inTaken = own.window.map((each) => places.get(pool.stock.taken.operation[each]!) ?? -1);
  const pairs = own.place.map((_, k) => k).filter((k) => inTaken[k] !== -1);
  const reads = pool.leniently(pool.reads);
  const late = asSeenAfter(taken, reads, {
    place: pairs.map((k) => own.place[k]!),
    window: pairs.map((k) => inTaken[k]!),
  });
  return { reads, late, pairs };
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
  const { reads, late, pairs } = lenientSight(own);
  const { stock } = own.pool.lenient();
  const seen = joined(reads, late);
  const contradiction = explain({ stock, seen, slackMs }, 'more', reads.length + place);
  if (contradiction === null) return null;
  return { ...pairAt(own, pairs[place]!), contradiction };
}

/** The k-th read and the purchase before it, by their numbers in the history. */
export function pairAt({ pool, place, window }: OwnReads, k: number) {
  const read = pool.reads.operation[place[k]!]!;
  return { read, write: pool.stock.taken.operation[window[k]!]! };
}
