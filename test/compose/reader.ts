import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Something that reads a Compose file with one profile on, and prints the project as JSON. */
export interface ComposeReader {
  readonly name: string;
  readonly read: (file: string, profile: string) => Reading;
}

export interface Reading {
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
}

const GO_LIMIT_MS = 300_000;

function run(program: string, given: readonly string[], cwd?: string): Reading {
  const child = spawnSync(program, given, {
    encoding: 'utf8',
    timeout: GO_LIMIT_MS,
    ...(cwd === undefined ? {} : { cwd }),
    // A secret that is asked for may have any value.
    env: { ...process.env, CGO_ENABLED: '0' },
  });
  return { status: child.status, output: child.stdout ?? '', errors: child.stderr ?? '' };
}

const answers = (program: string, ...given: string[]) => run(program, given).status === 0;

/**
 * `docker compose config` itself where it is installed, else the library that it reads files with, built by Go into
 * `folder`; empty where there is neither.
 */
export function composeReader(folder: string): readonly ComposeReader[] {
  if (answers('docker', 'compose', 'version')) {
    const read = (file: string, profile: string) =>
      run('docker', ['compose', '-f', file, '--profile', profile, 'config', '--format', 'json']);
    return [{ name: 'docker compose config', read }];
  }
  if (!answers('go', 'version')) return [];
  const program = join(folder, 'reader');
  const built = run('go', ['build', '-o', program, '.'], join(import.meta.dirname, 'reader'));
  if (built.status !== 0) throw new Error(`compose-go could not be built: ${built.errors}`);
  return [{ name: 'compose-go', read: (file, profile) => run(program, [file, profile]) }];
}
