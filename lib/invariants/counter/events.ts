import { passingFloats, passingInt32s, Reordering } from '../../history/lasting.ts';
import { ascending } from '../../history/sorted.ts';
import type { Stock } from './counter.ts';
import type { Seen } from './sightings.ts';
import type { Windows } from './windows.ts';

/** What is to be put in order, by start, in columns. */
export interface Events {
  readonly length: number;
  readonly start: Float64Array;
  /** +∞ for what need not happen. */
  readonly end: Float64Array;
  /** Tickets that go, negative where they come back; 0 for a sighting. */
  readonly moved: Float64Array;
  /** Of a sighting. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Whose tickets they are; −1 for what no operation explains. */
  readonly intent: Int32Array;
}

export type Sighted = Pick<Seen, 'length' | 'start' | 'end' | 'low' | 'high'>;

/** What a search for an order goes by: all that certainly moved, what may have and is easily placed, and all sightings. */
export function eventsOf(stock: Stock, seen: Sighted): Events {
  const { taken, mayTake, givenBack, mayGiveBack } = stock;
  const list = new EventList(
    taken.length + mayTake.length + givenBack.length + mayGiveBack.length + seen.length,
  );
  const tickets = new Map<number, number>();
  for (let i = 0; i < taken.length; i++) tickets.set(taken.intent[i]!, taken.tickets[i]!);
  const returned = new Set(givenBack.intent);
  for (let i = 0; i < taken.length; i++) list.addMove(taken, i, { sign: 1, isMust: true });
  for (let i = 0; i < givenBack.length; i++) list.addMove(givenBack, i, { sign: -1, isMust: true });
  // What is left out need not have happened, and could only be placed with more care than it is worth.
  for (let i = 0; i < mayTake.length; i++) {
    const isOpen = mayTake.end[i] === Number.POSITIVE_INFINITY;
    if (isOpen && !tickets.has(mayTake.intent[i]!))
      list.addMove(mayTake, i, { sign: 1, isMust: false });
  }
  for (let i = 0; i < mayGiveBack.length; i++) {
    const intent = mayGiveBack.intent[i]!;
    const isWhole = mayGiveBack.tickets[i] === tickets.get(intent);
    if (isWhole && !returned.has(intent)) list.addMove(mayGiveBack, i, { sign: -1, isMust: false });
  }
  for (let i = 0; i < seen.length; i++) list.addSighting(seen, i);
  return list.build();
}

class EventList {
  readonly #start: Float64Array;
  readonly #end: Float64Array;
  readonly #moved: Float64Array;
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  readonly #intent: Int32Array;
  #length = 0;

  constructor(lengthMax: number) {
    this.#start = passingFloats(lengthMax);
    this.#end = passingFloats(lengthMax);
    this.#moved = passingFloats(lengthMax);
    this.#low = passingFloats(lengthMax);
    this.#high = passingFloats(lengthMax);
    this.#intent = passingInt32s(lengthMax);
  }

  addMove(
    { start, end, tickets, intent }: Windows,
    i: number,
    { sign, isMust }: { readonly sign: 1 | -1; readonly isMust: boolean },
  ): void {
    const n = this.#length++;
    this.#start[n] = start[i]!;
    this.#end[n] = isMust ? end[i]! : Number.POSITIVE_INFINITY;
    this.#moved[n] = sign * tickets[i]!;
    this.#intent[n] = intent[i]!;
  }

  addSighting({ start, end, low, high }: Sighted, i: number): void {
    const n = this.#length++;
    this.#start[n] = start[i]!;
    this.#end[n] = end[i]!;
    this.#low[n] = low[i]!;
    this.#high[n] = high[i]!;
  }

  build(): Events {
    const order = ascending(this.#start.subarray(0, this.#length));
    const byStart = new Reordering(order);
    return {
      length: order.length,
      start: byStart.apply(this.#start),
      end: byStart.apply(this.#end),
      moved: byStart.apply(this.#moved),
      low: byStart.apply(this.#low),
      high: byStart.apply(this.#high),
      intent: byStart.apply(this.#intent),
    };
  }
}
