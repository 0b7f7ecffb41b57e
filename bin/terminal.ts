import { createLogUpdate } from 'log-update';
import pc from 'picocolors';

/** How a command speaks to people. Results go to stdout by the command itself; everything here goes to stderr. */
export interface Terminal {
  /** A person watches: stderr is a terminal that can be redrawn. */
  readonly interactive: boolean;
  /** Colours and other escape sequences may be written to stdout. */
  readonly colour: boolean;
  /** Columns of stdout. */
  readonly width: number;
  /** One line about what is being done; dropped by --quiet. */
  readonly note: (text: string) => void;
  /** Replaces the live block by these lines; a no-op where nobody watches. */
  readonly redraw: (lines: readonly string[]) => void;
  /** Leaves the live block as it stands. */
  readonly settle: () => void;
}

/** What https://no-color.org and terminfo ask for: `NO_COLOR`, `TERM=dumb` or no terminal mean not one escape byte. */
function mayColour(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && env.TERM !== 'dumb' && (env.NO_COLOR ?? '') === '';
}

export function openTerminal({ quiet }: { quiet: boolean }): Terminal {
  const interactive = mayColour(process.stderr, process.env) && !quiet;
  const block = interactive ? createLogUpdate(process.stderr) : null;
  const settle = () => block?.done();
  return {
    interactive,
    colour: mayColour(process.stdout, process.env),
    width: process.stdout.columns ?? 100,
    note: (text) => {
      if (quiet) return;
      settle();
      process.stderr.write(`${interactive ? pc.dim(text) : text}\n`);
    },
    redraw: (lines) => block?.(lines.join('\n')),
    settle,
  };
}
