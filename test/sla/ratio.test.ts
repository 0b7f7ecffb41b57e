import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BATCHES } from '../../lib/sla/batch-means.ts';
import { binomialInterval } from '../../lib/sla/binomial.ts';
import { estimateRatio } from '../../lib/sla/ratio.ts';

const flags = fc
  .array(fc.constantFrom(0, 1), { maxLength: 300 })
  .map((list) => Uint8Array.from(list));

describe('estimateRatio', () => {
  it('lies in [0, 1], holds its value and is never narrower than the binomial interval', () => {
    fc.assert(
      fc.property(flags, (list) => {
        const { value, low, high, samples } = estimateRatio(list, 0.95);
        const hits = list.filter((flag) => flag === 1).length;
        const exact = binomialInterval(hits, samples, 0.95);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(exact.low);
        expect(high).toBeGreaterThanOrEqual(exact.high);
        if (samples > 0) expect(value).toBe(hits / samples);
      }),
    );
  });

  it('needs 2,995 clean samples to show less than 0.1 %', () => {
    expect(estimateRatio(new Uint8Array(2995), 0.95).high).toBeLessThanOrEqual(0.001);
    expect(estimateRatio(new Uint8Array(2994), 0.95).high).toBeGreaterThan(0.001);
  });

  it('faults that come together are less certain than as many spread out', () => {
    const together = new Uint8Array(2000).fill(1, 300, 340);
    const apart = Uint8Array.from({ length: 2000 }, (_, i) => (i % 50 === 0 ? 1 : 0));
    expect(estimateRatio(together, 0.95).high).toBeGreaterThan(0.05);
    expect(estimateRatio(apart, 0.95).high).toBeLessThan(0.03);
  });

  it('a few samples are judged by the binomial alone', () => {
    const { method, low } = estimateRatio(new Uint8Array(BATCHES - 1).fill(1), 0.95);
    expect(method).toBe('exact binomial');
    expect(low).toBeGreaterThan(0.8);
  });

  it('nothing is [0, 1]', () => {
    expect(estimateRatio(new Uint8Array(), 0.95)).toMatchObject({ low: 0, high: 1, samples: 0 });
  });
});
