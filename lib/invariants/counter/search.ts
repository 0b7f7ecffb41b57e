import { ascending, columnOf } from '../../history/sorted.ts';
import { NumberList } from '../number-list.ts';
import type { Stock } from './counter.ts';
import type { Seen } from './sightings.ts';
import type { Windows } from './windows.ts';

/*
 * Looks for one order of events that a pool's sightings fit, where pairs of sightings are not enough: tickets go several
 * at a time, or come back. To decide that is strongly NP-hard (quantities make it a packing problem), so this is a search
 * with a budget, which finds an order where few operations run at the same moment. What it finds is an order; that it finds
 * none says nothing.
 *
 * A sighting that fits now is best placed now, for it changes nothing. Else a move has to come first: those are tried that
 * bring the most urgent sighting nearer, then by deadline. A set of placed events that led nowhere is not tried again.
 */
/** What is to be put in order, by start, in columns. */
interface Events {
  readonly length: number;
  readonly start: Float64Array;
  /** +∞ for what need not happen. */
  readonly end: Float64Array;
  /** Tickets that go, negative where they come back; 0 for a sighting. */
  readonly moved: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** 1 for what must happen. */
  readonly must: Float64Array;
  /** Whose tickets they are; −1 for a sighting, and for what no operation explains. */
  readonly intent: Float64Array;
}
type Column = Exclude<keyof Events, 'length'>;
const columns = ['start', 'end', 'moved', 'low', 'high', 'must', 'intent'] as const;

/** Events looked at and taken back for one evidence, in all; about half a second. */
export const LOOKS_MAX = 10_000_000;
/** Of what may have happened but need not have, so many are tried at a time, those that began first. */
const OPTIONAL_MAX = 32;

type Sighted = Pick<Seen, 'length' | 'start' | 'end' | 'low' | 'high'>;

/** Whether an order was found, with no more than so many looks. */
export function hasOrder(
  stock: Stock,
  seen: Sighted,
  { slackMs, looksMax = LOOKS_MAX }: { readonly slackMs: number; readonly looksMax?: number },
): boolean {
  return new Search(eventsOf(stock, seen), { slackMs, looksMax }).run();
}

function eventsOf(stock: Stock, seen: Sighted): Events {
  const lists = Object.fromEntries(columns.map((name) => [name, new NumberList()])) as Record<
    Column,
    NumberList
  >;
  addMoves(lists, stock);
  for (let i = 0; i < seen.length; i++) {
    lists.start.add(seen.start[i]!);
    lists.end.add(seen.end[i]!);
    lists.moved.add(0);
    lists.low.add(seen.low[i]!);
    lists.high.add(seen.high[i]!);
    lists.must.add(1);
    lists.intent.add(-1);
  }
  const order = ascending(lists.start.build());
  const sorted = (name: Column) => {
    const column = lists[name].build();
    return columnOf(order, (i) => column[i]!);
  };
  const built = Object.fromEntries(columns.map((name) => [name, sorted(name)]));
  return { length: order.length, ...(built as Record<Column, Float64Array>) };
}

/** What is left out need not have happened, and could only be placed with more care than it is worth. */
function addMoves(lists: Record<Column, NumberList>, stock: Stock): void {
  const { taken, mayTake, givenBack, mayGiveBack } = stock;
  const tickets = new Map<number, number>();
  for (let i = 0; i < taken.length; i++) tickets.set(taken.intent[i]!, taken.tickets[i]!);
  const returned = new Set(givenBack.intent);
  const isOpen = (i: number) =>
    mayTake.end[i] === Number.POSITIVE_INFINITY && !tickets.has(mayTake.intent[i]!);
  const isWhole = (i: number) => {
    const intent = mayGiveBack.intent[i]!;
    return !returned.has(intent) && mayGiveBack.tickets[i] === tickets.get(intent);
  };
  addWindows(lists, taken, { sign: 1, must: 1 });
  addWindows(lists, givenBack, { sign: -1, must: 1 });
  addWindows(lists, mayTake, { sign: 1, must: 0, keeps: isOpen });
  addWindows(lists, mayGiveBack, { sign: -1, must: 0, keeps: isWhole });
}

function addWindows(
  lists: Record<Column, NumberList>,
  { length, start, end, tickets, intent }: Windows,
  as: { readonly sign: 1 | -1; readonly must: 0 | 1; readonly keeps?: (i: number) => boolean },
): void {
  for (let i = 0; i < length; i++) {
    if (as.keeps?.(i) === false) continue;
    lists.start.add(start[i]!);
    lists.end.add(as.must === 1 ? end[i]! : Number.POSITIVE_INFINITY);
    lists.moved.add(as.sign * tickets[i]!);
    lists.low.add(0);
    lists.high.add(0);
    lists.must.add(as.must);
    lists.intent.add(intent[i]!);
  }
}

/** A point at which one of several moves had to come next. */
interface Choice {
  readonly placed: number;
  /** Left to be tried, the best last. */
  readonly moves: number[];
}

class Search {
  readonly #events: Events;
  readonly #slackMs: number;
  readonly #looksMax: number;
  /** Those not yet placed, by start: what must happen, and what may. */
  readonly #musts: Remaining;
  readonly #mays: Remaining;
  readonly #placed: number[] = [];
  readonly #failed = new Set<number>();
  /** By intent, whether its tickets are gone; they can only come back then. */
  readonly #isGone: Uint8Array;
  /** Of all that is placed, see {@link highMark}. */
  #high = 0;
  #low = 0;
  #sum = 0;
  #looks = 0;

