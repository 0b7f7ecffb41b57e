import { accessSync, chownSync, constants, lstatSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';

/** The unprivileged user that PostgreSQL runs as where we are root, because it refuses to run as root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** `nobody` on Linux and on macOS. */
const NOBODY: Account =
  process.platform === 'darwin'
    ? { uid: 4_294_967_294, gid: 4_294_967_294 }
    : { uid: 65_534, gid: 65_534 };

/** Null where this process is no root and PostgreSQL simply runs as ourselves. */
export function databaseAccount(): Account | null {
  return process.getuid?.() === 0 ? NOBODY : null;
}

export function giveTo(account: Account | null, path: string): void {
  if (account !== null) chownSync(path, account.uid, account.gid);
}

/** Whether a stranger may walk down to `path` and, if it is a file, read it: a checkout under /root is out of reach. */
export function isReachable(account: Account | null, path: string): boolean {
  if (account === null) return canRead(path);
  const real = realpathSync(path);
  if ((lstatSync(real).mode & 0o004) === 0) return false;
  for (let folder = dirname(real); ; folder = dirname(folder)) {
    if ((lstatSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

function canRead(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
