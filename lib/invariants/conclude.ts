import { operationAt } from '../history/history.ts';
import type { Finding, Witness } from '../model/finding.ts';
import type { OrderRow } from '../model/state.ts';
import type { Evidence } from './invariant.ts';
import { saleOf } from './sale.ts';

const SHOWN_MAX = 10;
const SUMMARY_LENGTH = 500;
const MISSING_LENGTH = 300;

/** What is to be shown: operations and pools by number, rows by their place in the sale's rows. */
export interface Exhibits {
  readonly operations?: Iterable<number>;
  readonly rows?: Iterable<number>;
  readonly pools?: Iterable<number>;
  readonly figures: Readonly<Record<string, number>>;
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** At most ten of each kind, operations in the history's order, rows by id. */
export function witnessOf(evidence: Evidence, exhibits: Exhibits): Witness {
  const sale = saleOf(evidence);
  const operations = first(exhibits.operations).sort((a, b) => a - b);
  const rows = first(exhibits.rows).map((row) => sale.rows[row]!);
  return {
    operations: operations.map((i) => operationAt(evidence.history, i)),
    rows: rows.sort(byId),
    pools: first(exhibits.pools).map((pool) => {
      const { id, capacity } = sale.pools[pool]!;
      const remaining = evidence.state?.pools.find((each) => each.id === id)?.remaining ?? null;
      return { id, capacity, remaining };
    }),
    figures: { ...exhibits.figures },
  };
}

function first(numbers: Iterable<number> = []): number[] {
  const taken: number[] = [];
  for (const number of numbers) {
    if (taken.length === SHOWN_MAX) break;
    taken.push(number);
  }
  return taken;
}

function byId(a: OrderRow, b: OrderRow): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

export function violated(
  invariant: string,
  found: { readonly count: number; readonly summary: string; readonly witness: Witness },
): Finding {
  return { invariant, value: 'violated', ...found, summary: cut(found.summary, SUMMARY_LENGTH) };
}

/** *holds* where nothing is missing, else *unknown*, naming it all. `summary` says what was looked at. */
export function holdsUnless(
  invariant: string,
  seen: {
    readonly missing: readonly string[];
    readonly summary: string;
    readonly witness: Witness;
  },
): Finding {
  const { missing, witness } = seen;
  const summary = cut(seen.summary, SUMMARY_LENGTH);
  if (missing.length === 0) return { invariant, value: 'holds', summary, witness };
  const named = missing.map((each) => cut(each, MISSING_LENGTH));
  return { invariant, value: 'unknown', summary, missing: named, witness };
}

/** `1 ticket`, `2 tickets`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/**
 * The fewest of `candidates` whose quantities exceed `limit`: the largest first, equal ones in the order given, at most
 * ten. Where ten do not exceed it, the figures carry the sum.
 */
export function fewestAbove(
  candidates: readonly number[],
  quantityOf: (candidate: number) => number,
  limit: number,
): number[] {
  const largest = candidates.slice().sort((a, b) => quantityOf(b) - quantityOf(a));
  const taken: number[] = [];
  for (let sum = 0; sum <= limit && taken.length < Math.min(SHOWN_MAX, largest.length); ) {
    const next = largest[taken.length]!;
    taken.push(next);
    sum += quantityOf(next);
  }
  return taken;
}
