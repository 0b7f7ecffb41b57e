import { describe, expect, it } from 'vitest';
import type { LoadAccount } from '../../lib/model/manifest.ts';
import { judgeValidity } from '../../lib/sla/judge.ts';
import { type Example, evidence, series } from './evidence.ts';

const planned = Array.from({ length: 1000 }, (_, i) => i * 10);

/** Result by id. */
function results(example: Example): Record<string, string> {
  const validity = judgeValidity(evidence({ planned, ...example }));
  return Object.fromEntries(validity.map(({ id, result }) => [id, result]));
}

/** All that is judged when everything is as it should be. */
const fine = {
  account: 'pass',
  dropped: 'pass',
  deficit: 'pass',
  'generator-cpu': 'pass',
  steal: 'pass',
};

describe('judgeValidity', () => {
  it('accepts a load that was delivered', () => {
    expect(results({ operations: series(1000) })).toEqual(fine);
  });

  it('a retry is no second arrival, and the first start counts', () => {
    const operations = [...series(1000), ...series(1000, (i) => ({ start: i * 10 + 5000 }))];
    expect(results({ operations })).toEqual(fine);
  });

  it('counts buyers who never came', () => {
    expect(results({ operations: series(998) })).toMatchObject({
      dropped: 'fail',
      deficit: 'pass',
    });
    expect(results({ operations: series(980) })).toMatchObject({
      dropped: 'fail',
      deficit: 'fail',
    });
  });

  it('operations of intents that nobody planned are no arrivals', () => {
    const operations = series(1000, (i) => ({ intent: `stranger${i}` }));
    expect(results({ operations })).toMatchObject({ dropped: 'fail', deficit: 'fail' });
  });

  it('buyers who came too late were not there when they should have been', () => {
    const late = (ms: number) => series(1000, (i) => ({ start: i * 10 + (i < 5 ? ms : 0) }));
    expect(results({ operations: late(1000) })).toEqual(fine);
    expect(results({ operations: late(1001) })).toEqual({ ...fine, dropped: 'fail' });
    const validity = { lateAfter: '2s' };
    expect(results({ operations: late(1001), validity })).toEqual(fine);
  });

  it('buyers who came long before their moment show a clock that jumped', () => {
    const early = series(1000, (i) => ({ start: i * 10 - 60_000 }));
    const [, dropped] = judgeValidity(evidence({ planned, operations: early }));
    expect(dropped).toMatchObject({ result: 'fail', value: 1 });
    expect(dropped?.because).toContain('1000 so much early');
  });

  it('says the figures', () => {
    const [, dropped] = judgeValidity(evidence({ planned, operations: series(990) }));
    expect(dropped).toEqual({
      id: 'dropped',
      result: 'fail',
      value: 0.01,
      limit: 0.001,
      because:
        '1 % of 1000 arrivals were lost: 10 never began and 0 began more than 1 s late; ' +
        'at most 0.1 % is allowed',
    });
  });

  it.each<[string, Partial<LoadAccount> | null, Record<string, string>]>([
    [
      'no account of the load',
      null,
      { account: 'inconclusive', dropped: 'inconclusive', 'generator-cpu': 'inconclusive' },
    ],
    ['no summary of k6', { requested: null }, { account: 'inconclusive' }],
    [
      'a history with gaps',
      { complete: false, gaps: ['a line was cut'] },
      { account: 'inconclusive' },
    ],
    ['T₀ unknown', { startedAt: null }, { dropped: 'inconclusive' }],
    ['a generator at its limit', { generatorCpuRatioMax: 0.81 }, { 'generator-cpu': 'fail' }],
    [
      'a generator nobody measured',
      { generatorCpuRatioMax: null },
      { 'generator-cpu': 'inconclusive' },
    ],
    ['stolen time', { stealRatio: 0.3 }, { steal: 'fail' }],
  ])('%s', (_, load, expected) => {
    const operations = series(1000);
    expect(results({ operations, load })).toMatchObject(expected);
  });

  it('steal is left out where the machine does not tell', () => {
    const { steal, ...rest } = fine;
    expect(results({ operations: series(1000), load: { stealRatio: null } })).toEqual(rest);
    expect(steal).toBe('pass');
  });

  it('says when the clock was set, and by how much', () => {
    const clocked = (deviationMsMax: number) =>
      judgeValidity(
        evidence({
          planned,
          operations: series(1000),
          load: { clock: { samples: 61, deviationMsMax } },
        }),
      ).find(({ id }) => id === 'clock');
    expect(clocked(10)).toEqual({
      ...{ id: 'clock', result: 'pass', value: 10, limit: 10 },
      because: "the machine's clock kept its pace to 10 ms at 61 looks",
    });
    const { result, because } = clocked(2000.5)!;
    expect(result).toBe('fail');
    expect(because).toContain('was set or corrected by 2.001 s during the run');
  });

  it('nothing planned is nothing delivered', () => {
    expect(results({ planned: [] })).toMatchObject({
      dropped: 'inconclusive',
      deficit: 'inconclusive',
    });
  });
});
