import { type History, isAcquire, OK } from '../history/history.ts';
import type { Totals } from '../model/verdict.ts';

/*
 * How far a sale kept to "first come, first served": a metric without a verdict, for no shop on record promises it, and a
 * reply that is late on its way back looks like one that was given late. A buyer arrives with the start of his first
 * purchase or hold, and is admitted with the end of the one that was acknowledged; pools are compared each by itself.
 */
export type Fairness = NonNullable<Totals['fairness']>;

interface Admissions {
  /** Unix epoch milliseconds; in order of arrival. */
  readonly arrived: Float64Array;
  readonly admitted: Float64Array;
}

/**
 * - `pairs`: pairs of buyers who were admitted to the same pool.
 * - `inversions`: those of which one certainly arrived later and was certainly admitted earlier; times are uncertain by
 *   `clockErrorMs` each, so ties are none.
 * - `kendallTau`: from −1 (last come, first served) to 1, on the times as they were recorded: concordant less discordant
 *   pairs, as a part of all (Kendall's τ-a; ties count as neither).
 *
 * Null where no two buyers were admitted to one pool. O(n log n) with a Fenwick tree.
 */
export function fairnessOf(history: History, clockErrorMs: number): Fairness | null {
  let pairs = 0;
  let inversions = 0;
  let excess = 0;
  for (const { arrived, admitted } of admissionsByPool(history)) {
    const n = arrived.length;
    pairs += (n * (n - 1)) / 2;
    inversions += countPairs({ arrived, admitted }, { apartMs: 2 * clockErrorMs }).later;
    const { later, earlier } = countPairs({ arrived, admitted }, { apartMs: 0 });
    excess += earlier - later;
  }
  return pairs === 0 ? null : { inversions, pairs, kendallTau: excess / pairs };
}

function admissionsByPool(history: History): Admissions[] {
  const arrivedAt = new Float64Array(history.intentKeys.length).fill(Number.NaN);
  const isAdmitted = new Uint8Array(history.intentKeys.length);
  const byPool = history.poolIds.map(() => [] as { arrived: number; admitted: number }[]);
  for (let i = 0; i < history.length; i++) {
    if (!isAcquire(history, i)) continue;
    const intent = history.intent[i]!;
    if (Number.isNaN(arrivedAt[intent]!)) arrivedAt[intent] = history.start[i]!;
    if (history.outcome[i] !== OK || isAdmitted[intent] === 1) continue;
    isAdmitted[intent] = 1;
    byPool[history.pool[i]!]!.push({ arrived: arrivedAt[intent]!, admitted: history.end[i]! });
  }
  return byPool.map((admissions) => {
    admissions.sort((a, b) => a.arrived - b.arrived);
    return {
      arrived: Float64Array.from(admissions, ({ arrived }) => arrived),
      admitted: Float64Array.from(admissions, ({ admitted }) => admitted),
    };
  });
}

/**
 * Pairs of which one arrived before the other by more than `apartMs`; `later` and `earlier`: of these, those of which that
 * one was admitted later or earlier by more than `apartMs`.
 */
function countPairs({ arrived, admitted }: Admissions, { apartMs }: { apartMs: number }) {
  const moments = admitted.slice().sort();
  const tree = new Fenwick(moments.length);
  let later = 0;
  let earlier = 0;
  let before = 0;
  for (let b = 0; b < arrived.length; b++) {
    while (arrived[before]! + apartMs < arrived[b]!) {
      tree.add(countWhile(moments, (moment) => moment < admitted[before]!));
      before++;
    }
    later += before - tree.sum(countWhile(moments, (moment) => moment <= admitted[b]! + apartMs));
    earlier += tree.sum(countWhile(moments, (moment) => moment + apartMs < admitted[b]!));
  }
  return { later, earlier };
}

/** How many values at the beginning pass a test that, once failed, all later ones fail. */
function countWhile(values: Float64Array, passes: (value: number) => boolean): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (passes(values[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Counts in a row of cells; both operations O(log n) (P. Fenwick, 1994). */
class Fenwick {
  readonly #sums: Float64Array;

  constructor(length: number) {
    this.#sums = new Float64Array(length + 1);
  }

  /** One more in the cell, which is in [0, length). */
  add(cell: number): void {
    for (let i = cell + 1; i < this.#sums.length; i += i & -i) this.#sums[i]!++;
  }

  /** Of the first `cells` cells. */
  sum(cells: number): number {
    let sum = 0;
    for (let i = cells; i > 0; i -= i & -i) sum += this.#sums[i]!;
    return sum;
  }
}
