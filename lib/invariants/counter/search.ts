import { ascending } from '../../history/sorted.ts';
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
interface Event {
  readonly start: number;
  readonly end: number;
  /** Tickets that go, negative where they come back; 0 for a sighting. */
  readonly moved: number;
  readonly low: number;
  readonly high: number;
  readonly must: boolean;
  /** Whose tickets they are; −1 for a sighting. */
  readonly intent: number;
}

/** Events looked at, in all; about a second. */
const BUDGET = 10_000_000;
/** Of what may have happened but need not have, so many are tried at a time, those that began first. */
const OPTIONAL_MAX = 32;

/** Whether an order was found. */
export function hasOrder(
  stock: Stock,
  seen: Pick<Seen, 'length' | 'start' | 'end' | 'low' | 'high'>,
  slackMs: number,
): boolean {
  const sightings = Array.from({ length: seen.length }, (_, i) => ({
    start: seen.start[i]!,
    end: seen.end[i]!,
    moved: 0,
    low: seen.low[i]!,
    high: seen.high[i]!,
    must: true,
    intent: -1,
  }));
  const events = [...movesOf(stock), ...sightings];
  const order = ascending(Float64Array.from(events, ({ start }) => start));
  return new Search(
    Array.from(order, (i) => events[i]!),
    slackMs,
  ).run();
}

/** What is left out need not have happened, and could only be placed with more care than it is worth. */
function movesOf(stock: Stock): Event[] {
  const taken = new Map<number, number>();
  stock.taken.intent.forEach((intent, i) => {
    taken.set(intent, stock.taken.tickets[i]!);
  });
  const returned = new Set(stock.givenBack.intent);
  const isOpen = (windows: Windows, i: number) => windows.end[i] === Number.POSITIVE_INFINITY;
  return [
    ...eventsOf(stock.taken, 1, () => true, true),
    ...eventsOf(stock.givenBack, -1, () => true, true),
    ...eventsOf(
      stock.mayTake,
      1,
      (i) => isOpen(stock.mayTake, i) && !taken.has(stock.mayTake.intent[i]!),
    ),
    ...eventsOf(stock.mayGiveBack, -1, (i) => {
      const intent = stock.mayGiveBack.intent[i]!;
      return !returned.has(intent) && stock.mayGiveBack.tickets[i] === taken.get(intent);
    }),
  ];
}

function eventsOf(
  windows: Windows,
  sign: 1 | -1,
  keeps: (i: number) => boolean,
  must = false,
): Event[] {
  const { start, end, tickets, intent } = windows;
  return [...start.keys()].filter(keeps).map((i) => ({
    start: start[i]!,
    end: must ? end[i]! : Number.POSITIVE_INFINITY,
    moved: sign * tickets[i]!,
    low: 0,
    high: 0,
    must,
    intent: intent[i]!,
  }));
}

interface Choice {
  readonly placed: number;
  readonly moves: readonly number[];
  next: number;
}

class Search {
  readonly #events: readonly Event[];
  readonly #slackMs: number;
  /** Those not yet placed, by start: what must happen, and what may. */
  readonly #musts: Remaining;
  readonly #mays: Remaining;
  readonly #placed: number[] = [];
  readonly #failed = new Set<number>();
  /** Intents whose tickets are gone; they can only come back then. */
  readonly #gone = new Set<number>();
  readonly #marks: Float64Array;
  #mark = 0;
  #sum = 0;
  #looks = 0;

  constructor(events: readonly Event[], slackMs: number) {
    this.#events = events;
    this.#slackMs = slackMs;
    this.#musts = new Remaining(events.length, (i) => events[i]!.must);
    this.#mays = new Remaining(events.length, (i) => !events[i]!.must);
    this.#marks = Float64Array.from(events, (_, i) => markOf(i));
  }

