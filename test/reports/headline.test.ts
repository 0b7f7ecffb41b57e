import { describe, expect, it } from 'vitest';
import type { ObjectiveResult } from '../../lib/model/verdict.ts';
import { factsOf, findingsByWeight, sentenceOf } from '../../reports/headline.ts';
import { exampleRun } from './example.ts';

const objective: ObjectiveResult = {
  id: 'purchase-p99',
  kind: 'latency',
  promise: 'p99 of purchase ≤ 300 ms',
  result: 'fail',
  limit: { direction: 'lte', value: 300 },
  measurement: { unit: 'ms', value: 300.4, low: 300.1, high: 312, samples: 9, method: '' },
  because: 'there were no samples',
};

describe('what is said of an objective', () => {
  it('is precise enough not to look like its limit', () => {
    expect(sentenceOf(objective)).toBe(
      'measured 300.4 ms, interval 300.1 ms to 312 ms, limit ≤ 300 ms',
    );
  });

  it('keeps the unit of a limit that met no measurement', () => {
    expect(factsOf({ ...objective, measurement: null }).limit).toBe('≤ 300 ms');
    expect(sentenceOf({ ...objective, measurement: null })).toBe('there were no samples');
  });

  it('tells a value without end from none', () => {
    const unending = { ...objective.measurement!, value: null, low: 900, high: null };
    expect(sentenceOf({ ...objective, measurement: unending })).toBe(
      'measured no finite value, interval at least 900 ms, limit ≤ 300 ms',
    );
    const empty = { ...unending, low: null, samples: 0 };
    expect(sentenceOf({ ...objective, measurement: empty })).toBe(
      'nothing measured, limit ≤ 300 ms',
    );
  });
});

describe('findings', () => {
  it('come violated first, then unknown, else in their order', () => {
    const values = findingsByWeight(exampleRun({ story: 'fail', buyers: 1500 }).verdict);
    expect(values.map(({ value }) => value)).toEqual([
      'violated',
      'violated',
      'unknown',
      'unknown',
      'holds',
    ]);
  });
});
