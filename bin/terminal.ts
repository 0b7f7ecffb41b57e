import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import { sayable } from './sayable.ts';

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

/** Columns where nobody tells them. */
const WIDTH_UNKNOWN = 100;

/** `out` and `words` are stdout and stderr; a test gives others. */
export function openTerminal({
  quiet,
  out = process.stdout,
  words = process.stderr,
  env = process.env,
}: {
  quiet: boolean;
  out?: NodeJS.WriteStream;
  words?: NodeJS.WriteStream;
  env?: NodeJS.ProcessEnv;
}): Terminal {
  // Serial lines and some containers have a terminal of 0 × 0: nothing can be drawn in place on that.
  const hasSize = words.columns > 0 && words.rows > 0;
  const interactive = mayColour(words, env) && hasSize && !quiet;
  const block = interactive ? createLogUpdate(words) : null;
  const settle = () => block?.done();
  return {
    interactive,
    colour: mayColour(out, env),
    width: out.columns || WIDTH_UNKNOWN,
    note: (text) => {
      if (quiet) return;
      settle();
      const said = sayable(text);
      words.write(`${interactive ? pc.dim(said) : said}\n`);
    },
    redraw: (lines) => block?.(lines.join('\n')),
    settle,
  };
}
