import type { Command } from 'commander';
import { scenarios } from '../../lib/run/scenarios.ts';
import { targets } from '../../lib/targets/registry.ts';
import { apis } from '../../target/facades/registry.ts';

/** What can be typed after some words of the command line; `run`, `target up`, or nothing at all. */
interface Place {
  readonly words: readonly string[];
  readonly candidates: readonly Candidate[];
}

interface Candidate {
  readonly word: string;
  /** One line, for the shells that show it. */
  readonly description: string;
}

/** An option whose values are known, and those. Others complete to file names. */
interface ValuesOfOption {
  readonly option: string;
  readonly values: readonly string[];
}

/** Known values of options and of the first argument of a command, by name. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  '--target': targets.map(({ name }) => name),
  '--flaw': [...new Set(apis.flatMap(({ flaws }) => flaws.map(({ name }) => name)))],
  '--arrivals': ['burst', 'constant'],
  run: scenarios.map(({ name }) => name),
  judge: ['latest'],
  report: ['latest'],
  explain: ['latest'],
  up: apis.map(({ name }) => name),
  completion: ['bash', 'zsh', 'fish'],
};

/**
 * A script for `shell` that completes what the command tree has. It holds all of it and calls nothing, so a key press
 * costs no start of Node; after an update the script is to be made again.
 */
export function completionScript(program: Command, shell: 'bash' | 'zsh' | 'fish'): string {
  const places = placesIn(program);
  const values = Object.entries(VALUES)
    .filter(([name]) => name.startsWith('--'))
    .map(([option, known]) => ({ option, values: known }));
  if (shell === 'fish') return fish(places, values);
  const script = bash(places, values);
  return shell === 'bash' ? script : `autoload -Uz bashcompinit && bashcompinit\n${script}`;
}

/** Every command with what may follow it, the outermost first. */
function placesIn(command: Command, words: readonly string[] = []): Place[] {
  const subcommands = command.commands.map((one) => ({
    word: one.name(),
    description: one.description(),
  }));
  const options = [...command.options, ...command.createHelp().visibleOptions(command)].map(
    ({ long, description }) => ({ word: long ?? '', description }),
  );
  const known = (VALUES[words.at(-1) ?? ''] ?? []).map((word) => ({ word, description: '' }));
  const all = [...subcommands, ...known, ...options].filter(({ word }) => word !== '');
  const candidates = all.filter(({ word }, i) => all.findIndex((c) => c.word === word) === i);
  return [
    { words, candidates },
    ...command.commands.flatMap((one) => placesIn(one, [...words, one.name()])),
  ];
}

const listed = (candidates: readonly Candidate[]) => candidates.map(({ word }) => word).join(' ');

/** zsh runs it too, through its bashcompinit. Words only: no quoting is needed, none of them holds a blank. */
function bash(places: readonly Place[], values: readonly ValuesOfOption[]): string {
  const commands = places.filter(({ words }) => words.length > 0);
  return `_loadtest() {
  local word previous place='' i
  word="\${COMP_WORDS[COMP_CWORD]}"
  previous="\${COMP_WORDS[COMP_CWORD-1]}"
  COMPREPLY=()
  case "$previous" in
${values.map(({ option, values: known }) => `    ${option}) COMPREPLY=($(compgen -W '${known.join(' ')}' -- "$word")); return;;`).join('\n')}
  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$place \${COMP_WORDS[i]}" in
${commands.map(({ words }) => `      ' ${words.join(' ')}') place=' ${words.join(' ')}';;`).join('\n')}
    esac
  done
  case "$place" in
${places.map(({ words, candidates }) => `    '${words.map((word) => ` ${word}`).join('')}') COMPREPLY=($(compgen -W '${listed(candidates)}' -- "$word"));;`).join('\n')}
  esac
}
complete -o default -F _loadtest loadtest bin/loadtest ./bin/loadtest
`;
}

function fish(places: readonly Place[], values: readonly ValuesOfOption[]): string {
  const lines = places.flatMap(({ words, candidates }) =>
    candidates.map(({ word, description }) => {
      const when = words.length === 0 ? '__fish_use_subcommand' : seen(words);
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a ${word}`;
      const known = values.find(({ option }) => option === word);
      const of = known === undefined ? '' : ` -x -a '${known.values.join(' ')}'`;
      return `complete -c loadtest -n '${when}' ${what}${of} -d '${inQuotes(description)}'`;
    }),
  );
  return `${lines.join('\n')}\n`;
}

const seen = (words: readonly string[]) =>
  words.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ');

const inQuotes = (text: string) => text.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
