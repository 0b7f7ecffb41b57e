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

/** One cell that is not as the table says, in words. */
export interface Difference {
  readonly row: string;
  readonly cell: string;
  readonly expected: string;
  readonly got: string;
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
    if (fits(expected, finding?.value ?? (aside && 'beside'))) continue;
    const told = aside === undefined ? 'no finding' : `beside: ${aside.because}`;
    const got = finding === undefined ? told : `${finding.value}: ${finding.summary}`;
    differences.push({ row: row.name, cell: invariant, expected, got });
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
  const expected = `above ${trace.above}`;
  if (verdict === null) return { row: row.name, cell: trace.of, expected, got: 'no verdict' };
  const { outcomes, latencyMsP99 } = verdict.totals;
  // A quantile is null where more than its share of buyers never learned how it ended: longer than any figure.
  const value = {
    info: outcomes.info,
    errors: outcomes.info + outcomes.fail,
    latencyMsP99: latencyMsP99 ?? Number.POSITIVE_INFINITY,
  }[trace.of];
  return value > trace.above
    ? null
    : { row: row.name, cell: trace.of, expected, got: String(value) };
}
