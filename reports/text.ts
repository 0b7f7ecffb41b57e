/**
 * C0 and C1 controls, soft hyphen, marks that turn or hide text (bidi, zero-width, byte order, tags, variation
 * selectors of the annotation kind), line separators, lone surrogates and non-characters. All are legal somewhere in a reply
 * and none may reach a page, a terminal or an XML file as itself.
 */
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\uffff\u{e0000}-\u{e0fff}\p{Cs}\p{Noncharacter_Code_Point}]/gu;

/**
 * Text of a stranger as one line that can be looked at: whatever is unseen is written out (`\u{1b}`, `\n`). At most
 * `lengthMax` code points, ≥ 1; what is longer is cut and ends in `…`. Still to be escaped for its medium.
 */
export function visible(text: string, lengthMax = 300): string {
  // Nothing gets shorter by being written out, so what lies behind this cannot be kept; a pair may be cut in half.
  const head = text.length > 2 * lengthMax + 1 ? text.slice(0, 2 * lengthMax + 1) : text;
  const points = Array.from(head.replace(UNSEEN, writtenOut));
  return points.length > lengthMax
    ? `${points.slice(0, lengthMax - 1).join('')}…`
    : points.join('');
}

function writtenOut(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}
