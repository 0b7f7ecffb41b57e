import type { Command } from 'commander';
import { helpEnd } from '../help.ts';

export function addRecheck(program: Command): void {
  program
    .command('recheck')
    .description('check a certificate by a small program that shares no code with the judge')
    .argument('<certificate>', 'certificates/<invariant>.json in the folder of a run')
    .option('--run <folder>', 'also count again in this run’s files, or those of "latest"')
    .addHelpText(
      'after',
      helpEnd(
        [
          'loadtest recheck runs/purchase-burst/…/certificates/lost-purchase.json',
          'loadtest recheck oversell-final.json --run runs/purchase-burst/…',
        ],
        [
          ['pass', 'the certificate proves that its claim was violated'],
          ['fail', 'it does not: it contradicts itself or the run, or shows too little'],
          ['usage', 'it cannot be used: no certificate, no run, or an unknown version'],
        ],
      ),
    )
    .action(async (certificate: string, options: { run?: string }) => {
      const { recheckCertificate } = await import('../flow/recheck.ts');
      process.exitCode = await recheckCertificate(certificate, options.run ?? null);
    });
}
