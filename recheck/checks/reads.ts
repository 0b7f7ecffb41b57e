import { doubtOfState, type Facts, isAsking, not, type Operation, type Outcome } from '../facts.ts';
import { type Move, type Moves, movesOf } from './counter-moves.ts';
import { isSoldOut, mayRepeat } from './false-sold-out.ts';
import { checkStates } from './told-states.ts';

/*
 * The counter of a pool tells how many tickets are gone. Two answers about it contradict each other if more tickets certainly
 * went between them than the second leaves room for, whatever may have come back; or if fewer can have gone.
 */

/** An answer about the counter: from `low` to `high` were gone at some moment of it. */
interface Sighting {
  readonly operation: Operation;
  readonly start: number;
  readonly end: number;
  readonly low: number;
  readonly high: number;
}

/** Two answers fit no order of what happened between them. */
export function checkStaleAvailability(facts: Facts): Outcome {
  return contradiction(facts, (facts, pair) => {
    const { more, fewer } = reckon(facts, pair);
    return more ?? fewer;
  });
}

/** More is left than before, and than can have come back. */
export function checkNonMonotonicAvailability(facts: Facts): Outcome {
  return contradiction(facts, (facts, pair) => {
    if (pair.earlier === null || !isRead(pair.earlier.operation) || !isRead(pair.later.operation))
      return null;
    const idle = facts.moves.map((each) => ({ ...each, certainlyTook: [] }));
    return reckon({ ...facts, moves: idle }, pair).more;
  });
}

/** More is left than can have been at the moment after the buyer's own purchase; or a state that does not know what he did. */
export function checkReadYourWrites(facts: Facts): Outcome {
  if (!facts.shown.operations.some(({ kind }) => kind === 'availability'))
    return checkStates(facts);
  return contradiction(facts, (facts, pair) => {
    if (!isRead(pair.later.operation)) return null;
    const own = shownIn(facts).filter(
      (each) => isAsking(each) && each.intent === facts.about.intent,
    );
    for (const write of own) {
      const { operation } = pair.later;
      const isOwn = write.session === operation.session || write.intent === operation.intent;
      const [taken] =
        facts.moves.find(({ intent }) => intent === write.intent)?.certainlyTook ?? [];
      if (!isOwn || taken === undefined || taken.start !== write.start) continue;
      if (taken.end + facts.slack >= operation.start) continue;
      if (pair.earlier !== null && pair.earlier.end + facts.slack >= taken.start) continue;
      const later = { ...pair.later, start: taken.start, high: pair.later.high - taken.tickets };
      const { more } = reckon(facts, { ...pair, later });
      if (more !== null) return { ...more, operations: new Set([...more.operations, write]) };
    }
    return null;
  });
}

interface Pair {
  /** Null for the beginning, when nothing was gone. */
  readonly earlier: Sighting | null;
  readonly later: Sighting;
}

interface Reckoned {
  readonly because: string;
  readonly tickets: number;
  readonly operations: ReadonlySet<Operation>;
}

interface Moved extends Facts {
  readonly moves: readonly Moves[];
  readonly slack: number;
  readonly closed: boolean;
}

function contradiction(
  facts: Facts,
  judge: (facts: Moved, pair: Pair) => Reckoned | null,
): Outcome {
  const lacking = lackingForReads(facts);
  if (lacking !== null) return not(lacking);
  const moves = movesOf(facts);
  if (typeof moves === 'string') return not(moves);
  const moved: Moved = { ...facts, moves, slack: 2 * facts.clockErrorMs, closed: isClosed(facts) };
  const sightings = shownIn(facts).flatMap((each) => sightingOf(moved, each));
  for (const later of sightings) {
    for (const earlier of [null, ...sightings]) {
      if (earlier !== null && earlier.end + moved.slack >= later.start) continue;
      if (!isRead(later.operation) && (earlier === null || !isRead(earlier.operation))) continue;
      const found = judge(moved, { earlier, later });
      if (found === null) continue;
      const operations = withRefusals(moved, found.operations, { earlier, later });
      if (operations === null || !showsOnly(facts, operations)) continue;
      const { because, tickets } = found;
      return { proven: true, because, tickets, operations: operations.size };
    }
  }
  return not('two answers that nothing between them reconciles');
}

/** What is shown, as it stands among the operations that are counted. */
function shownIn({ shown, operations }: Facts): Operation[] {
  return shown.operations.map((each) => {
    const text = JSON.stringify(each);
    const isSame = (other: Operation) =>
      other.start === each.start && other.end === each.end && JSON.stringify(other) === text;
    return operations.find(isSame) ?? each;
  });
}

/** A refusal is believed only where enough tickets can have been gone; null where one is not. */
function withRefusals(
  facts: Moved,
  operations: ReadonlySet<Operation>,
  { earlier, later }: Pair,
): ReadonlySet<Operation> | null {
  const all = new Set(operations);
  for (const sighting of [earlier, later]) {
    if (sighting === null || isRead(sighting.operation)) continue;
    const { fewer, bearing } = reckon(facts, { earlier: null, later: sighting });
    if (fewer !== null) return null;
    add(all, bearing.fewer);
  }
  return all;
}

