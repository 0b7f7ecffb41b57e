import type { Verdict } from '../lib/model/verdict.ts';
import { visible } from './text.ts';

/** The command as it is typed in the project's folder. */
const PROGRAM = 'bin/loadtest';

export interface NextStep {
  readonly why: string;
  readonly command: string;
}

/** An argument as a POSIX shell reads it back; what cannot be typed is written out. */
function quoted(argument: string): string {
  const typed = visible(argument, 1000);
  return /^[\w@%+=:,./][\w@%+=:,./-]*$/.test(typed) ? typed : `'${typed.replaceAll("'", `'\\''`)}'`;
}

/** How the reader's own things are typed on a command line. */
export interface Typed {
  readonly runFolder: string;
  /** After `--target`: a name that is known, or the file with an API of one's own. */
  readonly typedTarget: string;
  readonly program?: string;
}

/** Everything a reader can do now, the most useful first. What was recorded elsewhere cannot be run again here. */
export function nextSteps(
  { result, run, findings }: Verdict,
  { runFolder, typedTarget, program = PROGRAM }: Typed,
): readonly NextStep[] {
  const judge = {
    why: 'Judge the same evidence again, without load',
    command: `${quoted(program)} judge ${quoted(runFolder)}`,
  };
  const draw = {
    why: 'Draw the reports again',
    command: `${quoted(program)} report ${quoted(runFolder)}`,
  };
  const again = {
    why: 'Run it again with the same seed (and the same plan flags, if it had any)',
    command:
      `${quoted(program)} run ${quoted(run.scenario)} --target ${quoted(typedTarget)} ` +
      `--url ${quoted(run.url)} --seed ${run.seed}`,
  };
  const runnable = run.seed === null ? [] : [again];
  if (result === 'inconclusive') return [...runnable, judge, draw];
  const violated = findings.find(({ value }) => value === 'violated');
  if (violated === undefined) return [judge, ...runnable, draw];
  const explain = {
    why: 'See what happened, told and drawn',
    command: `${quoted(program)} explain ${quoted(runFolder)} ${quoted(violated.invariant)}`,
  };
  return [explain, judge, ...runnable, draw];
}

export interface CertificateFacts {
  readonly path: string;
  /** To be typed in the project's folder: checks it without the judge. */
  readonly command: string;
}

/** The certificate of a violated invariant; judging writes one for each. */
export function certificateOf(
  runFolder: string,
  invariant: string,
  program = PROGRAM,
): CertificateFacts {
  const path = `${runFolder}/certificates/${invariant}.json`;
  return { path, command: `${quoted(program)} recheck ${quoted(path)} --run ${quoted(runFolder)}` };
}

/** The invariants that are violated and so have one, in the verdict's order. */
export function certifiedInvariants({ findings }: Verdict): readonly string[] {
  return findings.filter(({ value }) => value === 'violated').map(({ invariant }) => invariant);
}
