import { runProgram } from './program.ts';

export interface VersionOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly limitMs?: number;
}

export type VersionAnswer =
  | { readonly version: string; readonly trouble: null }
  | { readonly version: null; readonly trouble: string };

export const VERSION_LIMIT_MS = 10_000;

/**
 * Asks a program whether it is a k6, by `version`, whose first line is `k6 v1.8.1 (…)`. `trouble` says in words why it
 * is none. What the program says otherwise is never repeated: it may be anything.
 */
export async function askK6Version(
  path: string,
  { env, signal, limitMs = VERSION_LIMIT_MS }: VersionOptions,
): Promise<VersionAnswer> {
  const result = await runProgram(path, ['version'], { env, signal, limitMs });
  switch (result.ended) {
    case 'unstartable':
      return no('cannot be started: no program, no permission, or for another kind of machine');
    case 'limit':
      return no(`does not answer \`version\` within ${limitMs / 1000} s`);
    case 'killed':
      return no('dies when asked for its version');
    case 'exit': {
      const found = /^k6(?:\.exe)? v(\d{1,6}\.\d{1,6}\.\d{1,6}[0-9A-Za-z.+-]{0,40})(?:\s|$)/m.exec(
        result.output,
      );
      if (result.code !== 0 || found === null) return no('is no k6: it tells no version of k6');
      return { version: found[1]!, trouble: null };
    }
  }
}

function no(trouble: string): VersionAnswer {
  return { version: null, trouble };
}

/** Major, minor and patch as numbers; a pre-release counts as its release. */
export function versionNumbers(version: string): readonly [number, number, number] {
  const [major, minor, patch] = version.split(/[^0-9]/).map(Number);
  return [major!, minor!, patch!];
}

export function isAtLeast(version: string, least: string): boolean {
  const a = versionNumbers(version);
  const b = versionNumbers(least);
  const differs = a.findIndex((part, i) => part !== b[i]);
  return differs === -1 || a[differs]! > b[differs]!;
}
