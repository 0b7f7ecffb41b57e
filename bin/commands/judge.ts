import type { Command } from 'commander';
import { helpEnd } from '../help.ts';
import { type OutputOptions, outputOptions } from '../output-options.ts';

export function addJudge(program: Command): void {
  const command = program
    .command('judge')
    .description('judge a recorded run again, without load, and draw its reports')
    .argument('<run>', 'run folder, or "latest"')
    .option('--sla <file>', 'judge by this SLA file; it becomes the run’s own');
  outputOptions(command)
    .addHelpText(
      'after',
      helpEnd(
        [
          'loadtest judge latest',
          'loadtest judge runs/purchase-burst/… --sla thresholds/strict.yaml',
        ],
        ['pass', 'fail', 'usage', 'inconclusive', 'couldNotRun', 'interrupted'],
      ),
    )
    .action(async (run: string, options: OutputOptions & { sla?: string }) => {
      const { judgeAgain } = await import('../flow/again.ts');
      process.exitCode = await judgeAgain(run, options);
    });
}
