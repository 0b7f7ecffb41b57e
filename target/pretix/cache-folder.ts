import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { PRETIX_VERSION } from './release.ts';

/** Everything of pretix that outlives a run, and may be deleted whenever none runs. */
export function pretixCache(env: NodeJS.ProcessEnv): string {
  const asked = env.XDG_CACHE_HOME;
  const own = process.platform === 'darwin' ? ['Library', 'Caches'] : ['.cache'];
  const cache =
    asked !== undefined && isAbsolute(asked) ? asked : join(env.HOME || homedir(), ...own);
  return join(cache, 'onsale', 'pretix');
}

/** Where the program lies for this Python, such as `3.11`. */
export function environmentFolder(env: NodeJS.ProcessEnv, pythonVersion: string): string {
  return join(pretixCache(env), `${PRETIX_VERSION}-${pythonVersion}`);
}
