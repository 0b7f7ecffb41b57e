import { closestMatch } from 'leven';
import { UsageFailure } from '../model/failure.ts';

/** One mistake in a file that a person wrote. */
export interface Problem {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly path: readonly PropertyKey[];
  readonly expected: string;
  readonly got: string;
  /** A sentence that helps, such as the nearest valid key; null where there is none. */
  readonly hint: string | null;
}

/** More would scroll the first one away. */
const PROBLEMS_SHOWN_MAX = 20;

/** `Did you mean "lte"?`, if one of the candidates is near enough to be what was meant; else null. */
export function didYouMean(word: string, candidates: readonly string[]): string | null {
  const maxDistance = Math.max(2, Math.ceil(word.length / 3));
  const nearest = closestMatch(word.slice(0, 100), candidates, { maxDistance });
  return nearest === undefined ? null : `Did you mean "${nearest}"?`;
}

/** `objectives[0].lte`; a key that is no plain word comes in quotes. */
export function pathInWords(path: readonly PropertyKey[]): string {
  return path
    .map((part, depth) => {
      if (typeof part === 'number') return `[${part}]`;
      const key = String(part);
      const word = /^[\w-]{1,60}$/.test(key) ? key : valueInWords(key);
      return depth === 0 ? word : `.${word}`;
    })
    .join('');
}

/** A value in a few characters on one line, whatever it contains: no control character gets to a terminal. */
export function valueInWords(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value !== 'string') return String(value);
  return quoted(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}

/** In double quotes, with everything escaped that could move a cursor. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** All problems of one file as one failure, in the order of its lines. `problems` must not be empty. */
export function failureOf(problems: readonly Problem[], file: string): UsageFailure {
  const sorted = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
  const [first] = sorted;
  if (first === undefined) throw new Error('a failure needs at least one problem');
  const remedy = 'See docs/reading-results.md for the format.';
  if (sorted.length === 1) {
    const { expected, got, hint } = first;
    return new UsageFailure({ expected, got, where: placeOf(first, file), remedy: hint ?? remedy });
  }
  const shown = sorted.slice(0, PROBLEMS_SHOWN_MAX).map((problem) => {
    const { expected, got, hint } = problem;
    return `\n  ${placeOf(problem, file)}: expected ${expected}, got ${got}. ${hint ?? ''}`.trimEnd();
  });
  const more = sorted.length - shown.length;
  return new UsageFailure({
    expected: 'an SLA file without mistakes',
    got: `${sorted.length} mistakes:${shown.join('')}${more > 0 ? `\n  and ${more} more` : ''}\n`,
    where: file,
    remedy,
  });
}

function placeOf({ line, column, path }: Problem, file: string): string {
  const key = pathInWords(path);
  return `${file}:${line}:${column}${key === '' ? '' : ` at ${key}`}`;
}
