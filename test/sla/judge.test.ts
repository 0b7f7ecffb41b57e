import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../lib/model/finding.ts';
import { objectiveResultSchema } from '../../lib/model/verdict.ts';
import { compare } from '../../lib/sla/interval.ts';
import { judgeObjectives } from '../../lib/sla/judge.ts';
import { evidence, fault, judge, operation, series, silence, soldOut } from './evidence.ts';

const kinds = {
  latency: { kind: 'latency', quantile: 0.5, lte: '100ms' },
  errorRatio: { kind: 'errorRatio', lte: '5%', expected: ['sold-out'] },
  goodput: { kind: 'goodput', gte: '50/s' },
  timeToSoldOut: { kind: 'timeToSoldOut', lte: '10s' },
  availability: { kind: 'availability', slice: '100ms', gte: '90%' },
  invariants: { kind: 'invariants' },
  longest: { kind: 'longest', lte: '10s' },
  resource: { kind: 'resource', metric: 'user CPU', promise: '≤ 90 %' },
} as const;

describe('compare', () => {
  it.each([
    { low: 1, high: 5, lte: 'pass', gte: 'inconclusive' },
    { low: 5, high: 5, lte: 'pass', gte: 'pass' },
    { low: 4, high: 6, lte: 'inconclusive', gte: 'inconclusive' },
    { low: 5, high: 9, lte: 'inconclusive', gte: 'pass' },
    { low: 5.1, high: 9, lte: 'fail', gte: 'pass' },
    { low: 1, high: 4.9, lte: 'pass', gte: 'fail' },
    { low: -Infinity, high: Infinity, lte: 'inconclusive', gte: 'inconclusive' },
  ])('[$low, $high] against 5 is $lte for ≤ and $gte for ≥', ({ low, high, lte, gte }) => {
    expect(compare({ low, high }, { direction: 'lte', value: 5 })).toBe(lte);
    expect(compare({ low, high }, { direction: 'gte', value: 5 })).toBe(gte);
  });
});

describe('every objective', () => {
  it.each(Object.values(kinds))('$kind is inconclusive without data', (objective) => {
    const { result, because } = judge(objective, {});
    expect(result).toBe('inconclusive');
    expect(because).toContain('nothing was shown');
  });

  it.each(Object.values(kinds))('$kind gives a result that fits its schema', (objective) => {
    const outcomes = fc.constantFrom({}, soldOut, silence, fault, {
      ...fault,
      outcome: 'fail',
    } as const);
    const histories = fc.array(fc.tuple(fc.nat(5000), fc.nat(900), outcomes), { maxLength: 60 });
    fc.assert(
      fc.property(histories, fc.integer({ min: 0, max: 40 }), (drawn, capacity) => {
        const operations = drawn.map(([start, took, outcome], i) =>
          operation({ intent: `i${i}`, start, end: start + took, ...outcome }),
        );
        objectiveResultSchema.parse(judge(objective, { operations, capacity }));
      }),
    );
  });

  it.each(['latency', 'errorRatio', 'goodput', 'availability'] as const)(
    '%s looks only into its window, and nowhere without T₀',
    (kind) => {
      const operations = series(1000, (i) => (i < 500 ? silence : {}));
      const window = { from: '5s' };
      expect(judge({ ...kinds[kind], window }, { operations }).result).toBe('pass');
      expect(judge(kinds[kind], { operations }).result).not.toBe('pass');
      const lost = judge({ ...kinds[kind], window }, { operations, load: null });
      expect(lost.result).toBe('inconclusive');
    },
  );
});

