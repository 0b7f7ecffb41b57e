import { describe, expect, test } from 'vitest';
import type { Exchange } from '../../lib/targets/protocol.ts';
import { silenceOf } from '../../scenarios/support/silence.ts';

const post: Exchange = { method: 'POST', path: '/', headers: {}, body: null };
const UNSENT = [1020, 1100, 1101, 1110, 1111, 1210, 1211, 1212, 1213, 1310, 1311];

test('of all codes there can be, only those that prove it say that nothing was sent', () => {
  const codes = Array.from({ length: 1000 }, (_, i) => 1000 + i);
  expect(codes.filter((code) => silenceOf(code, post) === 'connection-refused')).toEqual(UNSENT);
  expect(codes.filter((code) => silenceOf(code, post) === 'timeout')).toEqual([1050]);
});

describe('what Go may send twice by itself is never proven unsent:', () => {
  test.each([
    ['a GET', { ...post, method: 'GET' }],
    ['an idempotency key', { ...post, headers: { 'Idempotency-Key': 'k' } }],
    ['the older name of it', { ...post, headers: { 'x-idempotency-key': 'k' } }],
  ] as const)('%s', (_what, exchange) => {
    for (const code of UNSENT) expect(silenceOf(code, exchange)).toBe('connection-reset');
    expect(silenceOf(1050, exchange)).toBe('timeout');
  });
});
