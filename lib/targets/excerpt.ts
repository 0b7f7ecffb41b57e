/**
 * Foreign text as one short line for a message: control and format characters (terminal escapes, line breaks, text
 * direction marks) become spaces, runs of blanks one space, and what is longer than `lengthMax` ends in `…`.
 * Looks only at the beginning, so 10 MB cost no more than a line. The empty text stays empty.
 */
export function excerpt(text: string, lengthMax: number): string {
  const line = text
    .slice(0, lengthMax * 4)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  if (line.length <= lengthMax) return line;
  return `${line.slice(0, lengthMax - 1).replace(/\p{Cs}$/u, '')}…`;
}
