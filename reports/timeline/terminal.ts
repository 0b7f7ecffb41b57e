import type { Operation } from '../../lib/model/operation.ts';
import { wrap } from '../terminal/lines.ts';
import { visible } from '../text.ts';
import { type Lane, timelineOf } from './lanes.ts';

const INTENT_SHOWN = 60;
/** Outcomes differ by their sign, not by colour alone: there may be none. */
const SIGNS = { ok: '█', refused: '░', fail: '×', info: '▓' } as const;

/**
 * The lanes as text of `width` columns (at least 40): what was asked, how it ended, what was told, then its bar. No escape
 * sequences; [] for none.
 */
export function timelineText(
  operations: readonly Operation[],
  { startedAt, width }: { readonly startedAt: number | null; readonly width: number },
): string[] {
  if (operations.length === 0) return [];
  const columns = Math.max(Math.min(width, 120), 40) - 4;
  const { lanes, first, last } = timelineOf(operations, startedAt);
  const ends = `${first}${' '.repeat(Math.max(1, columns - first.length - last.length))}${last}`;
  const signs = [...new Set(operations.map(({ outcome }) => outcome))];
  return [
    ...lanes.flatMap((lane) => [
      ...wrap(wordsOf(lane), { width: columns + 4, first: '  ', indent: '    ' }),
      `  │${bar(lane, columns)}│`,
    ]),
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

/** A bar of at least one sign; what stays open is dotted to the end. */
function bar({ operation, from, to, isOpen }: Lane, columns: number): string {
  const first = Math.min(Math.floor(Math.min(from, to) * columns), columns - 1);
  const length = Math.max(1, Math.min(Math.round((to - from) * columns), columns - first));
  const after = columns - first - length;
  return (
    ' '.repeat(first) + SIGNS[operation.outcome].repeat(length) + (isOpen ? '·' : ' ').repeat(after)
  );
}
