import type { History } from '../../lib/history/history.ts';
import { salesOf } from '../../lib/history/sales.ts';

/** Tickets that were acknowledged for good, by intent: one effect an intent, however often it was tried. */
export function acknowledgedTickets(history: History): Map<string, number> {
  const { operation, quantity } = salesOf(history);
  return new Map(
    [...operation.keys()].map((sale) => [
      history.intentKeys[history.intent[operation[sale]!]!]!,
      quantity[sale]!,
    ]),
  );
}
