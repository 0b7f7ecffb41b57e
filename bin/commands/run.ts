import { type Command, Option } from 'commander';
import { helpEnd } from '../help.ts';
import { outputOptions } from '../output-options.ts';

/** Flags of a run: name, placeholder and help. Their values are checked where files and environment are, too. */
const flags: readonly (readonly [string, string])[] = [
  ['--target <api>', 'the API to drive, see "loadtest targets", or a file such as ./my-shop.ts'],
  ['--url <base>', 'base URL of the target, such as http://127.0.0.1:5000'],
  ['--sla <file>', 'SLA file (default: thresholds/<scenario>.yaml)'],
  ['--seed <n>', 'seed of the plan, 0 to 4294967295; the same seed gives the same plan'],
  ['--arrivals <model>', 'burst (a crowd at T₀, a decaying tail), constant, or stages'],
  ['--buyers <n>', 'number of buyers'],
  ['--capacity <n>', 'tickets of each pool'],
  ['--pools <n>', 'number of pools'],
  ['--zipf <s>', 'exponent of the Zipf law by which buyers choose a pool; 0 is uniform'],
  [
    '--quantities <shares>',
    'tickets a buyer wants, as tickets:weight pairs such as 1:60,2:30,4:10',
  ],
  ['--stories <shares>', 'what visitors do, as story:weight pairs; see "loadtest scenarios"'],
  ['--stages <stages>', 'for --arrivals stages: duration:buyers pairs such as 10s:400,20s:800'],
  ['--think <time>', 'pause before each further step of a visit, such as 100ms-900ms'],
  ['--attempts <n>', 'most requests for the same thing where the scenario tries again'],
  ['--intents-per-buyer <n>', 'how often each buyer comes; then --buyers counts visits'],
  ['--crowd <ratio>', 'part of the buyers who wait at the barrier, 0 to 1'],
  ['--duration <time>', 'time over which buyers arrive, such as 10s or 2min'],
  ['--timeout <time>', 'how long a buyer waits for an answer, such as 10s'],
  ['--max-vus <n>', 'most virtual users of k6 at once'],
  ['--run-id <id>', 'id of the run; what was provisioned under it is found again'],
  ['--runs-folder <folder>', 'where runs are kept (default: runs)'],
];

/** The settings of a run as flags. */
export function runFlags(command: Command): Command {
  for (const [name, help] of flags) command.addOption(new Option(name, help));
  return command
    .option('--allow-host <host...>', 'a host other than this machine to which load may be sent')
    .option(
      '--option <name=value...>',
      'an option of the target itself, see "loadtest targets <api>"; repeatable',
    )
    .option('--seats', 'buyers want certain seats')
    .option(
      '--exclusive',
      'your word that nobody else buys from the pools: then a stranger’s order is a phantom',
    )
    .option('--lift-limits', 'allow a plan above the limits on rate, length and buyers')
    .option('--settings', 'print every setting with its value and where it came from; send nothing')
    .option('--dry-run', 'say what provisioning would do; the target is only read');
}

export function addRun(program: Command): void {
  const command = program
    .command('run')
    .description('provision, load, settle, read back, judge and report')
    .argument('<scenario>', 'buyer story; see "loadtest scenarios"');
  outputOptions(runFlags(command))
    .addHelpText(
      'after',
      `
Settings also come from ONSALE_… variables (--max-vus is ONSALE_MAX_VUS), from onsale.yaml in this folder or one above
it, and from config.yaml in the user's configuration folder; a flag wins over a variable, a variable over a file.
The connection string of the target's database is a secret and comes from ONSALE_DATABASE_URL alone; without it the
target is provisioned and read back over HTTP. A target that needs a token or key takes it from ONSALE_TOKEN alone.
${helpEnd(
  [
    'loadtest run purchase-burst --target primepass --url http://127.0.0.1:5000',
    'loadtest run purchase-burst --target primepass --url http://127.0.0.1:5000 --arrivals constant --duration 60s',
    'loadtest run purchase-burst --target primepass --url https://shop.test --allow-host shop.test --buyers 200',
  ],
  ['pass', 'fail', 'usage', 'inconclusive', 'couldNotRun', 'interrupted'],
)}`,
    )
    .action(async (scenario: string, options) => {
      const { run } = await import('../flow/run-command.ts');
      process.exitCode = await run(scenario, { options, command });
    });
}
