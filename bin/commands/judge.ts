import { type Command, InvalidArgumentError } from 'commander';
import { helpEnd } from '../help.ts';
import { outputOptions } from '../output-options.ts';

/** Beyond this an order of events means nothing any more. */
const CLOCK_ERROR_MS_MAX = 60_000;

function clockError(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value <= CLOCK_ERROR_MS_MAX) return value;
  throw new InvalidArgumentError(`Expected milliseconds from 0 to ${CLOCK_ERROR_MS_MAX}.`);
}

const gathered = (pool: string, before: readonly string[] = []) => [...before, pool];

export function addJudge(program: Command): void {
  const command = program
    .command('judge')
    .description('judge a recorded run again, or a history of another tool, without load')
    .argument('[run]', 'run folder, or "latest"')
    .option('--sla <file>', 'judge by this SLA file; it becomes the run’s own')
    .optionsGroup('A history recorded by another tool (docs/history-format.md):')
    .option('--history <file>', 'one operation a line, plain or gzip; - is standard input')
    .option('--pool <id=capacity>', 'a pool and its tickets; once for each', gathered)
    .option('--fixture <file>', 'instead of --pool: pools with prices, seats, credit and rules')
    .option('--state <file>', 'what the shop believes in the end')
    .option('--intents <file>', 'what was planned')
    .option('--name <name>', 'what the reports call it; else the file’s name')
    .option(
      '--clock-error <ms>',
      'vouch for its clocks: resolution plus error between them; 1 for one clock',
      clockError,
    )
    .option('--history-complete', 'vouch that no request is missing from it')
    .option('--load-delivered', 'vouch that the load was sent as it was meant')
    .option('--exclusive', 'vouch that nobody else bought from these pools')
    .optionsGroup('Output:');
  outputOptions(command)
    .addHelpText(
      'after',
      helpEnd(
        [
          'loadtest judge latest',
          'loadtest judge runs/purchase-burst/… --sla thresholds/strict.yaml',
          'loadtest judge --history sale.ndjson.gz --state state.json --pool A=500 --history-complete',
        ],
        ['pass', 'fail', 'usage', 'inconclusive', 'couldNotRun', 'interrupted'],
      ),
    )
    .action(async (run: string | undefined, options) => {
      const { judgeCommand } = await import('../flow/judge-command.ts');
      process.exitCode = await judgeCommand(run, options);
    });
}
