import type { Command } from 'commander';
import { helpEnd } from '../help.ts';
import { runFlags } from './run.ts';

export function addProvision(program: Command): void {
  const command = program
    .command('provision')
    .description('make what a run needs on the target, and nothing else')
    .argument('<scenario>', 'buyer story; see "loadtest scenarios"');
  runFlags(command)
    .option('--json', 'one JSON document on stdout')
    .option('-q, --quiet', 'no progress, only the result')
    .addHelpText(
      'after',
      helpEnd(
        [
          'loadtest provision purchase-burst --target primepass --url http://127.0.0.1:5000 --dry-run',
          'loadtest provision purchase-burst --target primepass --url http://127.0.0.1:5000 --run-id friday',
          'loadtest run purchase-burst --target primepass --url http://127.0.0.1:5000 --run-id friday',
          'loadtest deprovision latest',
        ],
        [['pass', 'provisioned'], 'usage', 'couldNotRun', 'interrupted'],
      ),
    )
    .action(async (scenario: string, options) => {
      const { provision } = await import('../flow/run-command.ts');
      process.exitCode = await provision(scenario, { options, command });
    });
}

export function addDeprovision(program: Command): void {
  program
    .command('deprovision')
    .description('take away what a run made on its target, as far as the API allows')
    .argument('<run>', 'run folder, or "latest"')
    .option('--target <file>', 'the file of an API of your own, which a run does not keep')
    .option('--allow-host <host...>', 'a host other than this machine that may be asked')
    .addHelpText(
      'after',
      helpEnd(
        [
          'loadtest deprovision latest',
          'loadtest deprovision runs/purchase-burst/…',
          'loadtest deprovision latest --target ./my-shop.ts',
        ],
        [['pass', 'done, as far as it goes'], 'usage', 'couldNotRun', 'interrupted'],
      ),
    )
    .action(async (run: string, options: { target?: string; allowHost?: string[] }) => {
      const { deprovision } = await import('../flow/deprovision.ts');
      const { target = null, allowHost = [] } = options;
      process.exitCode = await deprovision(run, { target, allowHost });
    });
}
