import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visible } from '../../reports/text.ts';
import { HOSTILE } from './example.ts';

/** What must never reach a medium as itself, said another way than in the code under test. */
const FORBIDDEN =
  /\p{Cc}|\p{Cs}|\p{Zl}|\p{Zp}|\p{Bidi_Control}|\p{Noncharacter_Code_Point}|\p{Cf}/u;
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.constantFrom(...HOSTILE),
);
/** Formatting characters that are letters' own business: Arabic number signs, Kaithi, hieroglyph joiners, music. */
const harmless =
  /[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}\u{13430}-\u{1343f}\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}]/gu;

describe('text of a stranger', () => {
  it('has nothing left that hides, turns, breaks lines or controls', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 50 }), (text, lengthMax) => {
        expect(visible(text, lengthMax).replace(harmless, '')).not.toMatch(FORBIDDEN);
      }),
      { numRuns: 2000 },
    );
  });

  it('is cut to size, and says so', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 50 }), (text, lengthMax) => {
        const shown = visible(text, lengthMax);
        expect(Array.from(shown).length).toBeLessThanOrEqual(lengthMax);
        if (Array.from(visible(text, 100_000)).length > lengthMax) expect(shown).toMatch(/…$/);
      }),
    );
  });

  it.each([
    ['plain words, äöü, 東京, 🎫', 'plain words, äöü, 東京, 🎫'],
    ['\u001b[31m', '\\u{1b}[31m'],
    ['a\r\n\tb', 'a\\r\\n\\tb'],
    ['\u202egpj.exe', '\\u{202e}gpj.exe'],
    ['\ud800', '\\u{d800}'],
    ['', ''],
  ])('%j becomes %j', (text, shown) => expect(visible(text)).toBe(shown));

  it('does not walk through a reply of megabytes', () => {
    expect(visible('x'.repeat(50_000_000), 10)).toBe('xxxxxxxxx…');
  });
});
