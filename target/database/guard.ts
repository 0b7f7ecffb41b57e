import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { GUARD_COMMAND } from '../command-line.ts';
import { exitCodes } from '../failure.ts';
import { removeFolder } from './folder.ts';
import { endProgram, type ProcessIdentity } from './process-identity.ts';
import { stopDatabase } from './server.ts';

/** What has to be cleaned up; told line by line as it comes into being. */
interface Belongings {
  readonly folder?: string;
  readonly database?: ProcessIdentity;
  /** All of them each time. */
  readonly programs?: readonly ProcessIdentity[];
}

/** A process that outlives this one just long enough to clean up after it, even after a SIGKILL. */
export interface Guard {
  readonly tell: (belongings: Belongings) => void;
  /** Lets it finish: whatever is still there is stopped and removed. Resolves when it has ended. */
  readonly release: () => Promise<void>;
}

/**
 * Starts the guard: this program again, in a session of its own. It holds one end of a pipe; the system closes the
 * other end whatever way this process goes, and that is the sign.
 */
export function startGuard(): Guard {
  const command = [...process.execArgv, process.argv[1]!, GUARD_COMMAND];
  const child = spawn(process.execPath, command, {
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  // A guard that is gone cannot be told anything; the orderly end does not need it.
  child.stdin.on('error', () => undefined);
  return {
    tell: (belongings) => void child.stdin.write(`${JSON.stringify(belongings)}\n`),
    release: () => {
      child.stdin.end();
      return ended;
    },
  };
}

/** The guard's own work: waits for the end of `input`, then stops and removes what it was told of. */
export async function guardDatabase(input: Readable): Promise<number> {
  let belongings: Belongings = {};
  for await (const line of createInterface({ input }))
    belongings = { ...belongings, ...(JSON.parse(line) as Belongings) };
  for (const program of belongings.programs ?? []) await endProgram(program);
  if (belongings.database !== undefined) await stopDatabase(belongings.database);
  if (belongings.folder !== undefined) await removeFolder(belongings.folder);
  return exitCodes.done;
}
