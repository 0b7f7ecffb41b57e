import type { FindingValue } from '../lib/model/finding.ts';
import type { Verdict } from '../lib/model/verdict.ts';
import type { Row } from './row.ts';

/**
 * What a cell may say: one of the three values; `silent`, which is either of those that do not accuse; `either`, which is any
 * of the three; or `beside`, that the claim says nothing about this sale.
 */
export type Expectation = FindingValue | 'silent' | 'either' | 'beside';

/** What `row` expects of an invariant. */
export function expectationOf(row: Row, invariant: string): Expectation {
  if (row.violated.includes(invariant)) return 'violated';
  if (row.beside.includes(invariant)) return 'beside';
  if (row.unknown.includes(invariant)) return 'unknown';
  if (row.either.includes(invariant)) return 'either';
  return row.silent.includes(invariant) ? 'silent' : 'holds';
}

function fits(expected: Expectation, value: FindingValue | 'beside' | undefined): boolean {
  if (expected === 'either') return value !== undefined && value !== 'beside';
  return expected === 'silent' ? value === 'holds' || value === 'unknown' : value === expected;
}

function isLess(expected: Expectation, value: FindingValue | 'beside' | undefined): boolean {
  if (expected === 'violated') return value === 'holds' || value === 'unknown';
  return expected === 'holds' && value === 'unknown';
}

/** One cell that is not as the table says, in words. */
export interface Difference {
  readonly row: string;
  readonly cell: string;
  readonly expected: string;
  readonly got: string;
  /** Less was shown than the table says, and nothing that is not so: the flaw may not have come to pass this time. */
  readonly isLess: boolean;
}

export interface Comparison {
  readonly agreed: number;
  readonly differences: readonly Difference[];
}

/**
 * Every cell of a row against what was measured: one an invariant, and one for the trace if the row has one. Without a
 * verdict no cell agrees.
 */
export function compare(
  row: Row,
  invariants: readonly string[],
  verdict: Verdict | null,
): Comparison {
  const differences: Difference[] = [];
  const found = new Map(verdict?.findings.map((finding) => [finding.invariant, finding]));
  for (const invariant of invariants) {
    const expected = expectationOf(row, invariant);
    const finding = found.get(invariant);
    const aside = verdict?.notJudged.find((each) => each.invariant === invariant);
    const value = finding?.value ?? (aside && 'beside');
    if (fits(expected, value)) continue;
    const told = aside === undefined ? 'no finding' : `beside: ${aside.because}`;
    const got = finding === undefined ? told : `${finding.value}: ${finding.summary}`;
    const less = isLess(expected, value);
    differences.push({ row: row.name, cell: invariant, expected, got, isLess: less });
  }
  const cells = invariants.length + (row.trace === null ? 0 : 1);
  const untraced = row.trace === null ? null : traceDifference(row, row.trace, verdict);
  if (untraced !== null) differences.push(untraced);
  return { agreed: cells - differences.length, differences };
}

/** A flaw that did not show itself proves nothing by what stayed silent. */
function traceDifference(
  row: Row,
  trace: NonNullable<Row['trace']>,
  verdict: Verdict | null,
): Difference | null {
  const cell = { row: row.name, cell: trace.of, expected: `above ${trace.above}` };
  if (verdict === null) return { ...cell, got: 'no verdict', isLess: false };
  const { outcomes, latencyMsP99 } = verdict.totals;
  // A quantile is null where more than its share of buyers never learned how it ended: longer than any figure.
  const value = {
    info: outcomes.info,
    errors: outcomes.info + outcomes.fail,
    latencyMsP99: latencyMsP99 ?? Number.POSITIVE_INFINITY,
  }[trace.of];
  return value > trace.above ? null : { ...cell, got: String(value), isLess: true };
}

/** Whether another run may show what this one did not. Who was accused, cleared or crashed wrongly, was so once too often. */
export function isWorthAnother({ differences }: Comparison): boolean {
  return differences.length > 0 && differences.every(({ isLess }) => isLess);
}
