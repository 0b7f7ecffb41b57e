import { describe, expect, it } from 'vitest';
import type { Finding, FindingValue } from '../../lib/model/finding.ts';
import type { Verdict } from '../../lib/model/verdict.ts';
import { compare, isWorthAnother } from '../../matrix/compare.ts';
import { rows } from '../../matrix/expected.ts';
import type { Row } from '../../matrix/row.ts';

const ids = ['first', 'second', 'third', 'fourth'];
const row: Row = {
  ...rows[0]!,
  name: 'a-flaw',
  violated: ['first'],
  unknown: ['second'],
  silent: ['third'],
};
const witness = { operations: [], rows: [], pools: [], figures: {} };

function findingOf(invariant: string, value: FindingValue): Finding {
  const common = { invariant, summary: 'As it is.', witness };
  if (value === 'violated') return { ...common, value, count: 1 };
  return value === 'unknown' ? { ...common, value, missing: ['x'] } : { ...common, value };
}

function verdictOf(
  values: readonly FindingValue[],
  totals: { info?: number; latencyMsP99?: number | null } = {},
): Verdict {
  const { info = 0, latencyMsP99 = 1 } = totals;
  return {
    schemaVersion: 1,
    run: { runId: 'r', scenario: 's', target: 't', url: 'u', createdAt: 'c', seed: 1 },
    result: 'pass',
    interrupted: false,
    reasons: [],
    totals: {
      offered: 1,
      delivered: 1,
      operations: 1,
      outcomes: { ok: 1, refused: 0, fail: 0, info },
      soldAcknowledged: 1,
      capacity: 1,
      skewMsP50: 0,
      skewMsP99: 0,
      skewMsMax: 0,
      latencyMsP50: 1,
      latencyMsP95: 1,
      latencyMsP99,
    },
    validity: [],
    objectives: [],
    findings: values.map((value, i) => findingOf(ids[i]!, value)),
    notJudged: [],
  };
}

const cellsThatDiffer = (
  values: readonly FindingValue[],
  of: Row = row,
  totals: Parameters<typeof verdictOf>[1] = {},
) => compare(of, ids, verdictOf(values, totals)).differences.map(({ cell }) => cell);

describe('a measured row against the table', () => {
  it('agrees in every cell, the silent one either way', () => {
    const verdict = verdictOf(['violated', 'unknown', 'unknown', 'holds']);
    expect(compare(row, ids, verdict)).toEqual({ agreed: 4, differences: [] });
    expect(cellsThatDiffer(['violated', 'unknown', 'holds', 'holds'])).toEqual([]);
    for (const value of ['violated', 'unknown', 'holds'] as const) {
      const values: FindingValue[] = ['violated', 'unknown', 'holds', value];
      expect(cellsThatDiffer(values, { ...row, either: ['fourth'] })).toEqual([]);
    }
  });

  it.each<[FindingValue[], string]>([
    [['holds', 'unknown', 'holds', 'holds'], 'first'],
    [['unknown', 'unknown', 'holds', 'holds'], 'first'],
    [['violated', 'holds', 'holds', 'holds'], 'second'],
    [['violated', 'violated', 'holds', 'holds'], 'second'],
    [['violated', 'unknown', 'violated', 'holds'], 'third'],
    [['violated', 'unknown', 'holds', 'unknown'], 'fourth'],
    [['violated', 'unknown', 'holds', 'violated'], 'fourth'],
    [['violated', 'unknown', 'holds'], 'fourth'],
  ])('%j differs in the %s', (values, cell) => {
    expect(cellsThatDiffer(values)).toEqual([cell]);
  });

  it.each<[boolean, FindingValue[]]>([
    [false, ['violated', 'unknown', 'holds', 'holds']],
    [true, ['holds', 'unknown', 'holds', 'holds']],
    [true, ['unknown', 'unknown', 'holds', 'unknown']],
    // Cleared where nothing can be told, accused wrongly, forgotten.
    [false, ['violated', 'holds', 'holds', 'holds']],
    [false, ['violated', 'unknown', 'violated', 'holds']],
    [false, ['holds', 'unknown', 'holds', 'violated']],
    [false, ['holds', 'unknown', 'holds']],
  ])('is worth another run (%j) only if less was shown, and nothing wrong: %j', (is, values) => {
    expect(isWorthAnother(compare(row, ids, verdictOf(values)))).toBe(is);
  });

  it('agrees nowhere without a verdict', () => {
    const { agreed, differences } = compare(row, ids, null);
    expect(agreed).toBe(0);
    expect(differences).toHaveLength(4);
    expect(isWorthAnother({ agreed, differences })).toBe(false);
  });
});

describe('the trace of a flaw that no invariant sees', () => {
  const right = ['violated', 'unknown', 'holds', 'holds'] as const;
  const slow: Row = { ...row, trace: { of: 'latencyMsP99', above: 1500 } };
  const untold: Row = { ...row, trace: { of: 'info', above: 0 } };

  it('has to be above the figure', () => {
    expect(cellsThatDiffer(right, untold, { info: 0 })).toEqual(['info']);
    expect(cellsThatDiffer(right, untold, { info: 1 })).toEqual([]);
    expect(cellsThatDiffer(right, slow, { latencyMsP99: 1500 })).toEqual(['latencyMsP99']);
    expect(cellsThatDiffer(right, slow, { latencyMsP99: 1501 })).toEqual([]);
    expect(isWorthAnother(compare(untold, ids, verdictOf(right, { info: 0 })))).toBe(true);
  });

  it('is above every figure where the quantile has no end, and missing without a verdict', () => {
    expect(cellsThatDiffer(right, slow, { latencyMsP99: null })).toEqual([]);
    expect(compare(slow, ids, null)).toMatchObject({ agreed: 0 });
  });
});
