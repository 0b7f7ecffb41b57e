import { membersOf } from '../../history/grouping.ts';
import { AVAILABILITY, type History, VIEW } from '../../history/history.ts';
import type { Evidence } from '../invariant.ts';
import type { Sale } from '../sale.ts';
import type { Direction, Stock } from './counter.ts';
import type { Seen } from './sightings.ts';
import { TicketsUntil, type Windows } from './windows.ts';

/** Two sightings of a counter, or the beginning and one, that no order of what lies between reconciles. */
export interface Contradiction {
  readonly direction: Direction;
  /** Null for the beginning, when nothing was gone. */
  readonly earlier: number | null;
  readonly later: number;
  /**
   * Intents that bear on it: whose tickets certainly moved between the two, or may have moved against it, or may have been
   * held for a moment while somebody looked. −1 for what no operation explains.
   */
  readonly intents: readonly number[];
  /** Tickets that certainly moved between them; and those that may have moved against it. */
  readonly certain: number;
  readonly against: number;
  /** Fewest of the certain operations that are enough, the largest first. */
  readonly decisive: readonly number[];
}

interface Move {
  readonly operation: number;
  readonly intent: number;
  readonly tickets: number;
}

interface Given {
  readonly stock: Stock & { readonly momentary: Windows };
  readonly seen: Seen;
  readonly slackMs: number;
}

/**
 * The contradiction of the sighting at `later` on which fewest operations bear. Null where there is none in this
 * direction. O(n log n), once for a finding.
 */
export function explain(
  given: Given,
  direction: Direction,
  later: number,
  fromStart = true,
): Contradiction | null {
  const { seen, slackMs } = given;
  let best: { readonly earlier: number | null; readonly weight: number } | null = null;
  const weigh = weigher(given, direction, later);
  for (const earlier of [...(fromStart ? [null] : []), ...seen.start.keys()]) {
    if (earlier !== null && seen.end[earlier]! + slackMs >= seen.start[later]!) continue;
    const weight = weigh(earlier);
    if (weight !== null && (best === null || weight < best.weight)) best = { earlier, weight };
  }
  return best === null ? null : contradictionOf(given, direction, { earlier: best.earlier, later });
}

/** How many operations bear on the contradiction with an earlier sighting; null where there is none. O(log n) each. */
function weigher({ stock, seen, slackMs }: Given, direction: Direction, later: number) {
  const isMore = direction === 'more';
  const until = seen.start[later]!;
  const certain = isMore ? stock.taken : stock.givenBack;
  const early = certain.end.map((end, i) =>
    end + slackMs < until ? certain.start[i]! : Number.NaN,
  );
  const moved = both(early, certain.tickets);
  const opponents = opponentsOf(stock, direction);
  const first = both(opponents.start, opponents.tickets);
  const last = both(opponents.end, opponents.tickets);
  return (earlier: number | null): number | null => {
    const room = roomOf(seen, direction, { earlier, later });
    const ended = earlier === null ? Number.NEGATIVE_INFINITY : seen.end[earlier]! + slackMs;
    const begun = earlier === null ? Number.NEGATIVE_INFINITY : seen.start[earlier]! - slackMs;
    const counted = (name: 'tickets' | 'windows') => {
      const all = moved[name].upTo(Number.POSITIVE_INFINITY) - moved[name].upTo(ended);
      const against = first[name].upTo(seen.end[later]! + slackMs) - last[name].before(begun);
      return { all, against };
    };
    const tickets = counted('tickets');
    if (tickets.all - tickets.against <= room) return null;
    const windows = counted('windows');
    return windows.all + windows.against + (earlier === null ? 0 : 1);
  };
}

function both(moments: Float64Array, tickets: Float64Array) {
  return {
    tickets: new TicketsUntil(moments, tickets),
    windows: new TicketsUntil(moments, new Float64Array(moments.length).fill(1)),
  };
}

/** What may have moved against a direction. */
function opponentsOf(stock: Stock, direction: Direction): Windows {
  return direction === 'more' ? stock.mayGiveBack : stock.mayTake;
}

/** How many tickets may move in a direction between two sightings before they contradict each other. */
function roomOf(
  { low, high }: Seen,
  direction: Direction,
  { earlier, later }: { readonly earlier: number | null; readonly later: number },
): number {
  if (direction === 'more') return high[later]! - (earlier === null ? 0 : low[earlier]!);
  return (earlier === null ? 0 : high[earlier]!) - low[later]!;
}

