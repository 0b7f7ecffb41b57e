import type { Command } from 'commander';
import { helpEnd } from '../help.ts';

export interface ExplainOptions {
  readonly json?: boolean;
  readonly svg?: string;
}

export function addExplain(program: Command): void {
  program
    .command('explain')
    .description(
      'tell in words why an invariant is violated, holds or is unknown, and draw what was seen',
    )
    .argument('<run>', 'run folder, or "latest"')
    .argument('[invariant]', 'its name; without it, those of the run are listed')
    .option('--json', 'stdout is exactly the finding and its certificate as one JSON document')
    .option('--svg <file>', 'draw the timeline into this file as well')
    .addHelpText(
      'after',
      helpEnd(
        [
          'loadtest explain latest',
          'loadtest explain latest oversell-final',
          'loadtest explain latest lost-purchase --svg lost.svg',
        ],
        [['pass', 'it was told, whatever the verdict'], 'usage', 'couldNotRun'],
      ),
    )
    .action(async (run: string, invariant: string | undefined, options: ExplainOptions) => {
      const { explain } = await import('../flow/explain.ts');
      process.exitCode = await explain(run, invariant ?? null, options);
    });
}
