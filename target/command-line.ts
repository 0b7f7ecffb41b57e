import { parseArgs } from 'node:util';
import leven from 'leven';
import { guardDatabase } from './database/guard.ts';
import type { Api, OptionValues } from './facades/facade.ts';
import { flawsNamed } from './facades/flaws.ts';
import { apis } from './facades/registry.ts';
import { exitCodes, explain, UsageFailure } from './failure.ts';
import { up } from './processes/up.ts';

function help(): string {
  return `The reference ticketing service: a small shop on a real PostgreSQL, right by default.

Usage: target up [api] [options]     start it; ends on SIGINT or SIGTERM, a second one ends it at once
       target flaws [api] [--json]   list the flaws that can be planted

${listOfApis()}
Options of up:
  --port N               port to listen on; 0 picks a free one (default 0)
  --host ADDRESS         address to listen on (default 127.0.0.1)
  --processes N          processes behind the port, 1 to 64 (default 2)
  --flaw NAME[,NAME]     plant flaws; see "target flaws"
  --option NAME=VALUE    an option of the API; may be given several times
  --folder DIR           where the throw-away database may live (default: the system's temporary folder)
  --until-stdin-closes   end when standard input closes, so that nothing outlives the parent
  --help                 show this

When it is ready, one line of JSON on standard output says {api, target, url, databaseUrl, environment,
processes, flaws, options, pid}; databaseUrl and the values of environment are secret.
Exit codes: 0 ended as asked, 2 unusable command line, 4 could not run.

Examples:
  target up --port 5000
  target up --flaw check-then-act --processes 4
`;
}

/** Hidden: how `up` starts the process that cleans up after it. */
export const GUARD_COMMAND = 'guard-database';

/** What `up` was asked for. */
export interface UpOptions {
  readonly api: Api;
  /** Every option that the API has. */
  readonly options: OptionValues;
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
  option: { type: 'string', multiple: true, default: [] as string[] },
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
  const [command, name] = positionals;
  if (values.help || command === undefined) return print(help());
  if (command !== 'up' && command !== 'flaws') throw unknown('command', command, ['up', 'flaws']);
  const api = findApi(name);
  if (command === 'up') return up(readUpOptions(api, values));
  return print(values.json ? flawsAsJson(api) : flawsAsText(api));
}

/** The first one where none is named. */
function findApi(name: string | undefined): Api {
  const api = name === undefined ? apis[0] : apis.find((one) => one.name === name);
  if (api !== undefined) return api;
  throw unknown(
    'api',
    name!,
    apis.map((one) => one.name),
  );
}

function parse(argv: readonly string[]) {
  try {
    const parsed = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
    if (parsed.positionals.length > 2)
      throw unknown('argument', parsed.positionals[2]!, ['--flaw', '--port']);
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

function readUpOptions(api: Api, values: ReturnType<typeof parse>['values']): UpOptions {
  return {
    api,
    port: wholeNumber('--port', values.port, 0, 65_535),
    host: values.host,
    processes: wholeNumber('--processes', values.processes, 1, 64),
    flaws: readFlaws(api, values.flaw),
    options: readApiOptions(api, values.option),
    folder: values.folder ?? null,
    untilStdinCloses: values['until-stdin-closes'],
  };
}

function readFlaws({ flaws }: Api, lists: readonly string[]): string[] {
  const names = lists.flatMap((list) => list.split(',')).map((name) => name.trim());
  const asked = [...new Set(names.filter((name) => name !== ''))];
  const known = flaws.map((flaw) => flaw.name);
  for (const name of asked) if (!known.includes(name)) throw unknown('flaw', name, known);
  return flawsNamed(flaws, asked).map((flaw) => flaw.name);
}

/** Each with its value; the last of several for one name counts. */
function readApiOptions({ name: api, options }: Api, given: readonly string[]): OptionValues {
  const values = Object.fromEntries(options.map(({ name, initial }) => [name, initial]));
  for (const text of given) {
    const [name = '', value = ''] = text.split(/=(.*)/s);
    const option = options.find((one) => one.name === name);
    if (option === undefined) throw unknownOption(api, name, options);
    if (!option.accepts(value))
      throw new UsageFailure({
        expected: `${name}=VALUE with ${option.expected}`,
        got: JSON.stringify(text.slice(0, 100)),
        where: '--option',
        remedy: `${option.summary}; ${option.initial} where it is not given.`,
      });
    values[name] = value;
  }
  return values;
}

function unknownOption(api: string, name: string, options: Api['options']): UsageFailure {
  const known = options.map((option) => option.name);
  if (known.length > 0) return unknown(`option of ${api}`, name, known);
  return new UsageFailure({
    expected: `no --option, because ${api} has none`,
    got: JSON.stringify(name.slice(0, 100)),
    where: '--option',
    remedy: 'Leave it out, or name another API.',
  });
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

/** Name by name in a column of its own, one line each. */
function columns(rows: readonly (readonly [name: string, text: string])[], indent = ''): string {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `${indent}${name.padEnd(width)}  ${text}\n`).join('');
}

function listOfApis(): string {
  const options = apis.flatMap((api) =>
    api.options.map(
      ({ name, initial, summary }) => [`${api.name} ${name}=${initial}`, summary] as const,
    ),
  );
  const list = `APIs:\n${columns(
    apis.map(({ name, summary }) => [name, summary] as const),
    '  ',
  )}`;
  return options.length === 0 ? list : `${list}\nOptions of an API:\n${columns(options, '  ')}`;
}

function flawsAsText({ flaws }: Api): string {
  return columns(flaws.map(({ name, bug }) => [name, bug] as const));
}

function flawsAsJson({ flaws }: Api): string {
  return `${JSON.stringify(flaws.map(({ name, bug }) => ({ name, bug })))}\n`;
}

function print(text: string): number {
  process.stdout.write(text);
  return exitCodes.done;
}
