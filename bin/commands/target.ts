import { type Command, InvalidArgumentError, Option } from 'commander';
import { helpEnd } from '../help.ts';

export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };
}

export function addTarget(program: Command): void {
  const target = program
    .command('target')
    .description('the reference ticket shops on their own')
    .addHelpText(
      'after',
      helpEnd(['loadtest target up', 'loadtest target down'], ['pass', 'usage', 'couldNotRun']),
    );
  target
    .command('up')
    .description('start it with a database of its own, on loopback')
    .argument('[api]', 'what it speaks; "target list" says what there is', 'primepass')
    .option('--port <n>', 'port to listen on; 0 is any free one', wholeNumber(0, 65535), 0)
    .option('--processes <n>', 'how many processes share the port', wholeNumber(1, 64), 2)
    .addOption(new Option('--flaw <name...>', 'plant these bugs').default([], 'none'))
    .addOption(
      new Option('--option <name=value...>', 'set options of that API').default([], 'none'),
    )
    .option('--detach', 'leave it running; "target down" ends it')
    .addHelpText(
      'after',
      helpEnd(
        [
          'loadtest target up',
          'loadtest target up --port 5000 --flaw check-then-act --detach',
          'loadtest target up wdm --option generation=2024',
        ],
        ['pass', 'usage', 'couldNotRun'],
      ),
    )
    .action(async (api, { flaw, option, detach = false, ...rest }) => {
      const { targetUp } = await import('../flow/target.ts');
      process.exitCode = await targetUp({ ...rest, api, detach, flaws: flaw, options: option });
    });
  target
    .command('list')
    .description('what it can speak, with the options and flaws of each')
    .addHelpText('after', helpEnd(['loadtest target list'], ['pass']))
    .action(async () => {
      const { targetList } = await import('../flow/target.ts');
      targetList();
    });
  target
    .command('down')
    .description('end the detached one and remove its data')
    .option('--purge', 'remove what was installed for it as well')
    .addHelpText(
      'after',
      helpEnd(
        ['loadtest target down', 'loadtest target down --purge'],
        ['pass', 'usage', 'couldNotRun'],
      ),
    )
    .action(async ({ purge = false }: { purge?: boolean }) => {
      const { targetDown } = await import('../flow/target.ts');
      process.exitCode = await targetDown({ purge });
    });
}
