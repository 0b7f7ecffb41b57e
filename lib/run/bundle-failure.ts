import { RunFailure, UsageFailure } from '../model/failure.ts';

/** How much of esbuild's words go into a failure. */
const MESSAGES_MAX = 5;

interface BundleMessage {
  readonly text: string;
  readonly location: { readonly file: string; readonly line: number } | null;
}

function inWords(message: BundleMessage): string {
  const at = message.location;
  return at === null ? message.text : `${at.file}:${at.line}: ${message.text}`;
}

function messagesOf(error: unknown): BundleMessage[] {
  if (typeof error !== 'object' || error === null || !('errors' in error)) return [];
  return Array.isArray(error.errors) ? (error.errors as BundleMessage[]) : [];
}

/** What to say of esbuild's error: a `UsageFailure` with its first messages, or a `RunFailure` where it did not work at all. */
export function bundleFailure(
  error: unknown,
  told: { readonly expected: string; readonly where: string; readonly remedy: string },
): UsageFailure | RunFailure {
  const messages = messagesOf(error);
  if (messages.length === 0) {
    return new RunFailure({
      expected: 'esbuild to bundle',
      got: error instanceof Error ? error.message : String(error),
      where: told.where,
      remedy: 'Check that the packages are installed: npm ci.',
      cause: error,
    });
  }
  const got = messages.slice(0, MESSAGES_MAX).map(inWords).join('; ');
  return new UsageFailure({ ...told, got, cause: error });
}
