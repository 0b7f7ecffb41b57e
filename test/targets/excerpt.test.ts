import fc from 'fast-check';
import { expect, test } from 'vitest';
import { excerpt } from '../../lib/targets/excerpt.ts';

test('one line, no control or format characters, never longer than asked (property)', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 50 }), (text, length) => {
      const line = excerpt(text, length);
      expect(line.length).toBeLessThanOrEqual(length);
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
  );
  expect(excerpt('\u001b]0;title\u0007 a\r\nb\u202ec', 100)).toBe(']0;title a b c');
  expect(excerpt('', 10)).toBe('');
});
