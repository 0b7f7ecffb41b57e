import { type Command, Option } from 'commander';
import { helpEnd } from '../help.ts';
import { type OutputOptions, outputOptions } from '../output-options.ts';

export function addDemo(program: Command): void {
  const command = program
    .command('demo')
    .description('start a real shop, let 2,000 buyers rush 500 tickets, judge it, clean up')
    .addOption(new Option('--flaw <name...>', 'plant these bugs in the shop').default([], 'none'))
    .option('--list-flaws', 'list the bugs that can be planted');
  outputOptions(command)
    .addHelpText(
      'after',
      helpEnd(
        ['loadtest demo', 'loadtest demo --flaw check-then-act', 'loadtest demo --list-flaws'],
        ['pass', 'fail', 'usage', 'inconclusive', 'couldNotRun', 'interrupted'],
      ),
    )
    .action(async (options: OutputOptions & { flaw: string[]; listFlaws?: boolean }) => {
      const { demo } = await import('../flow/demo.ts');
      process.exitCode = await demo(options);
    });
}
