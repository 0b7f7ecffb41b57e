import {
  doubtOfState,
  type Facts,
  isAsking,
  isLive,
  mayHaveHappened,
  type Operation,
  type Row,
} from '../facts.ts';
import { isBorneOut, mayBeCancelled } from './rows-of-anybody.ts';

/** Tickets of one buyer that moved, or may have, at some moment from `start` to `end`. */
export interface Move {
  readonly start: number;
  readonly end: number;
  readonly tickets: number;
}

/** What one buyer of the pool did to its counter. */
export interface Moves {
  readonly intent: string;
  /** The buyer's operations in the pool, reads of what is left excepted. */
  readonly operations: readonly Operation[];
  readonly certainlyTook: readonly Move[];
  readonly mayHaveTaken: readonly Move[];
  readonly certainlyGaveBack: readonly Move[];
  readonly mayHaveGivenBack: readonly Move[];
  /** Held while an operation ran that came to nothing. */
  readonly heldForAMoment: readonly Move[];
}

/** A final state in which a missing row means something. */
function isReliable(facts: Facts): boolean {
  const { state } = facts.restsOn;
  return doubtOfState(facts) === null && state !== null && !state.mayLag;
}

/** Of every buyer of the pool; null where some moves cannot be told, with the reason. */
export function movesOf(facts: Facts): Moves[] | string {
  const { mixed } = facts;
  if (mixed === null) return 'the run itself: some buyers asked for different things';
  const byIntent = new Map<string, Operation[]>();
  for (const each of facts.operations) {
    if (each.kind === 'availability' || each.kind === 'view') continue;
    byIntent.set(each.intent, [...(byIntent.get(each.intent) ?? []), each]);
  }
  const nameless = facts.rows.some(({ intent }) => intent === null);
  const all: Moves[] = [];
  for (const [intent, operations] of byIntent) {
    const rows = facts.rows.filter((row) => row.intent === intent);
    if (mixed.has(intent) && operations.some((each) => isAsking(each) && mayHaveHappened(each))) {
      return 'a pool in which every buyer asked for one thing';
    }
    const moves = movesOfOne(facts, { intent, operations, rows, nameless });
    if (moves === null) return 'a buyer whose tickets came back';
    all.push(moves);
  }
  const unknown = facts.rows.filter(({ intent }) => intent === null || !isBuyer(byIntent, intent));
  const tickets = unknown.reduce((sum, { quantity }) => sum + quantity, 0);
  if (tickets > 0) all.push(always(tickets));
  return all;
}

function isBuyer(byIntent: ReadonlyMap<string, readonly Operation[]>, intent: string): boolean {
  return (byIntent.get(intent) ?? []).some(isAsking);
}

/** Tickets that nobody of the run asked for may have gone at any time. */
function always(tickets: number): Moves {
  return {
    intent: '',
    operations: [],
    certainlyTook: [],
    mayHaveTaken: [{ start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY, tickets }],
    certainlyGaveBack: [],
    mayHaveGivenBack: [],
    heldForAMoment: [],
  };
}

interface One {
  readonly intent: string;
  readonly operations: readonly Operation[];
  readonly rows: readonly Row[];
  readonly nameless: boolean;
}

function movesOfOne(facts: Facts, one: One): Moves | null {
  const { operations } = one;
  const asking = operations.filter(isAsking);
  const fates = asking.map((each) => ({ each, seenAt: fateOf(facts, one, each) }));
  const takes = fates.filter(({ seenAt }) => seenAt !== null).map(({ each }) => each);
  const pays = operations.filter((each) => each.kind === 'pay' && mayHaveHappened(each));
  const cancels = operations.filter((each) => each.kind === 'cancel' && mayHaveHappened(each));
  if (takes.length === 0 && pays.length + cancels.length > 0) return null;
  const until = Math.min(...fates.map(({ seenAt }) => seenAt ?? Number.POSITIVE_INFINITY));
  const took = until < Number.POSITIVE_INFINITY;
  const back = backOf(facts, one, { takes, pays, cancels, until });
  return {
    intent: one.intent,
    operations,
    certainlyTook: took ? certainly(facts, one, { takes, until }) : [],
    mayHaveTaken: [
      ...takes.map((each) => ({
        start: each.start,
        end: fates.find((fate) => fate.each === each)!.seenAt!,
        tickets: each.quantity,
      })),
      ...back.takenAnew,
      ...beyond(one, takes),
    ],
    certainlyGaveBack: back.certainly,
    mayHaveGivenBack: back.may,
    heldForAMoment: [
      ...operations.flatMap((each) => momentOf(each, takes)),
      // What was cut off and is not among the rows may have been taken back, as a saga does.
      ...fates
        .filter(({ seenAt }) => seenAt === Number.POSITIVE_INFINITY && doubtOfState(facts) === null)
        .map(({ each: { start, quantity } }) => ({ start, end: Infinity, tickets: quantity })),
    ],
  };
}