  constructor(
    events: Events,
    { slackMs, looksMax }: { readonly slackMs: number; readonly looksMax: number },
  ) {
    this.#events = events;
    this.#slackMs = slackMs;
    this.#looksMax = looksMax;
    this.#musts = new Remaining(events.length, (i) => events.must[i] === 1);
    this.#mays = new Remaining(events.length, (i) => events.must[i] === 0);
    this.#isGone = new Uint8Array(2 + events.intent.reduce((a, b) => Math.max(a, b), -1));
  }

  run(): boolean {
    const choices: Choice[] = [];
    for (;;) {
      const moves = this.#advance();
      if (moves === null) return true;
      if (!this.#failed.has(this.#mark)) choices.push({ placed: this.#placed.length, moves });
      for (;;) {
        const choice = choices.at(-1);
        if (choice === undefined || this.#looks > this.#looksMax) return false;
        while (this.#placed.length > choice.placed) this.#takeBack();
        const next = choice.moves.pop();
        if (next !== undefined) {
          this.#place(next);
          break;
        }
        this.#failed.add(this.#mark);
        choices.pop();
      }
    }
  }

  /** Places every sighting that fits now; then the moves that can come next, or null where nothing has to come. */
  #advance(): number[] | null {
    const { length, start, end, moved, low, high } = this.#events;
    for (;;) {
      if (this.#musts.first === length) return null;
      let until = Number.POSITIVE_INFINITY;
      let urgent = -1;
      let fitting = -1;
      const moves: number[] = [];
      for (let i = this.#musts.first; i < length; i = this.#musts.after(i)) {
        this.#looks++;
        if (start[i]! > until + this.#slackMs) break;
        until = Math.min(until, end[i]!);
        if (moved[i] !== 0) moves.push(i);
        else if (low[i]! <= this.#sum && this.#sum <= high[i]!) {
          fitting = i;
          break;
        } else if (urgent === -1 || end[i]! < end[urgent]!) urgent = i;
      }
      if (fitting === -1) return this.#sorted(moves, { until, urgent });
      this.#place(fitting);
    }
  }

  /** Those that can come next, the best last. */
  #sorted(moves: number[], to: { readonly until: number; readonly urgent: number }): number[] {
    const { length, start, end, moved, must, low, high } = this.#events;
    let mays = 0;
    for (let i = this.#mays.first; i < length; i = this.#mays.after(i)) {
      this.#looks++;
      if (mays === OPTIONAL_MAX || start[i]! > to.until + this.#slackMs) break;
      moves.push(i);
      mays++;
    }
    const distance = (sum: number) =>
      to.urgent === -1 ? 0 : Math.max(low[to.urgent]! - sum, sum - high[to.urgent]!, 0);
    const now = distance(this.#sum);
    const rank = (i: number) => {
      const nearer = distance(this.#sum + moved[i]!) < now;
      return (nearer || to.urgent === -1 ? 0 : 2) + (must[i] === 1 ? 0 : 1);
    };
    return moves
      .filter((i) => moved[i]! > 0 || this.#isGone[this.#ownerOf(i)] === 1)
      .sort((a, b) => rank(b) - rank(a) || end[b]! - end[a]! || b - a);
  }

  #ownerOf(i: number): number {
    return this.#events.intent[i]! + 1;
  }

  #place(i: number): void {
    const moved = this.#events.moved[i]!;
    this.#remainingOf(i).remove(i);
    this.#placed.push(i);
    this.#sum += moved;
    this.#toggle(i);
    if (moved !== 0) this.#isGone[this.#ownerOf(i)] = moved > 0 ? 1 : 0;
  }

  #takeBack(): void {
    const i = this.#placed.pop()!;
    const moved = this.#events.moved[i]!;
    this.#looks++;
    this.#remainingOf(i).putBack(i);
    this.#sum -= moved;
    this.#toggle(i);
    if (moved !== 0) this.#isGone[this.#ownerOf(i)] = moved > 0 ? 0 : 1;
  }

  #remainingOf(i: number): Remaining {
    return this.#events.must[i] === 1 ? this.#musts : this.#mays;
  }

  #toggle(i: number): void {
    this.#high ^= highMark(i);
    this.#low ^= lowMark(i);
  }

  /** 52 bits that tell a set of placed events. */
  get #mark(): number {
    return this.#high * 2 ** 26 + this.#low;
  }
}

/** Bits spread over the events, so that a set of them is told by the exclusive or of its members. */
function highMark(i: number): number {
  return Math.imul(i + 1, 0x9e37_79b1) >>> 6;
}

function lowMark(i: number): number {
  return Math.imul((i + 1) ^ 0x5bd1_e995, 0x85eb_ca6b) >>> 6;
}

/** Numbers from which some are taken and put back, last taken first, in O(1) each. */
class Remaining {
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #end: number;

  constructor(length: number, has: (i: number) => boolean) {
    this.#end = length;
    this.#next = new Int32Array(length + 1);
    this.#previous = new Int32Array(length + 1);
    let last = length;
    for (let i = 0; i <= length; i++) {
      if (i < length && !has(i)) continue;
      this.#next[last] = i;
      this.#previous[i] = last;
      last = i;
    }
  }

  /** The length given where there is none. */
  get first(): number {
    return this.#next[this.#end]!;
  }

  after(i: number): number {
    return this.#next[i]!;
  }

  remove(i: number): void {
    this.#next[this.#previous[i]!] = this.#next[i]!;
    this.#previous[this.#next[i]!] = this.#previous[i]!;
  }

  putBack(i: number): void {
    this.#next[this.#previous[i]!] = i;
    this.#previous[this.#next[i]!] = i;
  }
}
