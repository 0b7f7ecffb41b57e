/** Exit codes of this program. */
export const exitCodes = { done: 0, usage: 2, couldNotRun: 4 } as const;

interface FailureParts {
  readonly expected: string;
  readonly got: string;
  readonly where: string;
  readonly remedy: string;
  readonly cause?: unknown;
}

/** Something outside the program is not as it has to be: said once, in four parts, never as a stack. */
abstract class TargetFailure extends Error {
  abstract readonly exitCode: number;
  readonly parts: FailureParts;

  constructor(parts: FailureParts) {
    super(
      `expected ${parts.expected}\n  got:    ${parts.got}\n  where:  ${parts.where}\n  to do:  ${parts.remedy}`,
      { cause: parts.cause },
    );
    this.parts = parts;
  }
}

/** The command line cannot be used; nothing was started. */
export class UsageFailure extends TargetFailure {
  readonly exitCode = exitCodes.usage;
}

/** The service could not be started or could not go on. */
export class RunFailure extends TargetFailure {
  readonly exitCode = exitCodes.couldNotRun;
}

/** The text of whatever was thrown. */
export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Prints a failure in its four parts, or a bug with its stack; returns the exit code. */
export function explain(error: unknown): number {
  if (error instanceof TargetFailure) {
    log(error.message);
    return error.exitCode;
  }
  log(`a fault of the service itself: ${error instanceof Error ? error.stack : String(error)}`);
  return exitCodes.couldNotRun;
}

/** One line (or block) of log. Standard output belongs to the one line that says the service is ready. */
export function log(text: string): void {
  process.stderr.write(`target: ${text}\n`);
}
