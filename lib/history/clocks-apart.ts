import type { Fixture } from '../model/fixture.ts';
import type { State } from '../model/state.ts';
import { FAIL, type History, isAcquire, OK } from './history.ts';
import { passingFloats, passingInt32s } from './lasting.ts';

/*
 * What recorded times say against the clocks they were taken from. Some things have an order whatever the shop does: an
 * operation ends after it began; a session does one thing after the other; what names an order ends after somebody began to
 * ask for that order; and a shop that dates an order does so between the question and the answer. Where the recorded times
 * have it the other way round, by so much at least some clock is off from another, or was set.
 */

/** Most by which recorded times contradict an order that is certain, ms; 0 where they contradict none. */
export interface Apart {
  /** Between the recorders, or within one of them. */
  readonly recordersMs: number;
  /** Between all recorders on one side and the shop that dates its rows on the other. */
  readonly shopMs: number;
}

export interface Clocked {
  readonly history: History;
  readonly fixture: Pick<Fixture, 'baselineOrders' | 'buyers'>;
  /** Null where there is none, or its rows' times are to tell nothing. */
  readonly state: Pick<State, 'orders'> | null;
}

/** O(operations + rows). */
export function clocksApart({ history, fixture, state }: Clocked): Apart {
  const { earliest, latest } = shopAhead({ history, fixture, state });
  return {
    recordersMs: Math.max(
      withinOperations(history),
      withinSessions(history),
      beforeTheirOrders(history, fixture),
      // Where no one difference from the shop's clock fits every row.
      earliest - latest,
      0,
    ),
    shopMs: Math.max(earliest, -latest, 0),
  };
}

function withinOperations({ start, end }: History): number {
  return start.reduce((most, at, i) => Math.max(most, at - end[i]!), 0);
}

/** Of two operations of a session one came first, nobody knows which: as much as the less contradictory way needs. */
function withinSessions(history: History): number {
  const { session, start, end } = history;
  const last = new Map<number, number>();
  let most = 0;
  for (let i = 0; i < history.length; i++) {
    const before = last.get(session[i]!);
    if (before !== undefined && !isRepeated(history, before, i)) {
      most = Math.max(most, Math.min(end[before]! - start[i]!, end[i]! - start[before]!));
    }
    if (before === undefined || end[i]! > end[before]!) last.set(session[i]!, i);
  }
  return most;
}

/** A line that stands there twice says nothing about clocks. */
function isRepeated(history: History, a: number, b: number): boolean {
  const columns = [history.intent, history.kind, history.start, history.end] as const;
  return columns.every((column) => column[a] === column[b]);
}

/** An order that is made in the run, by one intent, is known to nobody before that intent asked for anything. */
function beforeTheirOrders(history: History, fixture: Clocked['fixture']): number {
  const { details, intent, start, end } = history;
  if (details === null) return 0;
  const asked = passingFloats(history.intentKeys.length).fill(Number.POSITIVE_INFINITY);
  const owner = passingInt32s(details.orders.length).fill(-1);
  for (let i = 0; i < history.length; i++) {
    if (!isAcquire(history, i)) continue;
    const [by, order] = [intent[i]!, details.order[i]!];
    asked[by] = Math.min(asked[by]!, start[i]!);
    if (order !== -1) owner[order] = owner[order] === -1 || owner[order] === by ? by : SEVERAL;
  }
  const stoodReady = new Set([
    ...fixture.baselineOrders,
    ...fixture.buyers.flatMap(({ order }) => order ?? []),
  ]);
  let most = 0;
  for (let i = 0; i < history.length; i++) {
    const order = details.order[i]!;
    if (order === -1 || isAcquire(history, i) || owner[order] !== intent[i]) continue;
    const early = asked[intent[i]!]! - end[i]!;
    if (early > most && !stoodReady.has(details.orders[order]!)) most = early;
  }
  return most;
}

/** Several intents name the order: whose it is nobody can say. */
const SEVERAL = -2;

/**
 * How far the shop's clock is ahead of the recorders': at least `earliest` by one row, at most `latest` by another. Rows of
 * orders that stood ready before the run are dated before anybody asked.
 */
function shopAhead({ history, fixture, state }: Clocked): { earliest: number; latest: number } {
  let earliest = Number.NEGATIVE_INFINITY;
  let latest = Number.POSITIVE_INFINITY;
  const unknown = { earliest, latest };
  const rows = (state?.orders ?? []).filter(({ createdAt }) => createdAt !== undefined);
  if (rows.length === 0 || fixture.buyers.some(({ order }) => order !== undefined)) return unknown;
  const baseline = new Set(fixture.baselineOrders);
  const grainMs = rows.every(({ createdAt }) => createdAt! % 1000 === 0) ? 1000 : 1;
  const { asked, told } = spans(history);
  for (const { id, intent: key, createdAt } of rows) {
    const intent = key === null ? -1 : history.intents.find(key);
    if (intent === -1 || asked[intent] === Number.POSITIVE_INFINITY || baseline.has(id)) continue;
    earliest = Math.max(earliest, createdAt! - told[intent]!);
    latest = Math.min(latest, createdAt! + grainMs - asked[intent]!);
  }
  return { earliest, latest };
}

/** By intent: when it first asked for tickets, and when it was last told that it has them; ±∞ where it was not. */
function spans(history: History) {
  const asked = passingFloats(history.intentKeys.length).fill(Number.POSITIVE_INFINITY);
  const told = asked.slice();
  for (let i = 0; i < history.length; i++) {
    if (!isAcquire(history, i) || history.outcome[i] === FAIL) continue;
    const intent = history.intent[i]!;
    asked[intent] = Math.min(asked[intent]!, history.start[i]!);
    if (history.outcome[i] !== OK) continue;
    const before = told[intent]!;
    told[intent] = Number.isFinite(before) ? Math.max(before, history.end[i]!) : history.end[i]!;
  }
  return { asked, told };
}
