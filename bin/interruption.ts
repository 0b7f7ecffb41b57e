import { constants } from 'node:os';

/**
 * Ctrl-C, SIGTERM and SIGHUP. The first asks for an orderly end: `signal` aborts, what was recorded is judged and
 * reported. The second ends at once: every `onKill` runs (they end child processes), then the program exits with 130.
 */
export interface Interruption {
  readonly signal: AbortSignal;
  /** Registers what must be ended on a second interrupt; synchronous. Returns the function that takes it back. */
  readonly onKill: (end: () => void) => () => void;
  /**
   * Gives the signals back to their defaults, unless one came: a second one must find this program's own exit code
   * however far the orderly end has come.
   */
  readonly release: () => void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function watchInterruption(note: (text: string) => void): Interruption {
  const controller = new AbortController();
  const ends = new Set<() => void>();
  const handle = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      for (const end of ends) end();
      process.exit(130);
    }
    note(
      `Interrupted (${name}, signal ${constants.signals[name]}): ending in order. Again to end at once.`,
    );
    controller.abort(new Error(`interrupted by ${name}`));
  };
  for (const name of SIGNALS) process.on(name, handle);
  return {
    signal: controller.signal,
    onKill: (end) => {
      ends.add(end);
      return () => ends.delete(end);
    },
    release: () => {
      if (controller.signal.aborted) return;
      for (const name of SIGNALS) process.off(name, handle);
    },
  };
}
