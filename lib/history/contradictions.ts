import { type History, isAcquire } from './history.ts';

/*
 * What no generator can have recorded on one clock that goes forward, whatever the shop did: an operation that ends
 * before it starts, and two of one session at the same time (its operations never overlap, see `operationSchema`). A
 * clock was set back, or lines were repeated or changed; what such a history lacks cannot be told from its length.
 */

/** In words for people, one sentence a kind; none for a history that can have happened. O(n). */
export function contradictionsIn(history: History): string[] {
  const said: string[] = [];
  const backward = history.start.reduce((n, start, i) => n + (history.end[i]! < start ? 1 : 0), 0);
  if (backward > 0) said.push(`${backward} operations end before they start: the clock jumped.`);
  const together = overlapsInSessions(history);
  if (together > 0) {
    said.push(
      `${together} operations began while another of their session ran: lines are repeated, or the clock jumped.`,
    );
  }
  return said;
}

/** Operations that began before another of their session had ended, or that repeat it word for word. */
function overlapsInSessions(history: History): number {
  const last = new Map<number, number>();
  let overlaps = 0;
  for (let i = 0; i < history.length; i++) {
    const session = history.session[i]!;
    const before = last.get(session);
    if (before !== undefined && overlap(history, before, i)) overlaps++;
    if (before === undefined || history.end[i]! > history.end[before]!) last.set(session, i);
  }
  return overlaps;
}

/**
 * In whole milliseconds one may end and the next begin at once, a hold and its payment too, but nobody asks twice for the
 * same tickets at the same time.
 */
function overlap(history: History, a: number, b: number): boolean {
  if (history.start[b]! < history.end[a]!) return true;
  if (history.start[b] !== history.start[a] || history.intent[b] !== history.intent[a])
    return false;
  return isAcquire(history, b) && history.kind[b] === history.kind[a];
}
