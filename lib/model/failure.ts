/**
 * An operating failure: something outside the program is not as it has to be. A bug is an assertion instead.
 * The four parts are what a person needs to go on: what was expected, what came, where, and what to do.
 */
export interface FailureParts {
  readonly expected: string;
  readonly got: string;
  /** File, line, flag, environment variable or address. */
  readonly where: string;
  readonly remedy: string;
  readonly cause?: unknown;
}

/** Common base, so that the command line can tell failures from bugs. Throw one of its subclasses. */
export abstract class Failure extends Error {
  readonly parts: FailureParts;

  constructor(parts: FailureParts) {
    super(
      `expected ${parts.expected}, got ${parts.got} (${parts.where}). ${parts.remedy}`,
      parts.cause === undefined ? undefined : { cause: parts.cause },
    );
    this.name = new.target.name;
    this.parts = parts;
  }
}

/** What the user gave (flags, files, environment) cannot be used; nothing was sent. Exit code 2. */
export class UsageFailure extends Failure {}

/** The work could not be done: target unreachable, k6 missing, an artefact not written. Exit code 4. */
export class RunFailure extends Failure {}
