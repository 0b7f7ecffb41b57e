import { describe, expect, it } from 'vitest';
import { showCount, showDuration, showInterval, showRatio } from '../../reports/quantity.ts';

describe('figures as people say them', () => {
  it.each([
    [0, '0 ms'],
    [4.21, '4.21 ms'],
    [812, '812 ms'],
    [999.96, '1 s'],
    [1382, '1.382 s'],
    [59_996, '1 min'],
    [125_000, '2 min 5 s'],
    [3_600_000, '60 min'],
    [-30, '−30 ms'],
  ])('%d ms is %s', (ms, text) => expect(showDuration(ms)).toBe(text));

  it.each([
    [0, '0 %'],
    [0.00075, '0.075 %'],
    [0.0395, '3.95 %'],
    [1, '100 %'],
  ])('the ratio %d is %s', (ratio, text) => expect(showRatio(ratio)).toBe(text));

  it.each([
    [1_234_567, '1,234,567'],
    [96.44, '96.44'],
    [412.6, '413'],
  ])('the count %d is %s', (count, text) => expect(showCount(count)).toBe(text));

  it('names the open end of an interval', () => {
    const base = { unit: 'ms', value: 1, samples: 1, method: '' } as const;
    expect(showInterval({ ...base, low: 1, high: 2 })).toBe('1 ms to 2 ms');
    expect(showInterval({ ...base, low: null, high: 2 })).toBe('at most 2 ms');
    expect(showInterval({ ...base, low: 1, high: null })).toBe('at least 1 ms');
    expect(showInterval({ ...base, low: null, high: null })).toBeNull();
  });
});
