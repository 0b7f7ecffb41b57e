import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where this user's files belong. None of them need exist. */
export interface UserFolders {
  /** May be deleted at any time: k6. */
  readonly cache: string;
  /** Must last while something runs: leases. */
  readonly state: string;
  /** Written by the user: settings. */
  readonly config: string;
}

/**
 * The folders each platform sets aside, all ending in `onsale`. The XDG variables count on every platform, because
 * whoever sets them means them; a relative one is ignored, as their specification demands.
 */
export function userFolders(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): UserFolders {
  const home = env.HOME || homedir();
  const standard = standardFolders(home, env, platform);
  return {
    cache: join(absolute(env.XDG_CACHE_HOME) ?? standard.cache, 'onsale'),
    state: join(absolute(env.XDG_STATE_HOME) ?? standard.state, 'onsale'),
    config: join(absolute(env.XDG_CONFIG_HOME) ?? standard.config, 'onsale'),
  };
}

function standardFolders(
  home: string,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): UserFolders {
  if (platform === 'win32') {
    const local = env.LOCALAPPDATA || join(home, 'AppData', 'Local');
    return { cache: local, state: local, config: env.APPDATA || join(home, 'AppData', 'Roaming') };
  }
  const config = join(home, '.config');
  if (platform === 'darwin') {
    const library = join(home, 'Library');
    return { cache: join(library, 'Caches'), state: join(library, 'Application Support'), config };
  }
  return { cache: join(home, '.cache'), state: join(home, '.local', 'state'), config };
}

function absolute(path: string | undefined): string | null {
  return path !== undefined && isAbsolute(path) ? path : null;
}
