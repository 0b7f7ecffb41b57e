import type { Command } from 'commander';

/** How a command that ends with a verdict says it. */
export interface OutputOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function outputOptions(command: Command): Command {
  return command
    .option('--json', 'stdout is exactly the verdict as one JSON document; words go to stderr')
    .option('-q, --quiet', 'no progress, only the result');
}
