import { describe, expect, it } from 'vitest';
import { historyOf } from '../../lib/history/columns.ts';
import type { Operation } from '../../lib/model/operation.ts';
import { soldOut as soldOutOf } from '../../lib/sla/sold-out.ts';
import { judge, operation, silence, soldOut, T0 } from './evidence.ts';

const buy = (start: number, end: number, given: Partial<Operation> = {}) =>
  operation({ intent: `i${start}-${end}`, start, end, ...given });

const seen = (operations: Operation[], ...capacities: number[]) =>
  soldOutOf(historyOf(operations), { pools: poolsOf(capacities), exclusive: true });

const poolsOf = (capacities: readonly number[]) =>
  capacities.map((capacity, i) => ({ id: 'pq'[i]!, name: '', capacity, remaining: null }));

describe('soldOut', () => {
  it('is the end of the purchase that takes the last ticket, in order of acknowledgement', () => {
    const operations = [buy(0, 900), buy(1, 20), buy(2, 30, { quantity: 2 }), buy(3, 40, soldOut)];
    expect(seen(operations, 4)).toEqual({ seen: 'sold-out', at: T0 + 900 });
    expect(seen(operations, 3)).toEqual({ seen: 'sold-out', at: T0 + 30 });
  });

  it('is the first refusal after the last sale where lost replies may have taken the rest', () => {
    const operations = [
      buy(0, 10),
      buy(1, 5000, silence),
      buy(11, 60, soldOut),
      buy(70, 80, soldOut),
    ];
    expect(seen(operations, 2)).toEqual({ seen: 'sold-out', at: T0 + 60 });
  });

  it('is not the refusal that began while a sale was still under way', () => {
    const operations = [
      buy(0, 50),
      buy(1, 5000, silence),
      buy(2, 20, soldOut),
      buy(60, 70, soldOut),
    ];
    expect(seen(operations, 2)).toEqual({ seen: 'sold-out', at: T0 + 70 });
  });

  it('is so where the rest is too small for anybody', () => {
    const two = { quantity: 2 };
    const operations = [buy(0, 10, two), buy(11, 20, { ...two, ...soldOut })];
    expect(seen(operations, 3)).toEqual({ seen: 'sold-out', at: T0 + 20 });
  });

  it('is not believed while tickets certainly remain', () => {
    const operations = [buy(0, 10), buy(11, 20, soldOut), buy(21, 35, soldOut)];
    expect(seen(operations, 3)).toEqual({ seen: 'unsold', until: T0 + 35 });
  });

  it('is unknown where others may have bought what was refused', () => {
    const refused = historyOf([buy(0, 1500), buy(1, 20, soldOut), buy(2, 30, soldOut)]);
    const pools = poolsOf([3]);
    expect(soldOutOf(refused, { pools })).toMatchObject({ seen: 'unknown' });
    expect(soldOutOf(refused, { pools, exclusive: true })).toMatchObject({ seen: 'unsold' });
    const failing = historyOf([buy(0, 9), ...[1, 2].map((i) => buy(i, 30, { outcome: 'fail' }))]);
    expect(soldOutOf(failing, { pools })).toMatchObject({ seen: 'unsold' });
  });

  it('is so where the rest would suit only somebody who has a ticket', () => {
    const four = { quantity: 4 };
    const operations = [
      buy(0, 10),
      buy(1, 20, four),
      buy(2, 30, four),
      buy(31, 45, { ...four, ...soldOut }),
      buy(60, 5000, { ...four, ...soldOut }),
    ];
    expect(seen(operations, 10)).toEqual({ seen: 'sold-out', at: T0 + 45 });
  });

  it('is unknown without enough demand, or where only silence followed', () => {
    expect(seen([buy(0, 10)], 5)).toMatchObject({ seen: 'unknown' });
    expect(seen([buy(0, 10), buy(1, 5000, silence)], 2)).toMatchObject({ seen: 'unknown' });
    expect(seen([], 2)).toMatchObject({ seen: 'unknown' });
    expect(seen([buy(0, 1)], 0)).toMatchObject({ seen: 'unknown' });
  });

  it('waits for the last of several pools', () => {
    const operations = [buy(0, 10), buy(1, 70, { pool: 'q' })];
    expect(seen(operations, 1, 1)).toEqual({ seen: 'sold-out', at: T0 + 70 });
    expect(seen(operations, 1, 2)).toMatchObject({ seen: 'unknown' });
    expect(seen(operations, 1, 0)).toEqual({ seen: 'sold-out', at: T0 + 10 });
  });
});

describe('timeToSoldOut', () => {
  const objective = { kind: 'timeToSoldOut', lte: '1s' } as const;

  it.each([
    [900, 'pass'],
    [1000, 'pass'],
    [1001, 'fail'],
  ])('the last ticket after %i ms is %s', (end, result) => {
    const judged = judge(objective, { operations: [buy(0, end)], capacity: 1 });
    expect(judged.result).toBe(result);
    expect(judged.measurement).toMatchObject({ value: end, low: end, high: end, method: 'exact' });
  });

  it('tickets that remain after the limit fail it, before the limit nobody knows', () => {
    const unsold = (end: number) =>
      judge(objective, { operations: [buy(0, end), buy(1, 20, soldOut)], capacity: 2 });
    expect(unsold(1500)).toMatchObject({
      result: 'fail',
      measurement: { value: null, low: 1500, high: null },
    });
    expect(unsold(500).result).toBe('inconclusive');
    const operations = [buy(0, 1500), buy(1, 20, soldOut)];
    expect(judge(objective, { operations, capacity: 2, exclusive: false })).toMatchObject({
      result: 'inconclusive',
      because: expect.stringContaining('others may have bought'),
    });
  });

  it('a sale that was over before T₀ shows a clock that jumped, not a fast shop', () => {
    const operations = [buy(-900, -500)];
    expect(judge(objective, { operations, capacity: 1 }).result).toBe('inconclusive');
  });

  it('is inconclusive without T₀ or demand', () => {
    const operations = [buy(0, 10)];
    expect(judge(objective, { operations, capacity: 1, load: { startedAt: null } }).result).toBe(
      'inconclusive',
    );
    expect(judge(objective, { operations, capacity: 9 }).because).toContain(
      'only 1 of 9 tickets were asked for',
    );
  });
});