/** When it had certainly taken its tickets, +∞ where nobody knows whether it did, null where it did not. */
function fateOf(facts: Facts, one: One, each: Operation): number | null {
  if (each.outcome === 'ok') return each.end;
  if (each.outcome !== 'info') return null;
  const { state, history } = facts.restsOn;
  const isKept = isReliable(facts) && state!.keepsCancelled && !one.nameless;
  if (isKept && one.rows.length === 0) return null;
  const attempts = one.operations.filter((other) => isAsking(other) && mayHaveHappened(other));
  if (attempts.length > 1 || !history.complete) return Number.POSITIVE_INFINITY;
  const seen = one.operations.filter(
    ({ kind, outcome, state: told, end }) =>
      outcome === 'ok' &&
      end >= each.start &&
      (kind === 'pay' || (kind === 'status' && told !== undefined && told !== 'none')),
  );
  const tickets = one.rows.reduce((sum, { quantity }) => sum + quantity, 0);
  const readAt =
    doubtOfState(facts) === null && tickets > 0 ? state!.readAt : Number.POSITIVE_INFINITY;
  return Math.min(readAt, ...seen.map(({ end }) => end));
}

/** Once, from the first attempt to the first acknowledgement; no more than the final state bears out. */
function certainly(
  facts: Facts,
  { intent, rows }: One,
  { takes, until }: { readonly takes: readonly Operation[]; readonly until: number },
): Move[] {
  const asked = takes[0]!.quantity;
  const owned = rows.reduce((sum, { quantity }) => sum + quantity, 0);
  const isTold = isReliable(facts) && !isBorneOut(facts, intent);
  const tickets = isTold ? Math.min(asked, owned) : asked;
  const start = Math.min(...takes.map((each) => each.start));
  return tickets > 0 ? [{ start, end: until, tickets }] : [];
}

/** Rows beyond what was asked for. */
function beyond({ operations, rows }: One, takes: readonly Operation[]): Move[] {
  const asked = operations.find(isAsking)?.quantity ?? 0;
  const owned = rows.reduce((sum, { quantity }) => sum + quantity, 0);
  const tickets = owned - takes.length * asked;
  if (asked === 0 || tickets <= 0) return [];
  const start = Math.min(...operations.map((each) => each.start));
  return [{ start, end: Number.POSITIVE_INFINITY, tickets }];
}

function momentOf(each: Operation, takes: readonly Operation[]): Move[] {
  const isOver = isAsking(each)
    ? !takes.includes(each)
    : each.kind === 'pay' && !mayHaveHappened(each);
  if (!isOver) return [];
  const isSoldOut = isAsking(each) && each.outcome === 'refused' && each.reason === 'sold-out';
  const tickets = isSoldOut ? each.quantity - 1 : each.quantity;
  const end = each.outcome === 'info' ? Number.POSITIVE_INFINITY : each.end;
  return tickets > 0 ? [{ start: each.start, end, tickets }] : [];
}

interface Deeds {
  readonly takes: readonly Operation[];
  readonly pays: readonly Operation[];
  readonly cancels: readonly Operation[];
  /** When the tickets had certainly been taken, +∞ where nobody knows whether they were. */
  readonly until: number;
}

function backOf(facts: Facts, { intent, rows }: One, { takes, pays, cancels, until }: Deeds) {
  const nothing = { takenAnew: [], certainly: [], may: [] };
  if (takes.length === 0) return nothing;
  const asked = takes[0]!.quantity;
  const expiry = expiryOf(facts, takes, pays);
  let since = Math.min(expiry, ...cancels.map(({ start }) => start));
  const live = rows.filter(isLive).reduce((sum, { quantity }) => sum + quantity, 0);
  const isForgotten = facts.restsOn.state?.keepsCancelled === false && live < asked;
  const isCancelled = rows.some((row) => !isLive(row)) || mayBeCancelled(facts, intent);
  if (since === Number.POSITIVE_INFINITY && (isForgotten || isCancelled))
    since = Math.min(...takes.map(({ start }) => start));
  if (since === Number.POSITIVE_INFINITY) return nothing;
  const mayExpire = expiry < Number.POSITIVE_INFINITY;
  const [cancel] = cancels;
  const isOnce = takes.length === 1 && cancels.length === 1 && cancel!.outcome === 'ok';
  // What was cancelled before it was there was not given back.
  const isAfter = isOnce && until + 2 * facts.clockErrorMs < cancel!.start;
  const isCertain = isAfter && (pays.length === 0 || !mayExpire);
  const times = takes.length + (mayExpire ? pays.length : 0);
  const end = isCertain ? cancel!.end : Number.POSITIVE_INFINITY;
  const move = { start: since, end, tickets: times * asked };
  const anew = mayExpire ? pays : [];
  return {
    takenAnew: anew.map((each) => ({
      start: each.start,
      end: each.outcome === 'ok' ? each.end : Number.POSITIVE_INFINITY,
      tickets: asked,
    })),
    certainly: isCertain ? [move] : [],
    may: [move],
  };
}

/** When a hold can have expired at the earliest; +∞ where there is none, or it had been paid for before. */
function expiryOf(facts: Facts, takes: readonly Operation[], pays: readonly Operation[]): number {
  const { clockSkewMs = 0, holdMs = 0 } = facts.restsOn.fixture.rules ?? {};
  const holds = takes.filter(({ kind }) => kind === 'hold');
  const earliest = Math.min(
    ...holds.map(({ start, expiresAt }) =>
      expiresAt === undefined ? start + holdMs : expiresAt - clockSkewMs,
    ),
  );
  const inTime = pays.some(
    ({ outcome, end }) => outcome === 'ok' && end + 2 * facts.clockErrorMs < earliest,
  );
  return inTime && takes.length === 1 ? Number.POSITIVE_INFINITY : earliest;
}
