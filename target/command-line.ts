import { parseArgs } from 'node:util';
import leven from 'leven';
import { guardDatabase } from './database/guard.ts';
import { exitCodes, explain, UsageFailure } from './failure.ts';
import { flaws, flawsNamed } from './flaws/registry.ts';
import { up } from './processes/up.ts';

const HELP = `The reference ticketing service: a small shop on a real PostgreSQL, right by default.

Usage: target up [options]     start it; ends on SIGINT or SIGTERM, a second one ends it at once
       target flaws [--json]   list the flaws that can be planted

Options of up:
  --port N               port to listen on; 0 picks a free one (default 0)
  --host ADDRESS         address to listen on (default 127.0.0.1)
  --processes N          processes behind the port, 1 to 64 (default 2)
  --flaw NAME[,NAME]     plant flaws; see "target flaws"
  --folder DIR           where the throw-away database may live (default: the system's temporary folder)
  --until-stdin-closes   end when standard input closes, so that nothing outlives the parent
  --help                 show this

When it is ready, one line of JSON on standard output says {url, databaseUrl, processes, flaws, pid}.
Exit codes: 0 ended as asked, 2 unusable command line, 4 could not run.

Examples:
  target up --port 5000
  target up --flaw check-then-act --processes 4
`;

/** Hidden: how `up` starts the process that cleans up after it. */
export const GUARD_COMMAND = 'guard-database';

/** What `up` was asked for. */
export interface UpOptions {
  readonly port: number;
  readonly host: string;
  readonly processes: number;
  readonly flaws: readonly string[];
  /** Parent of the temporary folder; null for the system's. */
  readonly folder: string | null;
  readonly untilStdinCloses: boolean;
}

const OPTIONS = {
  port: { type: 'string', default: '0' },
  host: { type: 'string', default: '127.0.0.1' },
  processes: { type: 'string', default: '2' },
  flaw: { type: 'string', multiple: true, default: [] as string[] },
  folder: { type: 'string' },
  'until-stdin-closes': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Runs one command line; returns the exit code. */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  try {
    return await dispatch(argv);
  } catch (error) {
    return explain(error);
  }
}

async function dispatch(argv: readonly string[]): Promise<number> {
  if (argv[0] === GUARD_COMMAND) return guardDatabase(process.stdin);
  const { values, positionals } = parse(argv);
  const command = positionals[0];
  if (values.help || command === undefined) return print(HELP);
  if (command === 'flaws') return print(values.json ? flawsAsJson() : flawsAsText());
  if (command !== 'up') throw unknown('command', command, ['up', 'flaws']);
  return up(readUpOptions(values));
}

function parse(argv: readonly string[]) {
  try {
    const parsed = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
    if (parsed.positionals.length > 1)
      throw unknown('argument', parsed.positionals[1]!, ['--flaw', '--port']);
    return parsed;
  } catch (error) {
    if (error instanceof UsageFailure) throw error;
    const flag = argv.find((word) => word.startsWith('-') && !(bareName(word) in OPTIONS));
    if (flag !== undefined)
      throw unknown(
        'option',
        flag,
        Object.keys(OPTIONS).map((o) => `--${o}`),
      );
    throw new UsageFailure({
      expected: 'options as in "target --help"',
      got: error instanceof Error ? error.message : String(error),
      where: 'command line',
      remedy: 'Give each option its value once.',
    });
  }
}

const bareName = (word: string) => word.replace(/^--?/, '').replace(/=.*$/s, '');

function readUpOptions(values: ReturnType<typeof parse>['values']): UpOptions {
  const names = values.flaw.flatMap((list) => list.split(',')).map((name) => name.trim());
  const asked = [...new Set(names.filter((name) => name !== ''))];
  for (const name of asked)
    if (!flaws.some((flaw) => flaw.name === name))
      throw unknown(
        'flaw',
        name,
        flaws.map((flaw) => flaw.name),
      );
  return {
    port: wholeNumber('--port', values.port, 0, 65_535),
    host: values.host,
    processes: wholeNumber('--processes', values.processes, 1, 64),
    flaws: flawsNamed(asked).map((flaw) => flaw.name),
    folder: values.folder ?? null,
    untilStdinCloses: values['until-stdin-closes'],
  };
}

function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageFailure({
    expected: `a whole number from ${least} to ${most}`,
    got: JSON.stringify(text),
    where: flag,
    remedy: `Give ${flag} such a number.`,
  });
}

function unknown(what: string, got: string, known: readonly string[]): UsageFailure {
  const nearest = [...known].sort((a, b) => leven(a, got) - leven(b, got))[0];
  return new UsageFailure({
    expected: `one of ${known.join(', ')}`,
    got: JSON.stringify(got.slice(0, 100)),
    where: `${what} on the command line`,
    remedy: `Did you mean "${nearest}"? See "target --help".`,
  });
}

function flawsAsText(): string {
  const width = Math.max(...flaws.map((flaw) => flaw.name.length));
  return flaws.map(({ name, bug }) => `${name.padEnd(width)}  ${bug}\n`).join('');
}

function flawsAsJson(): string {
  return `${JSON.stringify(flaws.map(({ name, bug }) => ({ name, bug })))}\n`;
}

function print(text: string): number {
  process.stdout.write(text);
  return exitCodes.done;
}
