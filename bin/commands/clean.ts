import type { Command } from 'commander';
import { helpEnd } from '../help.ts';
import { wholeNumber } from './target.ts';

export function addClean(program: Command): void {
  program
    .command('clean')
    .description('remove old runs, and whatever killed commands left behind')
    .option('--keep <n>', 'newest runs to keep of each scenario', wholeNumber(0, 1_000_000), 10)
    .option('--older-than <days>', 'remove only runs older than this', wholeNumber(0, 100_000), 0)
    .option('--runs-folder <folder>', 'where the runs are', 'runs')
    .option('--dry-run', 'only say what would be removed')
    .addHelpText(
      'after',
      helpEnd(
        ['loadtest clean', 'loadtest clean --keep 0 --dry-run'],
        ['pass', 'usage', 'couldNotRun'],
      ),
    )
    .action(async ({ dryRun = false, ...options }) => {
      const { clean } = await import('../flow/clean.ts');
      process.exitCode = await clean({ ...options, dryRun });
    });
}
