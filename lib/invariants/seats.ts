import { FAIL, isAcquire, OK } from '../history/history.ts';
import { passingInt32s } from '../history/lasting.ts';
import { numbersOfPlanned } from '../history/planned.ts';
import { certainSpans, type Spans } from './holding-spans.ts';
import type { Evidence } from './invariant.ts';
import type { Sale } from './sale.ts';

/** No intent told which seat it has, or told several. */
export const NO_SEAT = -1;

/**
 * The seat that the acknowledged purchases and holds of each intent name, all of them, as a number of `details.seats`: one that
 * names none may have got another.
 */
export function seatsOfIntents({ history }: Evidence, { wants }: Sale): Int32Array {
  const seats = passingInt32s(wants.length).fill(NO_SEAT);
  const { details } = history;
  if (details === null) return seats;
  const isKnown = new Uint8Array(wants.length);
  const isTorn = new Uint8Array(wants.length);
  for (let i = 0; i < history.length; i++) {
    if (history.outcome[i] !== OK || !isAcquire(history, i)) continue;
    const intent = history.intent[i]!;
    const seat = details.seat[i]!;
    if (isKnown[intent] === 1 && seats[intent] !== seat) isTorn[intent] = 1;
    isKnown[intent] = 1;
    seats[intent] = seat;
  }
  return seats.map((seat, intent) => (isTorn[intent] === 1 ? NO_SEAT : seat));
}

/** Two spans of different intents in which both certainly hold the same seat. */
export interface Clash {
  readonly seat: number;
  readonly earlier: number;
  readonly later: number;
}

/** At most one clash a seat of a pool. O(n log n). */
export function clashesOf(evidence: Evidence, sale: Sale): Clash[] {
  const spans = certainSpans(evidence);
  const seats = seatsOfIntents(evidence, sale);
  const bySeat = new Map<string, number[]>();
  for (let span = 0; span < spans.length; span++) {
    const intent = spans.intent[span]!;
    if (seats[intent] === NO_SEAT) continue;
    const key = `${sale.wants.pool[intent]} ${seats[intent]}`;
    const known = bySeat.get(key);
    if (known === undefined) bySeat.set(key, [span]);
    else known.push(span);
  }
  return [...bySeat.values()].flatMap((members) => {
    const pair = firstOverlap(spans, members);
    return pair === null ? [] : [{ ...pair, seat: seats[spans.intent[members[0]!]!]! }];
  });
}

/**
 * In order of their beginning; until the first clash spans of different intents are apart, so only the one that lasts
 * longest can meet the next.
 */
function firstOverlap(spans: Spans, members: readonly number[]) {
  let earlier = -1;
  for (const later of members.toSorted((a, b) => spans.from[a]! - spans.from[b]!)) {
    const isApart = earlier === -1 || spans.from[later]! >= spans.until[earlier]!;
    if (!isApart && spans.intent[earlier] !== spans.intent[later]) return { earlier, later };
    if (earlier === -1 || spans.until[later]! > spans.until[earlier]!) earlier = later;
  }
  return null;
}

/** Whose end is the latest, and the latest of all others: enough to know the latest of anybody else. */
class LatestEnds {
  #intent = -1;
  #end = Number.NEGATIVE_INFINITY;
  #others = Number.NEGATIVE_INFINITY;

  add(intent: number, end: number): void {
    if (intent === this.#intent) this.#end = Math.max(this.#end, end);
    else if (end > this.#end) {
      this.#others = this.#end;
      this.#intent = intent;
      this.#end = end;
    } else this.#others = Math.max(this.#others, end);
  }

  /** The latest end of those not of `intent`; −∞ where there is none. */
  ofOthers(intent: number): number {
    return intent === this.#intent ? this.#others : this.#end;
  }
}

/**
 * Whether two buyers asked for one seat at one moment and one of them got it. What was asked for is what the operation
 * names, else the seat that its intent is planned to want. O(n).
 */
export function isSeatContended(evidence: Evidence): boolean {
  const { history } = evidence;
  const seatOf = wantedSeats(evidence);
  const bySeat = new Map<string, { readonly all: LatestEnds; readonly sales: LatestEnds }>();
  for (let i = 0; i < history.length; i++) {
    const seat = isAcquire(history, i) && history.outcome[i] !== FAIL ? seatOf(i) : null;
    if (seat === null) continue;
    const key = `${history.pool[i]} ${seat}`;
    const latest = bySeat.get(key) ?? { all: new LatestEnds(), sales: new LatestEnds() };
    bySeat.set(key, latest);
    const isSale = history.outcome[i] === OK;
    const [intent, end] = [history.intent[i]!, history.end[i]!];
    if (history.start[i]! < (isSale ? latest.all : latest.sales).ofOthers(intent)) return true;
    latest.all.add(intent, end);
    if (isSale) latest.sales.add(intent, end);
  }
  return false;
}

/** The name of the seat that operation i asked for or got; null where nothing tells. */
function wantedSeats({ history, fixture, intents }: Evidence): (i: number) => string | null {
  const { details } = history;
  const seatsOfPool = new Map(fixture.pools.map(({ id, seats }) => [id, seats]));
  const planned = passingInt32s(history.intentKeys.length).fill(NO_SEAT);
  numbersOfPlanned(history, intents.intents).forEach((intent, place) => {
    planned[intent] = intents.intents[place]!.seat ?? NO_SEAT;
  });
  return (i) => {
    const told = details?.seat[i] ?? -1;
    if (told !== -1) return details!.seats[told]!;
    const seat = planned[history.intent[i]!]!;
    return seatsOfPool.get(history.poolIds[history.pool[i]!]!)?.[seat] ?? null;
  };
}
