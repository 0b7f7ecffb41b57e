import type { Verdict } from '../model/verdict.ts';

/** Every exit code of bin/loadtest, and the only place where they are numbers. */
export const exitCodes = {
  /** Every objective was met and no invariant was seen violated. */
  pass: 0,
  /** An objective was missed or an invariant violated. */
  fail: 1,
  /** Wrong flag, file or environment; nothing was sent. */
  usage: 2,
  /** Too little evidence, or the load was not delivered. */
  inconclusive: 3,
  /** Target unreachable, k6 missing, an artefact not written. */
  couldNotRun: 4,
  /** Ctrl-C or SIGTERM, as shells tell it: 128 + SIGINT. What was recorded has been judged as far as it goes. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/**
 * The exit code of a command that ended with a verdict. An interrupted run is 130 whatever was found in it: its
 * verdict, which may be `fail`, stands in verdict.json.
 */
export function exitCodeOf(verdict: Pick<Verdict, 'result' | 'interrupted'>): ExitCode {
  return verdict.interrupted ? exitCodes.interrupted : exitCodes[verdict.result];
}
