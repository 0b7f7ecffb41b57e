import type { Details } from './details.ts';
import { detailsAt } from './details.ts';
import type { History } from './history.ts';
import { ascending } from './sorted.ts';

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
  const order = ascending(start.subarray(0, length));
  for (let first = 0; first < length; ) {
    let next = first + 1;
    while (next < length && start[order[next]!] === start[order[first]!]) next++;
    if (next - first > 1) order.subarray(first, next).sort((a, b) => compare(history, a, b));
    first = next;
  }
  return order;
}
