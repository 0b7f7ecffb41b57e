import { exitCodes } from '../lib/verdict/exit-codes.ts';

/** The end of a command's help: examples, then the exit codes that this command can give. */
export function helpEnd(
  examples: readonly string[],
  codes: readonly (keyof typeof exitMeanings)[],
): string {
  return [
    '',
    'Examples:',
    ...examples.map((example) => `  $ ${example}`),
    '',
    'Exit codes:',
    ...codes.map((name) => `  ${String(exitCodes[name]).padStart(3)}  ${exitMeanings[name]}`),
  ].join('\n');
}

const exitMeanings = {
  pass: 'pass',
  fail: 'fail: an objective was missed or an invariant violated',
  usage: 'usage or configuration error; nothing was sent',
  inconclusive: 'inconclusive: too little evidence, or the load was not delivered',
  couldNotRun: 'could not run: target unreachable, k6 missing, an artefact not written',
  interrupted: 'interrupted; what was recorded has been judged as far as it goes',
} as const;
