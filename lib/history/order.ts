import type { Details } from './details.ts';
import { detailsAt } from './details.ts';
import type { History } from './history.ts';

function textOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Start, end, intent, and then everything else, so that only operations that are equal in all have no order. Texts go
 * by UTF-16 code units, as `<` does: an order by locale would differ from machine to machine.
 */
function compare(history: History, a: number, b: number): number {
  return (
    history.start[a]! - history.start[b]! ||
    history.end[a]! - history.end[b]! ||
    textOrder(history.intentKeys[history.intent[a]!]!, history.intentKeys[history.intent[b]!]!) ||
    history.session[a]! - history.session[b]! ||
    history.kind[a]! - history.kind[b]! ||
    textOrder(history.poolIds[history.pool[a]!]!, history.poolIds[history.pool[b]!]!) ||
    history.quantity[a]! - history.quantity[b]! ||
    history.outcome[a]! - history.outcome[b]! ||
    history.status[a]! - history.status[b]! ||
    textOrder(history.reasons[history.reason[a]!]!, history.reasons[history.reason[b]!]!) ||
    textOrder(history.replies[history.reply[a]!]!, history.replies[history.reply[b]!]!) ||
    (history.details === null ? 0 : compareDetails(history.details, a, b))
  );
}

function compareDetails(details: Details, a: number, b: number): number {
  const [one, other] = [detailsAt(details, a), detailsAt(details, b)].map((each) =>
    JSON.stringify(each),
  );
  return textOrder(one!, other!);
}

/** Numbers of the operations in the order a history has. Only the first `length` entries of the columns are read. */
export function sortedOrder(history: History): Uint32Array {
  const { length, start } = history;
  const order =
    orderByStart(start, length) ??
    Uint32Array.from({ length }, (_, i) => i).sort((a, b) => start[a]! - start[b]!);
  for (let first = 0; first < length; ) {
    let next = first + 1;
    while (next < length && start[order[next]!] === start[order[first]!]) next++;
    if (next - first > 1) order.subarray(first, next).sort((a, b) => compare(history, a, b));
    first = next;
  }
  return order;
}

/**
 * Sorts by start with the number packed below the time: one array of doubles sorts natively, six times as fast as
 * with a comparison function. Null where times are no whole numbers or lie too far apart for 53 bits.
 */
function orderByStart(start: Float64Array, length: number): Uint32Array | null {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < length; i++) {
    const at = start[i]!;
    if (!Number.isSafeInteger(at)) return null;
    if (at < least) least = at;
    if (at > most) most = at;
  }
  if ((most - least + 1) * length > Number.MAX_SAFE_INTEGER) return null;
  const packed = new Float64Array(length);
  for (let i = 0; i < length; i++) packed[i] = (start[i]! - least) * length + i;
  packed.sort();
  const order = new Uint32Array(length);
  for (let i = 0; i < length; i++) order[i] = packed[i]! % length;
  return order;
}
