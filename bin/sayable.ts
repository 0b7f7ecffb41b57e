import { withoutCommands } from '../reports/terminal/lines.ts';
import { visible } from '../reports/text.ts';

/** Longest line that is said; what a target or program put into it has been cut to size before. */
const LINE_LENGTH_MAX = 4000;

/**
 * Text for stderr. It may repeat a target, a file or another program, whose escapes, and whose lines that a CI system
 * would take for commands, must not get through; CI systems read stderr too.
 */
export function sayable(text: string): string {
  const lines = text.split('\n').map((line) => withoutCommands(visible(line, LINE_LENGTH_MAX)));
  return lines.join('\n');
}
