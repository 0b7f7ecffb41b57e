import type { Command } from 'commander';
import { helpEnd } from '../help.ts';

export function addInit(program: Command): void {
  program
    .command('init')
    .description('write the file that drives an API of your own, with a test, into this folder')
    .argument('<name>', 'such as my-shop: makes my-shop.ts and my-shop.test.mjs')
    .addHelpText(
      'after',
      `
The file works for the small shop of docs/tutorial.md, which leads through it. Nothing is ever overwritten.
${helpEnd(
  [
    'loadtest init my-shop',
    'loadtest targets check ./my-shop.ts --url http://127.0.0.1:4000',
    'loadtest run purchase-burst --target ./my-shop.ts --url http://127.0.0.1:4000',
  ],
  [['pass', 'written'], 'usage', 'couldNotRun'],
)}`,
    )
    .action(async (name: string) => {
      const { init } = await import('../flow/init.ts');
      process.exitCode = await init(name);
    });
}
