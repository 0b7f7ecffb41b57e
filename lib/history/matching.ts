/** Something that left a row at one moment of [start, end], or may have: then `end` is +∞. */
export interface Claimant {
  readonly start: number;
  readonly end: number;
}

/**
 * Gives rows to claimants of one kind, each at most one, so that as many as possible with a finite `end` have one, and
 * then as many as possible of all. `moments[r]` is when row r was made, NaN where nobody knows: such a row fits anyone.
 * The row of each claimant, −1 for none. O(n log n).
 *
 * Rows are slots, claimants jobs of one slot within a window: taking at each slot the open job with the earliest deadline
 * leaves the fewest undone (J. Jackson, 1955), and those that never expire come last by themselves.
 */
export function matchRows(claimants: readonly Claimant[], moments: readonly number[]): Int32Array {
  const rowOf = new Int32Array(claimants.length).fill(-1);
  const byStart = [...claimants.keys()].sort((a, b) => claimants[a]!.start - claimants[b]!.start);
  const dated = [...moments.keys()].filter((row) => !Number.isNaN(moments[row]!));
  const open = new Queue((claimant) => claimants[claimant]!.end);
  let begun = 0;
  for (const row of dated.sort((a, b) => moments[a]! - moments[b]!)) {
    const at = moments[row]!;
    while (begun < byStart.length && claimants[byStart[begun]!]!.start <= at) {
      open.push(byStart[begun++]!);
    }
    while (open.first !== undefined && claimants[open.first]!.end < at) open.shift();
    const next = open.shift();
    if (next !== undefined) rowOf[next] = row;
  }
  const waiting = [...claimants.keys()].filter((claimant) => rowOf[claimant] === -1);
  waiting.sort((a, b) => Number(isOpen(claimants[a]!)) - Number(isOpen(claimants[b]!)));
  const undated = [...moments.keys()].filter((row) => Number.isNaN(moments[row]!));
  for (const [i, row] of undated.entries()) {
    if (i < waiting.length) rowOf[waiting[i]!] = row;
  }
  return rowOf;
}

const isOpen = ({ end }: Claimant) => end === Number.POSITIVE_INFINITY;

/** A binary heap, least rank first. */
class Queue {
  readonly #heap: number[] = [];
  readonly #rankOf: (member: number) => number;

  constructor(rankOf: (member: number) => number) {
    this.#rankOf = rankOf;
  }

  get first(): number | undefined {
    return this.#heap[0];
  }

  push(member: number): void {
    let at = this.#heap.push(member) - 1;
    while (at > 0 && this.#isLess(at, (at - 1) >> 1)) {
      this.#swap(at, (at - 1) >> 1);
      at = (at - 1) >> 1;
    }
  }

  shift(): number | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return first;
    heap[0] = last;
    for (let at = 0; ; ) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && this.#isLess(child, least)) least = child;
      }
      if (least === at) return first;
      this.#swap(at, least);
      at = least;
    }
  }

  #isLess(a: number, b: number): boolean {
    return this.#rankOf(this.#heap[a]!) < this.#rankOf(this.#heap[b]!);
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap;
    [heap[a], heap[b]] = [heap[b]!, heap[a]!];
  }
}
