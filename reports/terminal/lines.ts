/** A space, unless it stands between a number and its unit. */
const BETWEEN_WORDS = / (?!(?<=\d )(?:%|ms|s|min)(?:[^\w%]|$))/;

/**
 * Breaks words to `width` columns: `first` begins the first line, `indent` the others. A longer word stands on a line
 * of its own, so that a path or a command can still be copied; a number and its unit stay together. Wide letters count
 * as one column.
 */
export function wrap(
  text: string,
  { width, first = '', indent = first }: { width: number; first?: string; indent?: string },
): string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(BETWEEN_WORDS)) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}

/**
 * A CI system reads its job's output for commands: GitHub takes `::` at the start of a line, after spaces, and `##[`
 * anywhere, Azure `##vso[`. A target's text must not give any.
 */
export function withoutCommands(line: string): string {
  return line.replace(/^(\s*)::/, '$1: :').replace(/##(?=\[|vso)/g, '# #');
}
