import { passingFloats } from '../../history/lasting.ts';
import { ascending, countBefore, countUpTo, entriesAt } from '../../history/sorted.ts';
import { NumberList } from '../number-list.ts';

/** Intervals of time in each of which a number of tickets moves, in columns; `end` may be +∞. */
export interface Windows {
  readonly length: number;
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly tickets: Float64Array;
  /** The operation of the history that each comes from. */
  readonly operation: Int32Array;
  /** The intent whose tickets they are, by number. */
  readonly intent: Int32Array;
}

export interface Window {
  readonly start: number;
  readonly end: number;
  readonly tickets: number;
  readonly operation: number;
  readonly intent: number;
}

/** Takes windows one at a time. */
export class WindowList {
  readonly #start = new NumberList();
  readonly #end = new NumberList();
  readonly #tickets = new NumberList();
  readonly #operation = new NumberList();
  readonly #intent = new NumberList();

  add({ start, end, tickets, operation, intent }: Window): void {
    this.#start.add(start);
    this.#end.add(end);
    this.#tickets.add(tickets);
    this.#operation.add(operation);
    this.#intent.add(intent);
  }

  get length(): number {
    return this.#start.length;
  }

  build(): Windows {
    return {
      length: this.length,
      start: this.#start.build(),
      end: this.#end.build(),
      tickets: this.#tickets.build(),
      operation: new Int32Array(this.#operation.build()),
      intent: new Int32Array(this.#intent.build()),
    };
  }
}

/** Tickets of windows by a moment each, summed up to any time in O(log n). Windows whose moment is infinite never count. */
export class TicketsUntil {
  readonly #moments: Float64Array;
  readonly #sums: Float64Array;

  constructor(moments: Float64Array, tickets: Float64Array) {
    const order = ascending(moments);
    this.#moments = entriesAt(moments, order);
    this.#sums = passingFloats(order.length + 1);
    for (let k = 0; k < order.length; k++) {
      this.#sums[k + 1] = this.#sums[k]! + tickets[order[k]!]!;
    }
  }

  /** Of moments at or before `time`. */
  upTo(time: number): number {
    return this.#sums[countUpTo(this.#moments, time)]!;
  }

  /** Of moments before `time`. */
  before(time: number): number {
    return this.#sums[countBefore(this.#moments, time)]!;
  }
}
