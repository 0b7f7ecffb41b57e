import type { z } from 'zod';
import { Failure, RunFailure } from '../../model/failure.ts';
import type { Connection } from '../admin.ts';
import { excerpt } from '../excerpt.ts';

/** Where a file came from, and where in it an error arose. */
export interface OwnFile {
  /** As a person would type it. */
  readonly shown: string;
  /** `my-shop.ts:12`; null where nothing of the file is on the way to it. */
  readonly locate: (error: unknown) => string | null;
}

const MESSAGE_LENGTH_MAX = 300;

/** What was thrown, in one line; a file may throw anything. */
export function thrownText(error: unknown): string {
  if (isError(error)) return excerpt(`${error.name}: ${error.message}`, MESSAGE_LENGTH_MAX);
  const text = typeof error === 'string' ? error : (JSON.stringify(error) ?? String(error));
  return excerpt(`${text} was thrown`, MESSAGE_LENGTH_MAX);
}

/** One of another realm, too, such as that in which protocols are tried. */
function isError(error: unknown): error is Error {
  return typeof error === 'object' && error !== null && 'message' in error && 'name' in error;
}

/** The first thing that does not fit: where, and what was expected. */
export function misfit({ issues }: z.ZodError): string {
  const [issue] = issues;
  const place = (issue?.path ?? [])
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return excerpt(`${place === '' ? '' : `${place}: `}${issue?.message}${more}`, MESSAGE_LENGTH_MAX);
}

/** One of the file's functions at work. */
export interface Work<Result> {
  /** Such as `pools()`. */
  readonly what: string;
  readonly run: () => unknown;
  /** What it has to return, in words and as a schema. */
  readonly expected: string;
  readonly schema: z.ZodType<Result>;
}

/**
 * What a function of the file returns, checked. Whatever it throws and whatever it returns that does not fit becomes one
 * `RunFailure` with the file's line; the token is in none of them. An interrupt stays the signal's reason.
 */
export async function workOf<Result>(
  file: OwnFile,
  { signal, token }: Pick<Connection, 'signal' | 'token'>,
  { what, run, expected, schema }: Work<Result>,
): Promise<Result> {
  let result: unknown;
  try {
    result = await run();
  } catch (error) {
    signal.throwIfAborted();
    throw failureOf(error, { file, what, token });
  }
  const parsed = schema.safeParse(result);
  if (parsed.success) return parsed.data;
  throw new RunFailure({
    expected: `${what} to return ${expected}`,
    got: withoutSecret(`something else at ${misfit(parsed.error)}`, token),
    where: file.shown,
    remedy: 'Mend that function of the file.',
  });
}

function failureOf(
  error: unknown,
  { file, what, token }: { file: OwnFile; what: string; token: string | null },
): RunFailure {
  const place = file.locate(error);
  if (error instanceof Failure) {
    const { expected, got, where, remedy } = error.parts;
    const asker = `${where}, asked by ${what} in ${place ?? file.shown}`;
    return new RunFailure({
      expected,
      got: withoutSecret(got, token),
      where: withoutSecret(asker, token),
      remedy,
    });
  }
  return new RunFailure({
    expected: `${what} to do its work`,
    got: withoutSecret(thrownText(error), token),
    where: place ?? file.shown,
    remedy: 'Mend that line of the file, or see what the shop answered it.',
  });
}

function withoutSecret(text: string, token: string | null): string {
  if (token === null) return text;
  return text.replaceAll(token, '***').replaceAll(encodeURIComponent(token), '***');
}
