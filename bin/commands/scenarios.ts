import type { Command } from 'commander';
import { helpEnd } from '../help.ts';

export function addScenarios(program: Command): void {
  program
    .command('scenarios')
    .description('list the buyer stories that can be played')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', helpEnd(['loadtest scenarios'], ['pass', 'usage', 'couldNotRun']))
    .action(async ({ json = false }: { json?: boolean }) => {
      const { scenarios } = await import('../../lib/run/scenarios.ts');
      const rows = scenarios.map(({ name, summary, planDefaults }) => ({
        name,
        summary,
        planDefaults,
      }));
      if (json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
      else
        for (const { name, summary } of rows)
          process.stdout.write(`${name.padEnd(20)} ${summary}\n`);
    });
}
