import { exitCodes } from '../lib/verdict/exit-codes.ts';

type CodeName = keyof typeof exitMeanings;

/**
 * The end of a command's help: examples, then the exit codes that this command can give; a code that means something
 * else here comes with its meaning.
 */
export function helpEnd(
  examples: readonly string[],
  codes: readonly (CodeName | readonly [CodeName, string])[],
): string {
  return [
    '',
    'Examples:',
    ...examples.map((example) => `  $ ${example}`),
    '',
    'Exit codes:',
    ...codes.map((code) => {
      const [name, meaning] = typeof code === 'string' ? [code, exitMeanings[code]] : code;
      return `  ${String(exitCodes[name]).padStart(3)}  ${meaning}`;
    }),
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