function contradictionOf(
  { stock, seen, slackMs }: Given,
  direction: Direction,
  pair: { readonly earlier: number | null; readonly later: number },
): Contradiction | null {
  const { earlier, later } = pair;
  const since = earlier === null ? null : { start: seen.start[earlier]!, end: seen.end[earlier]! };
  const until = { start: seen.start[later]!, end: seen.end[later]! };
  const between = { since, until, slackMs };
  const certain = within(direction === 'more' ? stock.taken : stock.givenBack, between);
  const against = around(opponentsOf(stock, direction), between);
  const believed = (place: number) => {
    const refusal = { start: seen.start[place]!, end: seen.end[place]! };
    const before = { since: null, until: refusal, slackMs };
    const meanwhile = { since: refusal, until: refusal, slackMs };
    return [
      ...around(stock.mayTake, before),
      ...within(stock.givenBack, before),
      ...around(stock.momentary, meanwhile),
    ];
  };
  // Who looked at what is gone may have counted these, too.
  const looked = direction === 'more' ? since : until;
  const momentary =
    looked === null ? [] : around(stock.momentary, { since: looked, until: looked, slackMs });
  // A refusal is believed only where enough can have been gone.
  const refused = [earlier, later].flatMap((place) =>
    place === null || seen.high[place] !== Number.POSITIVE_INFINITY ? [] : believed(place),
  );
  const room = roomOf(seen, direction, pair);
  const moved = ticketsOf(certain);
  const needed = room + ticketsOf(against);
  if (moved <= needed) return null;
  return {
    direction,
    earlier: earlier === null ? null : seen.operation[earlier]!,
    later: seen.operation[later]!,
    intents: [
      ...new Set([...certain, ...against, ...momentary, ...refused].map(({ intent }) => intent)),
    ],
    certain: moved,
    against: ticketsOf(against),
    decisive: fewest(certain, needed),
  };
}

interface Between {
  readonly since: { readonly start: number; readonly end: number } | null;
  readonly until: { readonly start: number; readonly end: number };
  readonly slackMs: number;
}

/** What moved strictly after the first and strictly before the second. */
function within(
  { length, start, end, tickets, operation, intent }: Windows,
  between: Between,
): Move[] {
  const { since, until, slackMs } = between;
  const moves: Move[] = [];
  for (let i = 0; i < length; i++) {
    if (since !== null && since.end + slackMs >= start[i]!) continue;
    if (end[i]! + slackMs >= until.start) continue;
    moves.push({ operation: operation[i]!, intent: intent[i]!, tickets: tickets[i]! });
  }
  return moves;
}

/** What may have moved after the first and before the second. */
function around(
  { length, start, end, tickets, operation, intent }: Windows,
  between: Between,
): Move[] {
  const { since, until, slackMs } = between;
  const moves: Move[] = [];
  for (let i = 0; i < length; i++) {
    if (since !== null && end[i]! + slackMs < since.start) continue;
    if (start[i]! > until.end + slackMs) continue;
    moves.push({ operation: operation[i]!, intent: intent[i]!, tickets: tickets[i]! });
  }
  return moves;
}

function ticketsOf(moves: readonly Move[]): number {
  return moves.reduce((sum, { tickets }) => sum + tickets, 0);
}

function fewest(moves: readonly Move[], above: number): number[] {
  const taken: number[] = [];
  let sum = 0;
  for (const { operation, tickets } of moves.toSorted((a, b) => b.tickets - a.tickets)) {
    if (sum > above) break;
    sum += tickets;
    taken.push(operation);
  }
  return taken;
}

/** How much bears on it. */
export function sizeOf({ intents, earlier }: Contradiction): number {
  return intents.length + (earlier === null ? 1 : 2);
}

/** The sightings, `besides`, and all that the intents that bear on it did in its pool. */
export function bearingOn(
  { history }: Evidence,
  sale: Sale,
  of: {
    readonly contradiction: Contradiction;
    readonly pool: number;
    readonly besides: readonly number[];
  },
): number[] {
  const { earlier, later, intents } = of.contradiction;
  const deeds = intents.flatMap((intent) =>
    intent < 0 ? [] : deedsOf(history, sale, { intent, pool: of.pool }),
  );
  return [...new Set([later, ...(earlier === null ? [] : [earlier]), ...of.besides, ...deeds])];
}

/** What an intent did in a pool, but for reads of what is left, which move nothing. */
export function deedsOf(
  { kind }: History,
  sale: Sale,
  { intent, pool }: { readonly intent: number; readonly pool: number },
): number[] {
  return [...membersOf(sale.operationsByIntent, intent)].filter(
    (i) => sale.operationPool[i] === pool && kind[i] !== AVAILABILITY && kind[i] !== VIEW,
  );
}

/** All that bears on it where it can be shown, else the sightings and the fewest that are decisive; at most ten. */
export function shownOf(
  evidence: Evidence,
  sale: Sale,
  of: {
    readonly contradiction: Contradiction;
    readonly pool: number;
    readonly besides: readonly number[];
  },
): number[] {
  const { earlier, later, decisive } = of.contradiction;
  const all = bearingOn(evidence, sale, of);
  if (all.length <= SHOWN_MAX) return all;
  const ends = [later, ...(earlier === null ? [] : [earlier]), ...of.besides];
  return [...new Set([...ends, ...decisive])].filter((i) => i >= 0).slice(0, SHOWN_MAX);
}

const SHOWN_MAX = 10;
