import { expect, it } from 'vitest';
import { totalsSchema } from '../../lib/model/verdict.ts';
import { totalsOf } from '../../lib/sla/totals.ts';
import { evidence, fault, series, silence, soldOut } from './evidence.ts';

it('adds up what happened', () => {
  const operations = series(100, (i) => ({
    start: i * 10 + i,
    end: i * 10 + 2 * i + 1,
    quantity: 2,
    ...(i < 20 ? {} : i < 90 ? soldOut : i < 95 ? silence : { ...fault, outcome: 'fail' }),
  }));
  const planned = Array.from({ length: 110 }, (_, i) => i * 10);
  expect(totalsSchema.parse(totalsOf(evidence({ operations, planned, capacity: 40 })))).toEqual({
    offered: 110,
    delivered: 100,
    operations: 100,
    outcomes: { ok: 20, refused: 70, fail: 5, info: 5 },
    soldAcknowledged: 40,
    capacity: 40,
    skewMsP50: 49,
    skewMsP99: 98,
    skewMsMax: 99,
    latencyMsP50: 50,
    latencyMsP95: 100,
    latencyMsP99: null,
    fairness: { inversions: 0, pairs: 190, kendallTau: 1 },
  });
});

it('nothing is null, not zero', () => {
  const totals = totalsSchema.parse(totalsOf(evidence({})));
  expect(totals).toMatchObject({ operations: 0, skewMsMax: null, latencyMsP50: null });
});
