import { setTimeout as sleep } from 'node:timers/promises';
import { log, textOf } from '../failure.ts';

/** Work that goes on until it is closed. */
export interface Repeating {
  /** Resolves when the round under way has ended; no other one begins. */
  readonly close: () => Promise<void>;
}

/** Repeats `round`, at once while it finds something to do, else after a pause. A round that fails is logged. */
export function repeat(what: string, pauseMs: number, round: () => Promise<boolean>): Repeating {
  const closing = new AbortController();
  const run = async () => {
    while (!closing.signal.aborted)
      if (!(await attempt(what, round))) await pause(pauseMs, closing.signal);
  };
  const ended = run();
  return {
    close: () => {
      closing.abort();
      return ended;
    },
  };
}

async function attempt(what: string, round: () => Promise<boolean>): Promise<boolean> {
  try {
    return await round();
  } catch (error) {
    log(`${what}: ${textOf(error)}`);
    return false;
  }
}

async function pause(pauseMs: number, signal: AbortSignal): Promise<void> {
  // Being woken early is how a pause ends when the service does.
  await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
}
