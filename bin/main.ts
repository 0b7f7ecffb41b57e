import { CommanderError } from 'commander';
import { Failure, UsageFailure } from '../lib/model/failure.ts';
import { exitCodes } from '../lib/verdict/exit-codes.ts';
import { buildProgram } from './program.ts';
import { sayable } from './sayable.ts';

/** Runs one command line; returns the process's exit code. Never throws for anything a user can cause. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    await buildProgram().parseAsync([...argv]);
    return Number(process.exitCode ?? exitCodes.pass);
  } catch (error) {
    return explain(error);
  }
}

function explain(error: unknown): number {
  // Commander has already said what was wrong, or has printed the help that was asked for.
  if (error instanceof CommanderError)
    return error.exitCode === 0 ? exitCodes.pass : exitCodes.usage;
  if (error instanceof Failure) {
    const { expected, got, where, remedy } = error.parts;
    const parts = [`loadtest: expected ${expected}`, `  got:    ${got}`, `  where:  ${where}`];
    process.stderr.write(`${sayable([...parts, `  to do:  ${remedy}`].join('\n'))}\n`);
    return error instanceof UsageFailure ? exitCodes.usage : exitCodes.couldNotRun;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`loadtest: a fault of Onsale itself, please report it.\n${sayable(text)}\n`);
  return exitCodes.couldNotRun;
}
