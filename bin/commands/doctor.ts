import type { Command } from 'commander';
import { helpEnd } from '../help.ts';

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('say what is there, what is missing and what would be done; changes nothing')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', helpEnd(['loadtest doctor'], ['pass', 'usage', 'couldNotRun']))
    .action(async ({ json = false }: { json?: boolean }) => {
      const { examine } = await import('../flow/doctor.ts');
      process.exitCode = await examine({ json });
    });
}
