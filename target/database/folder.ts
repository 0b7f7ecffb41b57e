import { chmodSync, mkdtempSync, rmdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunFailure, textOf } from '../failure.ts';
import { type Account, isReachable } from './account.ts';

/** Makes the folder that holds everything this service ever writes. */
export function makeFolder(parent: string | null, account: Account | null): string {
  const where = parent ?? tmpdir();
  const folder = make(where);
  // The database's user must be able to walk through; what is secret below is its own and closed.
  chmodSync(folder, 0o755);
  if (isReachable(account, folder)) return folder;
  rmdirSync(folder);
  throw new RunFailure({
    expected: `a folder that user id ${account?.uid} can reach (PostgreSQL refuses to run as root)`,
    got: 'one it may not walk down to',
    where,
    remedy: 'Name another with --folder, such as /tmp, or do not run as root.',
  });
}

function make(where: string): string {
  try {
    return mkdtempSync(join(where, 'onsale-target-'));
  } catch (cause) {
    throw new RunFailure({
      expected: 'a folder that can be written',
      got: textOf(cause),
      where,
      remedy: 'Name another with --folder, or set TMPDIR.',
      cause,
    });
  }
}

/** Removes it, also while something is still writing its last into it. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}