/** Nothing is shown that does not bear on it; so it is the contradiction that is meant. */
function showsOnly({ shown }: Facts, operations: ReadonlySet<Operation>): boolean {
  const texts = new Set([...operations].map((each) => JSON.stringify(each)));
  return shown.operations.every((each) => texts.has(JSON.stringify(each)));
}

function lackingForReads(facts: Facts): string | null {
  const { pool, restsOn, allOperations, allRows } = facts;
  if (pool === null) return 'the pool and its capacity';
  const named = [...facts.operations, ...facts.rows];
  if (named.some((each) => each.pool !== pool.id)) return 'operations and rows of the pool alone';
  const { history, fixture, state } = restsOn;
  if (!history.complete) return 'a complete history';
  if (history.backward > 0) return 'a clock that did not jump';
  if (pool.remainingBefore !== null && pool.remainingBefore !== pool.capacity) {
    return 'a capacity that is what the shop said was left';
  }
  if (fixture.baselineOrders > 0) return 'a pool without orders from before the run';
  if (!allOperations) return 'all operations that moved tickets or may have';
  if (state !== null && !allRows) return 'all rows of the pool';
  return null;
}

function isClosed(facts: Facts): boolean {
  const { history, fixture, state } = facts.restsOn;
  if (history.ticketsElsewhere > 0) return false;
  if (fixture.exclusive) return true;
  if (state === null || doubtOfState(facts) !== null) return false;
  const isListed = state.exhaustive && state.keepsCancelled && !state.mayLag;
  return isListed && !facts.rows.some((row) => facts.isStranger(row) && !facts.isOurs(row));
}

function isRead({ kind, outcome, value, mayLag }: Operation): boolean {
  return kind === 'availability' && outcome === 'ok' && value !== undefined && mayLag !== true;
}

/** Tickets that were held for a moment, or that others may have bought, only look as if they were gone for good. */
function sightingOf(facts: Moved, operation: Operation): Sighting[] {
  const { start, end, quantity, value } = operation;
  const isRefusal = isSoldOut(operation) && !mayRepeat(facts, operation);
  if (!isRead(operation) && !isRefusal) return [];
  const gone = facts.pool!.capacity - (isRefusal ? quantity - 1 : value!);
  const held = facts.moves
    .flatMap(({ heldForAMoment }) => heldForAMoment)
    .filter((move) => meets(move, operation, facts.slack));
  return [
    {
      operation,
      start,
      end,
      low: facts.closed ? gone - ticketsOf(held) : Number.NEGATIVE_INFINITY,
      high: isRefusal ? Number.POSITIVE_INFINITY : gone,
    },
  ];
}

const meets = (move: Move, { start, end }: { start: number; end: number }, slack: number) =>
  move.start <= end + slack && move.end >= start - slack;

function ticketsOf(moves: readonly Move[]): number {
  return moves.reduce((sum, { tickets }) => sum + tickets, 0);
}

/** What went and what can have gone between two sightings, set against what they say. */
function reckon(facts: Moved, { earlier, later }: Pair) {
  const { slack, moves } = facts;
  const since = earlier ?? { start: Number.NEGATIVE_INFINITY, end: Number.NEGATIVE_INFINITY };
  const isBetween = (move: Move) =>
    since.end + slack < move.start && move.end + slack < later.start;
  const mayBeBetween = (move: Move) => meets(move, { start: since.start, end: later.end }, slack);
  const sums = { went: 0, mayGo: 0, came: 0, mayCome: 0 };
  const bearing = { more: new Set<Operation>(), fewer: new Set<Operation>() };
  for (const each of moves) {
    const went = each.certainlyTook.filter(isBetween);
    const mayGo = each.mayHaveTaken.filter(mayBeBetween);
    const came = each.certainlyGaveBack.filter(isBetween);
    const mayCome = each.mayHaveGivenBack.filter(mayBeBetween);
    sums.went += ticketsOf(went);
    sums.mayGo += ticketsOf(mayGo);
    sums.came += ticketsOf(came);
    sums.mayCome += ticketsOf(mayCome);
    const looks = (at: Sighting | null) =>
      at !== null && each.heldForAMoment.some((move) => meets(move, at, slack));
    if (went.length + mayCome.length > 0 || looks(earlier)) add(bearing.more, each.operations);
    if (came.length + mayGo.length > 0 || looks(later)) add(bearing.fewer, each.operations);
  }
  const ends = [later.operation, ...(earlier === null ? [] : [earlier.operation])];
  const [low, high] = earlier === null ? [0, 0] : [earlier.low, earlier.high];
  const more = low + sums.went - sums.mayCome;
  const fewer = high + sums.mayGo - sums.came;
  return {
    bearing,
    more:
      more <= later.high
        ? null
        : {
            because: `at least ${more} tickets were gone when an answer left room for ${later.high}`,
            tickets: sums.went,
            operations: new Set([...ends, ...bearing.more]),
          },
    fewer:
      fewer >= later.low
        ? null
        : {
            because: `at most ${fewer} tickets can have been gone when an answer said ${later.low}`,
            tickets: sums.came,
            operations: new Set([...ends, ...bearing.fewer]),
          },
  };
}

function add(set: Set<Operation>, operations: Iterable<Operation>): void {
  for (const each of operations) set.add(each);
}