describe('latency', () => {
  const took = (ms: number) => (i: number) => ({ end: i * 10 + ms });

  it('says what was measured, promised and how sure it is', () => {
    const result = judge(
      { kind: 'latency', operation: 'purchase', quantile: 0.99, lte: '300ms' },
      {
        operations: series(400, took(120)),
      },
    );
    expect(result).toEqual({
      id: 'x',
      kind: 'latency',
      promise: 'p99 of purchase ≤ 300 ms',
      result: 'pass',
      limit: { direction: 'lte', value: 300 },
      measurement: {
        unit: 'ms',
        value: 120,
        low: 120,
        high: 120,
        samples: 400,
        method: 'batch means, 20 batches, order statistics as floor',
      },
      because: 'measured 120 ms, interval [120 ms, 120 ms], promised ≤ 300 ms',
    });
  });

  it.each([
    [298, 'inconclusive'],
    [299, 'pass'],
  ])('p99 with %i fast answers is %s', (count, result) => {
    const operations = series(count, took(20));
    expect(judge({ kind: 'latency', quantile: 0.99, lte: '1s' }, { operations }).result).toBe(
      result,
    );
  });

  it.each([
    ['no reply', silence],
    ['a reply that settles nothing', fault],
    ['no connection', { outcome: 'fail', status: 0, reason: 'connection-refused' } as const],
  ])('a dying target is not fast: %s counts as longer than any limit', (_, ending) => {
    const operations = series(1000, (i) => (i % 5 === 0 ? ending : took(1)(i)));
    const result = judge({ kind: 'latency', quantile: 0.95, lte: '5min' }, { operations });
    expect(result.result).toBe('fail');
    expect(result.measurement).toMatchObject({ value: null, low: 300_000, high: null });
    expect(result.because).toContain('200 of 1000 were never told how it ended');
  });

  it('counts only those that succeeded if asked', () => {
    const operations = series(1000, (i) => (i % 5 === 0 ? silence : took(1)(i)));
    const objective = { kind: 'latency', quantile: 0.95, lte: '1s', outcomes: 'ok' } as const;
    expect(judge(objective, { operations })).toMatchObject({
      result: 'pass',
      measurement: { samples: 800 },
    });
  });

  it('a refusal is an answer and has a latency', () => {
    const operations = series(400, (i) => ({ ...soldOut, ...took(900)(i) }));
    expect(judge(kinds.latency, { operations }).result).toBe('fail');
  });
});

describe('errorRatio', () => {
  it('being sold out is no error where it is expected, and one where it is not', () => {
    const operations = series(1000, () => soldOut);
    expect(judge(kinds.errorRatio, { operations }).result).toBe('pass');
    expect(judge({ ...kinds.errorRatio, expected: [] }, { operations }).result).toBe('fail');
  });

  it('is inconclusive around the limit', () => {
    const operations = series(1000, (i) => (i % 20 === 0 ? fault : {}));
    expect(judge(kinds.errorRatio, { operations }).result).toBe('inconclusive');
  });

  it('an outage does not drown in the average if a window slides', () => {
    const operations = series(20_000, (i) => (i >= 9000 && i < 9200 ? fault : {}));
    expect(judge(kinds.errorRatio, { operations }).result).toBe('pass');
    const { result, because } = judge({ ...kinds.errorRatio, sliding: '2s' }, { operations });
    expect(result).toBe('fail');
    expect(because).toMatch(
      /^\d+ of \d+ operations were errors in the 2 s from 90 s on; over all: /,
    );
  });

  it('a sliding window does not fail for a single error', () => {
    const operations = series(20_000, (i) => (i === 9000 ? fault : {}));
    expect(judge({ ...kinds.errorRatio, sliding: '50ms' }, { operations }).result).toBe('pass');
  });
});

