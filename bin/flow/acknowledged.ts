import { type History, OK } from '../../lib/history/history.ts';

/** Tickets that were acknowledged, by intent: one effect an intent, however often it was tried. */
export function acknowledgedTickets(history: History): Map<string, number> {
  const tickets = new Map<string, number>();
  for (let i = 0; i < history.length; i++) {
    if (history.outcome[i] !== OK) continue;
    const intent = history.intentKeys[history.intent[i]!]!;
    tickets.set(intent, Math.max(tickets.get(intent) ?? 0, history.quantity[i]!));
  }
  return tickets;
}
