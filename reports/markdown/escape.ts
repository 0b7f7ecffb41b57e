import { visible } from '../text.ts';

/** Spaces, digits, letters of any script and a few signs that mean nothing to Markdown, hosts or CI. */
const PLAIN = /[\p{L}\p{N}\p{M} ,%≤≥≈·…–−×₀/\u00a0]/u;
/** Signs by which hosts find mentions and references even after entities are decoded. */
const LINKING = /[@#!]/;
const ZERO_WIDTH_SPACE = '&#8203;';

/**
 * Any text as text: every sign that could be markup, a table border, a mention, a link, or a CI command is an entity,
 * which no parser takes for structure; mentions and references are broken by a zero-width space as well, because hosts
 * look for them in the finished text. One line, cut to `lengthMax` code points.
 */
export function markdownText(text: string, lengthMax = 300): string {
  const points = Array.from(visible(text, lengthMax));
  return points
    .map((point, i) => escaped(point, { before: points[i - 1] ?? '', after: points[i + 1] ?? '' }))
    .join('');
}

function escaped(point: string, { before, after }: { before: string; after: string }): string {
  if (PLAIN.test(point) || isPunctuation(point, before, after)) return point;
  const entity = `&#${point.codePointAt(0)};`;
  return LINKING.test(point) ? `${entity}${ZERO_WIDTH_SPACE}` : entity;
}

/** In these places a sign can only be read as punctuation, and entities would make the raw text unreadable. */
function isPunctuation(point: string, before: string, after: string): boolean {
  const inWord = /[\p{L}\p{N}]/u;
  if (point === '.') return /^[\s\d]?$/.test(after);
  if (point === ':' || point === ';') return inWord.test(before) && /^\s?$/.test(after);
  return point === '-' && inWord.test(before) && inWord.test(after);
}

/** The same in a code font; an element, because no run of backticks is safe around backticks. */
export function markdownCode(text: string, lengthMax = 300): string {
  return `<code>${markdownText(text, lengthMax)}</code>`;
}