describe('goodput', () => {
  it('counts what succeeded in time, a second', () => {
    const operations = series(1000, (i) => (i % 2 === 0 ? {} : { end: i * 10 + 600 }));
    const { measurement } = judge(
      { kind: 'goodput', gte: '50/s', within: '500ms' },
      { operations, capacity: 2000 },
    );
    expect(measurement!.value).toBeCloseTo(500 / 10.59, 1);
    expect(measurement!.low).toBeLessThan(measurement!.value!);
  });

  it('ends with the sale: refusals after the last ticket are not held against it', () => {
    const operations = series(3000, (i) => (i < 500 ? {} : soldOut));
    const { result, measurement } = judge(kinds.goodput, { operations });
    expect(result).toBe('pass');
    expect(measurement!.value).toBeCloseTo(500 / 5, 0);
  });

  it('is not held against a shop that was not asked for so much', () => {
    const asked = { kind: 'goodput', gte: '150/s' } as const;
    const operations = series(1000);
    expect(judge(asked, { operations, capacity: 2000 })).toMatchObject({
      result: 'inconclusive',
      because: expect.stringContaining('too little was asked of it'),
      measurement: { samples: 1000 },
    });
    const slow = series(1000, (i) => ({ start: i, end: i * 10 + 10 }), 1);
    expect(judge(asked, { operations: slow, capacity: 2000 }).result).toBe('fail');
    const twoPools = evidence({ objectives: [{ id: 'x', ...asked }], operations, capacity: 500 });
    const pools = [...twoPools.fixture.pools, { ...twoPools.fixture.pools[0]!, id: 'unasked' }];
    const unasked = judgeObjectives({ ...twoPools, fixture: { pools } });
    expect(unasked).toMatchObject([{ result: 'inconclusive' }]);
    const crowd = series(1000, (i) => ({ start: 0, end: i * 10 + 10 }));
    expect(judge(asked, { operations: crowd, capacity: 500 }).result).toBe('fail');
  });

  it('of a shop that sells nothing is 0 and fails', () => {
    const operations = series(1000, () => fault);
    expect(judge(kinds.goodput, { operations })).toMatchObject({
      result: 'fail',
      measurement: { value: 0, low: 0, high: 0 },
    });
  });
});

describe('availability', () => {
  it('leaves out slices in which nobody came', () => {
    const operations = [...series(300), ...series(300, (i) => ({ start: 1e9 + i * 10 }))];
    expect(judge(kinds.availability, { operations })).toMatchObject({
      result: 'pass',
      measurement: { samples: 60, value: 1 },
    });
  });

  it('one answer keeps a slice up, faults and silence do not', () => {
    const up = series(1000, (i) => (i % 10 === 3 ? soldOut : fault));
    expect(judge(kinds.availability, { operations: up }).result).toBe('pass');
    const down = series(1000, (i) => (i % 2 === 0 ? silence : fault));
    expect(judge(kinds.availability, { operations: down }).result).toBe('fail');
  });
});

describe('invariants', () => {
  const witness = { operations: [], rows: [], pools: [], figures: {} };
  const found = (invariant: string, value: Finding['value']): Finding =>
    value === 'violated'
      ? { invariant, value, summary: 's', count: 1, witness }
      : value === 'unknown'
        ? { invariant, value, summary: 's', missing: ['m'], witness }
        : { invariant, value, summary: 's', witness };
  const [a, b, c] = [found('a', 'holds'), found('b', 'unknown'), found('c', 'violated')];

  it.each([
    [{}, [a], 'pass'],
    [{}, [a, b], 'inconclusive'],
    [{}, [a, b, c], 'fail'],
    [{ only: ['a'] }, [a, b, c], 'pass'],
    [{ except: ['b', 'c'] }, [a, b, c], 'pass'],
    [{ except: ['c'] }, [a, b, c], 'inconclusive'],
    [{ only: ['b', 'c'] }, [a, b, c], 'fail'],
    [{ only: ['nobody-decided'] }, [a], 'inconclusive'],
    [{ except: ['a'] }, [a], 'inconclusive'],
  ])('%j of given findings %#', (scope, findings, result) => {
    expect(judge({ kind: 'invariants', ...scope }, { findings })).toMatchObject({
      result,
      limit: null,
      measurement: null,
    });
  });
});
