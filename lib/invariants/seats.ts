import { FAIL, isAcquire, OK } from '../history/history.ts';
import { certainSpans, type Spans } from './holding-spans.ts';
import type { Evidence } from './invariant.ts';
import type { Sale } from './sale.ts';

/** No intent told which seat it has, or told several. */
export const NO_SEAT = -1;

/** The seat that the acknowledged purchases and holds of each intent name, as a number of `details.seats`. */
export function seatsOfIntents({ history }: Evidence, { wants }: Sale): Int32Array {
  const seats = new Int32Array(wants.length).fill(NO_SEAT);
  const { details } = history;
  if (details === null) return seats;
  const isTorn = new Uint8Array(wants.length);
  for (let i = 0; i < history.length; i++) {
    if (history.outcome[i] !== OK || !isAcquire(history, i)) continue;
    const intent = history.intent[i]!;
    const seat = details.seat[i]!;
    if (seats[intent] !== NO_SEAT && seats[intent] !== seat) isTorn[intent] = 1;
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

/** The two latest ends of different intents: enough to know the latest of anybody else. */
class LatestEnds {
  readonly #intent: Int32Array;
  readonly #end: Float64Array;
  #latest = -1;
  #second = -1;

  constructor(intent: Int32Array, end: Float64Array) {
    this.#intent = intent;
    this.#end = end;
  }

  add(each: number): void {
    if (this.#latest === -1) this.#latest = each;
    else if (this.#intent[each] === this.#intent[this.#latest]) {
      if (this.#end[each]! > this.#end[this.#latest]!) this.#latest = each;
    } else if (this.#end[each]! > this.#end[this.#latest]!) {
      this.#second = this.#latest;
      this.#latest = each;
    } else if (this.#second === -1 || this.#end[each]! > this.#end[this.#second]!) {
      this.#second = each;
    }
  }

  /** The one that ends last of those not of `intent`; −1 where there is none. */
  ofOthers(intent: number): number {
    const isOwn = this.#latest !== -1 && this.#intent[this.#latest] === intent;
    return isOwn ? this.#second : this.#latest;
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
    const latest = bySeat.get(key) ?? {
      all: new LatestEnds(history.intent, history.end),
      sales: new LatestEnds(history.intent, history.end),
    };
    bySeat.set(key, latest);
    const isSale = history.outcome[i] === OK;
    const other = (isSale ? latest.all : latest.sales).ofOthers(history.intent[i]!);
    if (other !== -1 && history.start[i]! < history.end[other]!) return true;
    latest.all.add(i);
    if (isSale) latest.sales.add(i);
  }
  return false;
}

/** The name of the seat that operation i asked for or got; null where nothing tells. */
function wantedSeats({ history, fixture, intents }: Evidence): (i: number) => string | null {
  const { details } = history;
  const seatsOfPool = new Map(fixture.pools.map(({ id, seats }) => [id, seats]));
  const planned = new Map<string, number>();
  for (const { key, seat } of intents.intents) if (seat !== undefined) planned.set(key, seat);
  return (i) => {
    const told = details?.seat[i] ?? -1;
    if (told !== -1) return details!.seats[told]!;
    const seat = planned.get(history.intentKeys[history.intent[i]!]!);
    if (seat === undefined) return null;
    return seatsOfPool.get(history.poolIds[history.pool[i]!]!)?.[seat] ?? null;
  };
}
