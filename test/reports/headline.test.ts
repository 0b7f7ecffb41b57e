import { describe, expect, it } from 'vitest';
import type { ObjectiveResult } from '../../lib/model/verdict.ts';
import { besideWords, factsOf, findingsByWeight, sentenceOf } from '../../reports/headline.ts';
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

describe('a value without doubt', () => {
  const exact = { ...objective.measurement!, value: 40, low: 40, high: 40, method: 'exact' };
  it('has no interval from itself to itself', () => {
    expect(factsOf({ ...objective, measurement: exact }).interval).toBe('exact');
    expect(sentenceOf({ ...objective, measurement: exact })).toBe(
      'measured 40 ms, exact, limit ≤ 300 ms',
    );
  });

  it('is not said to be so where the interval only happens to be narrow', () => {
    const narrow = { ...exact, method: 'batch means, 20 batches' };
    expect(factsOf({ ...objective, measurement: narrow }).interval).toBe('40 ms to 40 ms');
  });

  it('keeps its unit where nobody was there to wait', () => {
    expect(factsOf({ ...objective, kind: 'longest', measurement: null }).limit).toBe('≤ 300 ms');
  });
});

describe('claims that say nothing about a sale', () => {
  it('are counted', () => {
    const { verdict } = exampleRun({ story: 'pass', buyers: 10 });
    const words = (n: number) =>
      besideWords({
        ...verdict,
        notJudged: verdict.notJudged.slice(0, n),
      });
    expect([0, 1, 2].map(words)).toEqual([
      '',
      '1 claim says nothing about this sale',
      '2 claims say nothing about this sale',
    ]);
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
