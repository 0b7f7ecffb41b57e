import { passingFloats, passingUint32s } from './lasting.ts';

/** What `of` says of each of the numbers, in their order. */
export function columnOf(
  numbers: Int32Array | Uint32Array | Float64Array | readonly number[],
  of: (number: number) => number,
): Float64Array {
  const column = passingFloats(numbers.length);
  for (let i = 0; i < numbers.length; i++) column[i] = of(numbers[i]!);
  return column;
}

/**
 * What the column has at each of the places, in their order, and as much more. The same could be had from `columnOf`, but that
 * calls for each number, which makes an object of it where it is a time.
 */
export function entriesAt(
  column: Float64Array,
  places: Int32Array | Uint32Array | readonly number[],
  more = 0,
): Float64Array {
  const entries = passingFloats(places.length);
  for (let i = 0; i < places.length; i++) entries[i] = column[places[i]!]! + more;
  return entries;
}

/** Two digits are four and a half hours in milliseconds. */
const DIGIT_BITS = 12;
const DIGITS = 1 << DIGIT_BITS;
/** As many are compared sooner than the digits are counted. */
const FEW = 64;
/** What is nearly in order is at most as many places off. */
const PLACES_MAX = 32;

/**
 * Places of the finite values, smallest first; equal ones in the order given. What is nearly in order, as the ends of operations
 * that are in order of their starts, is put right in passing. Else whole numbers within 2³² of each other are dealt out by their
 * digits, lowest first, in O(n); few, and others, take a comparison function, which for many is ten times as long.
 */
export function ascending(values: Float64Array): Uint32Array {
  let finite = 0;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  let isWhole = true;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    finite++;
    isWhole &&= Number.isSafeInteger(value);
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const order = passingUint32s(finite);
  let next = 0;
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i]!)) order[next++] = i;
  if (isPutRight(values, order)) return order;
  if (finite > FEW && isWhole && most - least < 2 ** 32)
    return dealOut(values, order, { least, most });
  return order.sort((a, b) => values[a]! - values[b]! || a - b);
}

/** Moves each before the larger ones that come earlier; false as soon as one is too many places off, and some are not in order. */
function isPutRight(values: Float64Array, order: Uint32Array): boolean {
  for (let k = 1; k < order.length; k++) {
    const place = order[k]!;
    const value = values[place]!;
    const least = Math.max(0, k - PLACES_MAX);
    let to = k;
    for (; to > least && values[order[to - 1]!]! > value; to--) order[to] = order[to - 1]!;
    order[to] = place;
    if (k - to === PLACES_MAX) return false;
  }
  return true;
}

/** Room that is needed only while one column is dealt out: taken anew each time, it would set off collections of garbage. */
let room = { places: new Uint32Array(), distances: new Uint32Array() };

function roomFor(length: number) {
  if (room.places.length < length)
    room = { places: new Uint32Array(length), distances: new Uint32Array(length) };
  return room;
}

/** Puts `order` in order. */
function dealOut(
  values: Float64Array,
  order: Uint32Array,
  { least, most }: { readonly least: number; readonly most: number },
): Uint32Array {
  const { places, distances } = roomFor(values.length);
  let from: Uint32Array = order;
  let to: Uint32Array = places.subarray(0, order.length);
  const next = new Uint32Array(DIGITS);
  for (let k = 0; k < order.length; k++) distances[order[k]!] = values[order[k]!]! - least;
  for (let shift = 0; shift < 32 && (most - least) >>> shift > 0; shift += DIGIT_BITS) {
    const digitOf = (i: number) => (distances[i]! >>> shift) & (DIGITS - 1);
    next.fill(0);
    for (let k = 0; k < from.length; k++) next[digitOf(from[k]!)]!++;
    let sum = 0;
    for (let digit = 0; digit < DIGITS; digit++) {
      const count = next[digit]!;
      next[digit] = sum;
      sum += count;
    }
    for (let k = 0; k < from.length; k++) to[next[digitOf(from[k]!)]!++] = from[k]!;
    [from, to] = [to, from];
  }
  if (from !== order) order.set(from);
  return order;
}

/** How many of the first `length` values, which are in order, are before `limit`. */
export function countBefore(values: Float64Array, limit: number, length = values.length): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of the values, which are in order, are at or before `limit`. */
export function countUpTo(values: Float64Array, limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