  run(): boolean {
    const choices: Choice[] = [];
    for (;;) {
      const moves = this.#advance();
      if (moves === null) return true;
      if (this.#looks > BUDGET) return false;
      const isNew = !this.#failed.has(this.#mark);
      this.#failed.add(this.#mark);
      choices.push({ placed: this.#placed.length, moves: isNew ? moves : [], next: 0 });
      let choice = choices.at(-1)!;
      while (choice.next === choice.moves.length) {
        choices.pop();
        if (choices.length === 0) return false;
        choice = choices.at(-1)!;
        while (this.#placed.length > choice.placed) this.#takeBack();
      }
      this.#place(choice.moves[choice.next++]!);
    }
  }

  /** Places every sighting that fits now; then the moves that can come next, or null where nothing has to come. */
  #advance(): number[] | null {
    for (;;) {
      if (this.#musts.first === this.#events.length) return null;
      let until = Number.POSITIVE_INFINITY;
      let urgent = -1;
      let fitting = -1;
      const moves: number[] = [];
      for (let i = this.#musts.first; i < this.#events.length; i = this.#musts.after(i)) {
        const event = this.#events[i]!;
        this.#looks++;
        if (event.start > until + this.#slackMs) break;
        until = Math.min(until, event.end);
        if (event.moved !== 0) moves.push(i);
        else if (event.low <= this.#sum && this.#sum <= event.high) {
          fitting = i;
          break;
        } else if (urgent === -1 || event.end < this.#events[urgent]!.end) urgent = i;
      }
      if (fitting === -1) return this.#sorted(moves, { until, urgent });
      this.#place(fitting);
    }
  }

  #sorted(moves: number[], to: { readonly until: number; readonly urgent: number }): number[] {
    let mays = 0;
    for (let i = this.#mays.first; i < this.#events.length; i = this.#mays.after(i)) {
      this.#looks++;
      if (mays === OPTIONAL_MAX || this.#events[i]!.start > to.until + this.#slackMs) break;
      moves.push(i);
      mays++;
    }
    const goal = to.urgent === -1 ? null : this.#events[to.urgent]!;
    const distance = (sum: number) =>
      goal === null ? 0 : Math.max(goal.low - sum, sum - goal.high, 0);
    const now = distance(this.#sum);
    const rank = (i: number) => {
      const { moved, must } = this.#events[i]!;
      const nearer = distance(this.#sum + moved) < now;
      return (nearer || goal === null ? 0 : 2) + (must ? 0 : 1);
    };
    return moves
      .filter((i) => this.#events[i]!.moved > 0 || this.#gone.has(this.#events[i]!.intent))
      .sort((a, b) => rank(a) - rank(b) || this.#events[a]!.end - this.#events[b]!.end || a - b);
  }

  #place(i: number): void {
    const { moved, must, intent } = this.#events[i]!;
    (must ? this.#musts : this.#mays).remove(i);
    this.#placed.push(i);
    this.#sum += moved;
    this.#mark = xor(this.#mark, this.#marks[i]!);
    if (moved > 0) this.#gone.add(intent);
    if (moved < 0) this.#gone.delete(intent);
  }

  #takeBack(): void {
    const i = this.#placed.pop()!;
    const { moved, must, intent } = this.#events[i]!;
    (must ? this.#musts : this.#mays).putBack(i);
    this.#sum -= moved;
    this.#mark = xor(this.#mark, this.#marks[i]!);
    if (moved > 0) this.#gone.delete(intent);
    if (moved < 0) this.#gone.add(intent);
  }
}

const HALF = 2 ** 26;

/** 52 bits spread over the events, so that a set of them is told by the exclusive or of its members. */
function markOf(i: number): number {
  const high = Math.imul(i + 1, 0x9e37_79b1) >>> 6;
  const low = Math.imul((i + 1) ^ 0x5bd1_e995, 0x85eb_ca6b) >>> 6;
  return high * HALF + low;
}

function xor(a: number, b: number): number {
  const high = Math.floor(a / HALF) ^ Math.floor(b / HALF);
  return high * HALF + ((a % HALF) ^ (b % HALF));
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
