import { Command } from 'commander';
import { addClean } from './commands/clean.ts';
import { addCompletion } from './commands/completion.ts';
import { addDemo } from './commands/demo.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExplain } from './commands/explain.ts';
import { addInit } from './commands/init.ts';
import { addJudge } from './commands/judge.ts';
import { addDeprovision, addProvision } from './commands/provision.ts';
import { addRecheck } from './commands/recheck.ts';
import { addReport } from './commands/report.ts';
import { addRun } from './commands/run.ts';
import { addScenarios } from './commands/scenarios.ts';
import { addTarget } from './commands/target.ts';
import { addTargets } from './commands/targets.ts';
import { helpEnd } from './help.ts';
import { onsaleVersion } from './version.ts';

/** The whole command line. Commands load what they need when they run: help must be quick. */
export function buildProgram(): Command {
  const program = new Command('loadtest')
    .description(
      'Finds out before the on-sale whether a ticket shop stays fast and right under a rush.',
    )
    .version(onsaleVersion)
    .exitOverride()
    .showHelpAfterError('(loadtest --help lists commands and options)')
    .addHelpText(
      'after',
      helpEnd(
        [
          'loadtest demo',
          'loadtest demo --flaw check-then-act',
          'loadtest run purchase-burst --target primepass --url http://127.0.0.1:5000',
          'loadtest judge latest',
        ],
        ['pass', 'fail', 'usage', 'inconclusive', 'couldNotRun', 'interrupted'],
      ),
    );
  for (const add of [
    addDemo,
    addRun,
    addJudge,
    addReport,
    addExplain,
    addRecheck,
    addProvision,
    addDeprovision,
    addTarget,
    addScenarios,
    addTargets,
    addInit,
    addDoctor,
    addClean,
    addCompletion,
  ])
    add(program);
  // Subcommands were made before exitOverride reached them.
  for (const command of program.commands) command.exitOverride();
  return program;
}
