import { membersOf } from '../history/grouping.ts';
import type { Evidence } from '../invariants/invariant.ts';
import { type Sale, saleOf } from '../invariants/sale.ts';
import type { CertifiedMoney } from '../model/certificate.ts';
import type { Finding } from '../model/finding.ts';

/** As many operations, and as many rows, as a certificate shows at most. */
export const SHOWN_MAX = 10;

export type Violation = Extract<Finding, { value: 'violated' }>;

/** The judge's evidence once more, with the violation that is to be proved. */
export interface Case {
  readonly evidence: Evidence;
  readonly sale: Sale;
  readonly finding: Violation;
}

/** What a certificate shows and counts; operations, rows, pool and intent by number. */
export interface Proof {
  /** Null where it is about no intent of the history; `key` is then what the row says. */
  readonly key: string | null;
  readonly pool: number | null;
  readonly asked: number | null;
  readonly operations: readonly number[];
  readonly rows: readonly number[];
  readonly counts: {
    readonly operations: number;
    readonly rows: number;
    readonly tickets: number;
  };
  /** Only where the claim is about a buyer, who acts for all that is shown. */
  readonly buyer?: string;
  /** Only where it is about all purchases, or rows, of a time; finite. */
  readonly from?: number;
  readonly to?: number;
  /** Only where the claim turns on money. */
  readonly money?: CertifiedMoney;
}

export type Prove = (of: Case) => Proof;

export function caseOf(evidence: Evidence, finding: Violation): Case {
  return { evidence, sale: saleOf(evidence), finding };
}

/** The pool that the finding's witness names first. */
export function poolOf({ sale, finding }: Case): number {
  const { id } = finding.witness.pools[0]!;
  return sale.pools.findIndex((pool) => pool.id === id);
}

/** The intent of the finding's first operation, by number. */
export function intentOf({ evidence, finding }: Case): number {
  return evidence.history.intentKeys.indexOf(finding.witness.operations[0]!.intent);
}

export function operationsOfPool({ sale }: Case, pool: number): number[] {
  return [...membersOf(sale.operationsByPool, pool)];
}

/** Rows of a pool, live and cancelled, whoever they belong to. */
export function rowsOfPool({ sale }: Case, pool: number): number[] {
  return [...sale.rows.keys()].filter((row) => sale.rowPool[row] === pool);
}

/**
 * The fewest of `candidates` that hold more than `limit` tickets, largest first; no one of them can be left out. Null
 * where {@link SHOWN_MAX} do not hold as many.
 */
export function fewestAbove(
  candidates: readonly number[],
  { limit, quantityOf }: { limit: number; quantityOf: (candidate: number) => number },
): number[] | null {
  const largest = candidates.slice().sort((a, b) => quantityOf(b) - quantityOf(a) || a - b);
  let tickets = 0;
  for (let taken = 0; taken < Math.min(SHOWN_MAX, largest.length); taken++) {
    tickets += quantityOf(largest[taken]!);
    if (tickets > limit) return largest.slice(0, taken + 1);
  }
  return null;
}

/** All of them where they can be shown, else none: a part of them would prove nothing. */
export function allOrNone(candidates: readonly number[]): readonly number[] {
  return candidates.length <= SHOWN_MAX ? candidates : [];
}
