import type { Command } from 'commander';
import { helpEnd } from '../help.ts';
import { type OutputOptions, outputOptions } from '../output-options.ts';

export function addReport(program: Command): void {
  const command = program
    .command('report')
    .description('draw the reports of a judged run again, from its files alone')
    .argument('<run>', 'run folder, or "latest"');
  outputOptions(command)
    .addHelpText(
      'after',
      helpEnd(
        ['loadtest report latest', 'loadtest report runs/purchase-burst/…'],
        ['pass', 'usage', 'couldNotRun'],
      ),
    )
    .action(async (run: string, options: OutputOptions) => {
      const { reportAgain } = await import('../flow/again.ts');
      process.exitCode = await reportAgain(run, options);
    });
}
