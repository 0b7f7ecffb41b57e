import type { Stock } from './counter.ts';
import { type Events, eventsOf, type Sighted } from './events.ts';

/*
 * Looks for one order of events that a pool's sightings fit, where pairs of sightings are not enough: tickets go several
 * at a time, or come back. To decide that is strongly NP-hard (quantities make it a packing problem), so this is a search
 * with a budget, which finds an order where few operations run at the same moment. What it finds is an order; that it finds
 * none says nothing.
 *
 * A sighting that fits now is best placed now, for it changes nothing. Else a move has to come first: those are tried that
 * bring the most urgent sighting nearer, then by deadline. A set of placed events that led nowhere is not tried again.
 */
/** Events looked at and taken back for one evidence, in all; some tenths of a second. */
export const LOOKS_MAX = 5_000_000;
/** Of what may have happened but need not have, so many are tried at a time, those that began first. */
const OPTIONAL_MAX = 32;

/** Whether an order was found, with no more than so many looks. */
export function hasOrder(
  stock: Stock,
  seen: Sighted,
  { slackMs, looksMax = LOOKS_MAX }: { readonly slackMs: number; readonly looksMax?: number },
): boolean {
  if (looksLikely(stock, seen) > looksMax) return false;
  return new Search(eventsOf(stock, seen), { slackMs, looksMax }).run();
}

/** Before a move is placed, all are looked at that run then: on average as long as everything lasts, of the time there is. */
function looksLikely({ taken }: Stock, seen: Sighted): number {
  let lastedMs = 0;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { length, start, end } of [taken, seen]) {
    for (let i = 0; i < length; i++) {
      lastedMs += end[i]! - start[i]!;
      first = Math.min(first, start[i]!);
      last = Math.max(last, end[i]!);
    }
  }
  return (taken.length * lastedMs) / (last - first);
}

/** A point at which one of several moves had to come next. */
interface Choice {
  readonly placed: number;
  /** Left to be tried. */
  readonly moves: number[];
  /** The sighting that has to come first of those that did not fit then, −1 where there was none. */
  readonly urgent: number;
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
    this.#musts = new Remaining(events.length, (i) => this.#isMust(i));
    this.#mays = new Remaining(events.length, (i) => !this.#isMust(i));
    this.#isGone = new Uint8Array(2 + events.intent.reduce((a, b) => Math.max(a, b), -1));
  }

  run(): boolean {
    const choices: Choice[] = [];
    for (;;) {
      const found = this.#advance();
      if (found === null) return true;
      if (!this.#failed.has(this.#mark)) choices.push(found);
      for (;;) {
        const choice = choices.at(-1);
        if (choice === undefined || this.#looks > this.#looksMax) return false;
        while (this.#placed.length > choice.placed) this.#takeBack();
        if (choice.moves.length > 0) {
          this.#place(this.#best(choice));
          break;
        }
        this.#failed.add(this.#mark);
        choices.pop();
      }
    }
  }

  /** Places every sighting that fits now; then the moves that can come next, or null where nothing has to come. */
  #advance(): Choice | null {
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
        if (moved[i] !== 0) this.#addPossible(i, moves);
        else if (low[i]! <= this.#sum && this.#sum <= high[i]!) {
          fitting = i;
          break;
        } else if (urgent === -1 || end[i]! < end[urgent]!) urgent = i;
      }
      if (fitting === -1) {
        this.#addMays(until, moves);
        return { placed: this.#placed.length, moves, urgent };
      }
      this.#place(fitting);
    }
  }

  #addMays(until: number, moves: number[]): void {
    const { length, start } = this.#events;
    let mays = 0;
    for (let i = this.#mays.first; i < length; i = this.#mays.after(i)) {
      this.#looks++;
      if (mays === OPTIONAL_MAX || start[i]! > until + this.#slackMs) break;
      this.#addPossible(i, moves);
      mays++;
    }
  }

  /** Only what is gone comes back. */
  #addPossible(i: number, moves: number[]): void {
    if (this.#events.moved[i]! > 0 || this.#isGone[this.#ownerOf(i)] === 1) moves.push(i);
  }

  /** Takes the best out of those left: nearer to the urgent sighting, then by deadline. */
  #best({ moves, urgent }: Choice): number {
    let best = 0;
    for (let k = 1; k < moves.length; k++) {
      this.#looks++;
      if (this.#compare(moves[k]!, moves[best]!, urgent) < 0) best = k;
    }
    const move = moves[best]!;
    const last = moves.pop()!;
    if (best < moves.length) moves[best] = last;
    return move;
  }

  #compare(a: number, b: number, urgent: number): number {
    const { end } = this.#events;
    return this.#rank(a, urgent) - this.#rank(b, urgent) || end[a]! - end[b]! || a - b;
  }

  #rank(i: number, urgent: number): number {
    const { moved } = this.#events;
    const isNearer = urgent === -1 || this.#distance(urgent, moved[i]!) < this.#distance(urgent, 0);
    return (isNearer ? 0 : 2) + (this.#isMust(i) ? 0 : 1);
  }

  /** How many tickets the sighting is from fitting once so many have moved. */
  #distance(sighting: number, moved: number): number {
    const { low, high } = this.#events;
    const sum = this.#sum + moved;
    return Math.max(low[sighting]! - sum, sum - high[sighting]!, 0);
  }

  #isMust(i: number): boolean {
    return this.#events.end[i]! < Number.POSITIVE_INFINITY;
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
    return this.#isMust(i) ? this.#musts : this.#mays;
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
