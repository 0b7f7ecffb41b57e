import type { Command } from 'commander';
import { helpEnd } from '../help.ts';

interface CheckOptions {
  readonly url: string;
  readonly option?: string[];
  readonly allowHost?: string[];
  readonly json?: boolean;
}

export function addTargets(program: Command): void {
  const command = program
    .command('targets')
    .description('list the APIs that can be driven, or say what one of them can do')
    .argument('[api]', 'one of them, or a file such as ./my-shop.ts: what it can do, what follows')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      helpEnd(
        ['loadtest targets', 'loadtest targets pretix', 'loadtest targets primepass --json'],
        ['pass', 'usage', 'couldNotRun'],
      ),
    )
    .action(async (api: string | undefined, { json = false }: { json?: boolean }) => {
      const { listTargets, tellTarget } = await import('../flow/targets.ts');
      process.exitCode =
        api === undefined ? listTargets({ json }) : await tellTarget(api, { json });
    });
  command
    .command('check')
    .description('try every call of the contract once and say what differs; sells nothing')
    .argument('<api>', 'the contract; see "loadtest targets", or a file such as ./my-shop.ts')
    .requiredOption('--url <base>', 'base URL of the target')
    .option('--option <name=value...>', 'an option of the target itself; repeatable')
    .option('--allow-host <host...>', 'a host other than this machine that may be asked')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      helpEnd(
        [
          'loadtest targets check primepass --url http://127.0.0.1:5000',
          'loadtest targets check ./my-shop.ts --url http://127.0.0.1:4000',
          'loadtest targets check pretix --url http://127.0.0.1:8000 --option organizer=demo',
        ],
        [
          ['pass', 'everything is as the contract says'],
          ['fail', 'something differs'],
          'usage',
          'couldNotRun',
          'interrupted',
        ],
      ),
    )
    .action(async (api: string, options: CheckOptions, self: Command) => {
      const { checkTargetContract } = await import('../flow/target-check.ts');
      // Both commands have --json, and commander gives it to the first that knows it.
      const { json = false } = self.optsWithGlobals<{ json?: boolean }>();
      process.exitCode = await checkTargetContract(api, { ...options, json });
    });
}
