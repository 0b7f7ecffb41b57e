import type { Command } from 'commander';
import { helpEnd } from '../help.ts';

export function addTargets(program: Command): void {
  program
    .command('targets')
    .description('list the APIs that can be driven')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', helpEnd(['loadtest targets'], ['pass', 'usage', 'couldNotRun']))
    .action(async ({ json = false }: { json?: boolean }) => {
      const { targets } = await import('../../lib/targets/registry.ts');
      const rows = targets.map(({ name, summary }) => ({ name, summary }));
      if (json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
      else
        for (const { name, summary } of rows)
          process.stdout.write(`${name.padEnd(20)} ${summary}\n`);
    });
}
