import type { Operation } from '../model/operation.ts';
import {
  operationKinds,
  operationSchema,
  orderStates,
  outcomes,
  REPLY_LENGTH_MAX,
} from '../model/operation.ts';
import { canonicalKeys } from './canonical-line.ts';
import { detailKeys } from './details.ts';

/** Longest line that can be an operation. The longest real one, with every character escaped, has some 5,000. */
export const LINE_LENGTH_MAX = 65_536;
/** Keys that every operation has. */
const KEYS = canonicalKeys.length;
const PIECE_LENGTH = 60;
const lineKeys = [...canonicalKeys, ...detailKeys];

/** One line of history.ndjson without its line break, its keys in the order the recorder writes them. */
export function operationLine(operation: Operation): string {
  return JSON.stringify(operation, lineKeys);
}

/** What one line says: an operation, or why it is none. */
export type LineReading = { readonly operation: Operation } | { readonly damage: string };

/**
 * Reads one line; never throws. The schema is the judge, but asking it costs six times what parsing does: lines that
 * are plainly good are taken on sight, and all others go to it.
 */
export function readLine(text: string): LineReading {
  if (text.length > LINE_LENGTH_MAX) return { damage: `longer than ${LINE_LENGTH_MAX} characters` };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { damage: `not JSON: ${piece(text)}` };
  }
  if (isPlainlyOperation(value)) return { operation: value };
  const judged = operationSchema.safeParse(value);
  if (judged.success) return { operation: judged.data };
  const issue = judged.error.issues[0]!;
  const where = issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  return { damage: `no operation: ${piece(where + issue.message, 120)}` };
}

/** A quoted beginning: escaped, so that a hostile line cannot write to a terminal. */
function piece(text: string, length = PIECE_LENGTH): string {
  const quoted = JSON.stringify(text.slice(0, length)).replace(/\p{C}/gu, '?');
  return text.length > length ? `${quoted}…` : quoted;
}

function isText(value: unknown, least: number, most: number): boolean {
  return typeof value === 'string' && value.length >= least && value.length <= most;
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
}

const isOneOf = (list: readonly string[], value: unknown): boolean =>
  list.includes(value as string);

type Doubtful = { readonly [K in keyof Operation]?: unknown };

/** True only for what `operationSchema` accepts; false says nothing. */
export function isPlainlyOperation(value: unknown): value is Operation {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  let keys = 0;
  for (const key in value) {
    if (!Object.hasOwn(operationSchema.shape, key)) return false;
    keys++;
  }
  const line: Doubtful = value;
  return keys - detailsIn(line) === KEYS && hasPlainFields(line);
}

function hasPlainFields(line: Doubtful): boolean {
  return (
    isWhole(line.session, 0, 0x7fff_ffff) &&
    isText(line.intent, 1, 200) &&
    isOneOf(operationKinds, line.kind) &&
    isText(line.pool, 1, 200) &&
    isWhole(line.quantity, 1, 1_000_000) &&
    Number.isFinite(line.start) &&
    Number.isFinite(line.end) &&
    isOneOf(outcomes, line.outcome) &&
    isWhole(line.status, 0, 999) &&
    isText(line.reason, 0, 60) &&
    isText(line.reply, 0, REPLY_LENGTH_MAX)
  );
}

/** How many keys it has of those that it may lack, NaN where one of them is not plainly right. */
function detailsIn(line: Doubtful): number {
  let count = 0;
  for (const key of detailKeys) {
    if (line[key] === undefined) continue;
    if (!isPlainDetail[key](line[key])) return Number.NaN;
    count++;
  }
  return count;
}

const isPlainDetail: Readonly<Record<(typeof detailKeys)[number], (value: unknown) => boolean>> = {
  order: (value) => isText(value, 1, 200),
  seat: (value) => isText(value, 1, 200),
  value: Number.isSafeInteger,
  state: (value) => isOneOf(orderStates, value),
  expiresAt: Number.isFinite,
  amount: (value) => isWhole(value, 0, Number.MAX_SAFE_INTEGER),
  mayLag: (value) => value === true,
};
