import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { K6_MODULE, k6FileName } from './k6-release.ts';
import { runProgram } from './program.ts';

const GO_LIMIT_MS = 900_000;
const SAID_MAX = 600;

export interface GoOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** An empty folder; the binary is made in it. */
  readonly folder: string;
  /** Called with the process id of `go`. */
  readonly onStart: (pid: number) => Promise<void>;
}

/** The version line of the Go on PATH, null where there is none. */
export async function findGo(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<string | null> {
  const result = await runProgram('go', ['version'], { env, signal, limitMs: 20_000 });
  if (result.ended !== 'exit' || result.code !== 0) return null;
  return /go version (\S+)/.exec(result.output)?.[1] ?? null;
}

/**
 * Builds the pinned k6 with the Go on PATH and gives the binary's path. Go checks the sources against its own checksum
 * database. Throws an `Error` that says in words why it failed; an abort throws the signal's reason.
 */
export async function buildK6(options: GoOptions): Promise<string> {
  const { env, signal, folder, onStart } = options;
  // A killed build leaves its work behind: here it goes with the folder.
  const GOTMPDIR = join(folder, 'work');
  await mkdir(GOTMPDIR);
  // GOOS and GOARCH of the user's environment would build for another machine.
  const buildEnv = { ...env, GOBIN: folder, GOTMPDIR, CGO_ENABLED: '0', GOOS: '', GOARCH: '' };
  const result = await runProgram('go', ['install', K6_MODULE], {
    env: buildEnv,
    signal,
    limitMs: GO_LIMIT_MS,
    onStart,
  });
  if (result.ended === 'exit' && result.code === 0) {
    return join(folder, k6FileName(process.platform));
  }
  throw new Error(`\`go install ${K6_MODULE}\` ${endingOf(result)}`);
}

function endingOf(result: Awaited<ReturnType<typeof runProgram>>): string {
  switch (result.ended) {
    case 'unstartable':
      return 'could not be started: there is no Go on PATH';
    case 'limit':
      return `took longer than ${GO_LIMIT_MS / 60_000} minutes`;
    case 'killed':
      return 'was killed';
    case 'exit': {
      const said = result.output.trim().slice(-SAID_MAX).replace(/\s+/g, ' ');
      return `ended with ${result.code}: ${said}`;
    }
  }
}
