import type { Operation } from '../../lib/model/operation.ts';
import { wrap } from '../terminal/lines.ts';
import { visible } from '../text.ts';
import { type Lane, type Mark, timelineOf } from './lanes.ts';

const INTENT_SHOWN = 60;
/** Outcomes differ by their sign, not by colour alone: there may be none. */
const SIGNS = { ok: '█', refused: '░', fail: '×', info: '▓' } as const;

export interface TextPage {
  readonly startedAt: number | null;
  readonly width: number;
  readonly marks?: readonly Mark[];
}

/**
 * The lanes as text of `width` columns (at least 40): what was asked, how it ended, what was told, then its bar; below
 * them what the upright lines mark. No escape sequences; [] for none.
 */
export function timelineText(
  operations: readonly Operation[],
  { startedAt, width, marks = [] }: TextPage,
): string[] {
  if (operations.length === 0) return [];
  const columns = Math.max(Math.min(width, 120), 40) - 4;
  const timeline = timelineOf(operations, startedAt, marks);
  const { lanes, first, last } = timeline;
  const upright = timeline.marks.map(({ place }) =>
    Math.min(Math.floor(place * columns), columns - 1),
  );
  const ends = `${first}${' '.repeat(Math.max(1, columns - first.length - last.length))}${last}`;
  const signs = [...new Set(operations.map(({ outcome }) => outcome))];
  return [
    ...lanes.flatMap((lane) => [
      ...wrap(wordsOf(lane), { width: columns + 4, first: '  ', indent: '    ' }),
      `  │${crossed(bar(lane, columns), upright)}│`,
    ]),
    ...timeline.marks.flatMap(({ words }, i) =>
      flagged(words, upright[i]!, columns).map((line) => `   ${line}`),
    ),
    `   ${ends}`,
    `   ${signs.map((outcome) => `${SIGNS[outcome]} ${outcome}`).join('   ')}`,
  ];
}

function wordsOf({ operation, begins, ends, asked, told }: Lane): string {
  const { outcome, reason, status, intent } = operation;
  const why = reason === '' ? '' : ` (${visible(reason, 60)})`;
  const reply = status === 0 ? 'no reply' : `HTTP ${status}`;
  const parts = [`${outcome}${why}`, asked, `${begins} to ${ends}`, reply, ...told];
  return [...parts, visible(intent, INTENT_SHOWN)].join(' · ');
}

/** A mark hides no part of a bar. */
function crossed(line: string, upright: readonly number[]): string {
  const signs = [...line];
  for (const column of upright) if (' ·'.includes(signs[column]!)) signs[column] = '┃';
  return signs.join('');
}

/** The words beside their line's foot, on the side that has room for them; below it where neither has. */
function flagged(words: string, column: number, columns: number): string[] {
  const foot = `${' '.repeat(column)}┃`;
  if (column + 2 + words.length <= columns) return [`${foot} ${words}`];
  if (words.length < column) return [`${`${words} `.padStart(column)}┃`];
  return [foot, words.padStart(Math.min(column + 1 + words.length, columns))];
}

/** A bar of at least one sign; what stays open is dotted to the end. */
function bar({ operation, from, to, isOpen }: Lane, columns: number): string {
  const first = Math.min(Math.floor(Math.min(from, to) * columns), columns - 1);
  const length = Math.max(1, Math.min(Math.round((to - from) * columns), columns - first));
  const after = columns - first - length;
  return (
    ' '.repeat(first) + SIGNS[operation.outcome].repeat(length) + (isOpen ? '·' : ' ').repeat(after)
  );
}
