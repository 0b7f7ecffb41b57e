import { describe, expect, it } from 'vitest';
import { slaSchema } from '../../lib/model/sla.ts';
import { judge, series, silence, soldOut } from './evidence.ts';

const busy = { outcome: 'fail', status: 409, reason: 'busy' } as const;

describe('errors counted by intent', () => {
  /** 100 buyers, every one turned away twice; the last `lost` of them a third time, too. */
  const tries = (lost: number) =>
    series(300, (i) => {
      const buyer = Math.floor(i / 3);
      const last = i % 3 === 2;
      return { intent: `i${buyer}`, ...(last && buyer < 100 - lost ? {} : busy) };
    });

  it('sees a buyer who got a ticket at the third try as served', () => {
    const objective = { kind: 'errorRatio', lte: '10%', of: 'run' } as const;
    const operations = tries(1);
    const byIntent = judge({ ...objective, unit: 'intent' }, { operations });
    expect(byIntent).toMatchObject({ result: 'pass', measurement: { value: 0.01, samples: 100 } });
    const byRequest = judge(objective, { operations });
    expect(byRequest).toMatchObject({ result: 'fail', measurement: { samples: 300 } });
  });

  it('counts a buyer who was told sold out as served, if that is expected', () => {
    const operations = series(100, (i) => ({ intent: `i${i}`, ...soldOut }));
    const objective = { kind: 'errorRatio', lte: '0%', of: 'run', unit: 'intent' } as const;
    expect(judge({ ...objective, expected: ['sold-out'] }, { operations }).result).toBe('pass');
    expect(judge(objective, { operations }).result).toBe('fail');
  });
});

describe('a promise about this run alone', () => {
  it('of 0 % can be shown, which one about the service cannot', () => {
    const operations = series(500);
    const objective = { kind: 'errorRatio', lte: '0%' } as const;
    expect(judge({ ...objective, of: 'run' }, { operations }).result).toBe('pass');
    expect(judge(objective, { operations }).result).toBe('inconclusive');
  });

  it('is inconclusive without operations', () => {
    expect(judge({ kind: 'errorRatio', lte: '0%', of: 'run' }, {}).result).toBe('inconclusive');
  });
});

describe('minutes by how busy they were', () => {
  // 30 arrivals in the first minute, 90 in the second, in which half fail.
  const operations = series(
    120,
    (i) => (i < 30 ? { start: i * 2000 } : { start: 60_000 + (i - 30) * 600, ...(i % 2 && busy) }),
    1,
  );
  const objective = { kind: 'errorRatio', lte: '30%', of: 'run' } as const;

  it('are told apart at the rate given', () => {
    const quiet = judge({ ...objective, activity: { upTo: '50/min' } }, { operations });
    expect(quiet).toMatchObject({ result: 'pass', measurement: { value: 0, samples: 30 } });
    const crowded = judge({ ...objective, activity: { above: '50/min' } }, { operations });
    expect(crowded).toMatchObject({ result: 'fail', measurement: { value: 0.5, samples: 90 } });
  });

  it('must be one or the other', () => {
    const both = { above: '50/min', upTo: '50/min' };
    for (const activity of [both, {}]) {
      const objectives = [{ id: 'x', ...objective, activity }];
      expect(slaSchema.safeParse({ apiVersion: 'onsale/v1', objectives }).success).toBe(false);
    }
  });
});

describe('the longest wait', () => {
  it('is exact: one answer beyond the limit fails', () => {
    const operations = series(50, (i) => ({ start: i * 10, end: i * 10 + (i === 7 ? 5001 : 40) }));
    expect(judge({ kind: 'longest', lte: '5s' }, { operations }).result).toBe('fail');
    expect(judge({ kind: 'longest', lte: '6s' }, { operations }).result).toBe('pass');
  });

  it('has no end for one who was never told', () => {
    const operations = series(50, (i) => (i === 7 ? silence : {}));
    const { result, because } = judge({ kind: 'longest', lte: '1min' }, { operations });
    expect({ result, told: because.includes('never told') }).toEqual({
      result: 'fail',
      told: true,
    });
  });

  it('is inconclusive without operations', () => {
    expect(judge({ kind: 'longest', lte: '6s' }, {}).result).toBe('inconclusive');
  });
});

it('a promise about the target’s own machines is written down and inconclusive', () => {
  const objective = { kind: 'resource', metric: 'user CPU', promise: '≤ 90 %' } as const;
  const { result, promise, because } = judge(objective, { operations: series(10) });
  expect({ result, promise }).toEqual({ result: 'inconclusive', promise: 'user CPU ≤ 90 %' });
  expect(because).toContain('no source of metrics');
});
