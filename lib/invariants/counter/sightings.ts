import { membersOf } from '../../history/grouping.ts';
import { AVAILABILITY, type History, OK } from '../../history/history.ts';
import { passingFloats, passingInt32s } from '../../history/lasting.ts';
import { columnOf, entriesAt } from '../../history/sorted.ts';
import { tellsSoldOut } from '../held-tickets.ts';
import type { Evidence } from '../invariant.ts';
import type { Sale } from '../sale.ts';
import type { Sightings } from './counter.ts';
import { TicketsUntil, type Windows } from './windows.ts';

/** Sightings of one pool's counter, by the operations that made them. */
export interface Seen extends Sightings {
  readonly operation: Int32Array;
}

/** What a history shows of a pool's counter. */
export interface PoolSightings {
  /** Reads that their target vouches for. */
  readonly reads: Seen;
  /** Reads that may lag behind, as their target declares. */
  readonly lagging: Seen;
  readonly refusals: Seen;
}

/** Whether operation i is a read of what is left that was answered. */
export function isRead({ kind, outcome, details }: History, i: number): boolean {
  if (kind[i] !== AVAILABILITY || outcome[i] !== OK || details === null) return false;
  return !Number.isNaN(details.value[i]!);
}

/** Whether a read, which {@link isRead} or a state tells, may lag behind. */
export function mayLag({ details }: History, i: number): boolean {
  return details!.mayLag[i] === 1;
}

/** Whether the history has a read of what is left that is not declared to lag. */
export function hasExactRead({ history }: Evidence): boolean {
  return history.kind.some((_, i) => isRead(history, i) && !mayLag(history, i));
}

/** O(operations of the pool). */
export function sightingsOf(evidence: Evidence, sale: Sale, pool: number): PoolSightings {
  const { history } = evidence;
  const own = membersOf(sale.operationsByPool, pool);
  const { capacity } = sale.pools[pool]!;
  const reads = own.filter((i) => isRead(history, i));
  const refusals = own.filter((i) => tellsSoldOut(evidence, i));
  const seenIn = (operations: Int32Array) => {
    const gone = columnOf(operations, (i) => capacity - history.details!.value[i]!);
    return seenBy(history, operations, { low: gone, high: gone });
  };
  return {
    reads: seenIn(reads.filter((i) => !mayLag(history, i))),
    lagging: seenIn(reads.filter((i) => mayLag(history, i))),
    refusals: seenBy(history, refusals, {
      low: columnOf(refusals, (i) => capacity - history.quantity[i]! + 1),
      high: passingFloats(refusals.length).fill(Number.POSITIVE_INFINITY),
    }),
  };
}

function seenBy(history: History, operation: Int32Array, of: Pick<Seen, 'low' | 'high'>): Seen {
  return {
    length: operation.length,
    operation,
    start: entriesAt(history.start, operation),
    end: entriesAt(history.end, operation),
    ...of,
  };
}

/** All of both. */
export function joined(a: Seen, b: Seen): Seen {
  if (b.length === 0) return a;
  const operation = passingInt32s(a.length + b.length);
  operation.set(a.operation);
  operation.set(b.operation, a.length);
  return {
    length: operation.length,
    operation,
    start: concat(a.start, b.start),
    end: concat(a.end, b.end),
    low: concat(a.low, b.low),
    high: concat(a.high, b.high),
  };
}

function concat(a: Float64Array, b: Float64Array): Float64Array {
  const both = passingFloats(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Those at these places, in their order. */
export function picked(seen: Seen, places: readonly number[]): Seen {
  return {
    length: places.length,
    operation: new Int32Array(columnOf(places, (i) => seen.operation[i]!)),
    start: entriesAt(seen.start, places),
    end: entriesAt(seen.end, places),
    low: entriesAt(seen.low, places),
    high: entriesAt(seen.high, places),
  };
}

/** As if each had been made up to `ms` earlier than it began. */
export function delayed(seen: Seen, ms: number): Seen {
  return { ...seen, start: seen.start.map((start) => start - ms) };
}

/**
 * Without what others may explain: tickets that were held for a moment while somebody looked; and, in a shop where others
 * may buy, all that look as if they were gone.
 */
export function leniently(
  seen: Seen,
  by: { readonly momentary: Windows; readonly closed: boolean; readonly slackMs: number },
): Seen {
  const { momentary, closed, slackMs } = by;
  if (!closed) return { ...seen, low: seen.low.map(() => Number.NEGATIVE_INFINITY) };
  const first = new TicketsUntil(momentary.start, momentary.tickets);
  const last = new TicketsUntil(momentary.end, momentary.tickets);
  const low = seen.low.map((least, i) => {
    const held = first.upTo(seen.end[i]! + slackMs) - last.before(seen.start[i]! - slackMs);
    return least - held;
  });
  return { ...seen, low };
}
