/** GitHub drops a job summary of more than 1 MiB whole; this stays under a million bytes. */
export const BYTES_MAX = 1_000_000;

/** Lines up to `bytesMax` of UTF-8, cut between lines; a text that had to be cut ends in `tail`. */
export function cutToBytes(lines: readonly string[], tail: string, bytesMax = BYTES_MAX): string {
  const whole = `${lines.join('\n')}\n`;
  if (Buffer.byteLength(whole) < bytesMax) return whole;
  const end = `\n${tail}\n`;
  let room = bytesMax - 1 - Buffer.byteLength(end);
  const kept: string[] = [];
  for (const line of lines) {
    room -= Buffer.byteLength(line) + 1;
    if (room < 0) break;
    kept.push(`${line}\n`);
  }
  return `${kept.join('')}${end}`;
}
