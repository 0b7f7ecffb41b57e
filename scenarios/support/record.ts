import type { Operation } from '../../lib/model/operation.ts';

/** Lines in one `console.log`: from 64 on, the price of a line no longer falls. */
export const BATCH_LINES = 64;
/** No line waits longer than this for its batch to fill, as long as its virtual user goes on. */
export const HELD_MS_MAX = 1000;
/** Same as REPLY_LENGTH_MAX of lib/model, which cannot be imported here at run time; a test compares them. */
export const REPLY_LENGTH_MAX = 300;
const REASON_LENGTH_MAX = 60;

/** Printable ASCII without quotation mark and backslash: stands for itself in JSON. */
const PLAIN = /^[ !#-[\]-~]*$/;

/**
 * Text as a JSON string. JSON.stringify is slow in k6, and most texts need no escape. It also escapes lone
 * surrogates, which would otherwise become U+FFFD on the way into the log.
 */
export function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** Cut to at most `lengthMax` code units, never in the middle of a character. */
export function cut(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  const last = text.charCodeAt(lengthMax - 1);
  const isHighSurrogate = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, isHighSurrogate ? lengthMax - 1 : lengthMax);
}

/** How an operation ended. */
export type Ending = Pick<Operation, 'kind' | 'outcome' | 'status' | 'reason' | 'reply'>;
/** Whose operation it was, on what, and when. */
export type Attempt = Omit<Operation, keyof Ending>;

/** The endings are few and come again and again, so the last one's text is kept. */
let lastEnding: Ending | undefined;
let lastEndingText = '';

function endingText(ending: Ending): string {
  const last = lastEnding;
  if (
    last === undefined ||
    last.status !== ending.status ||
    last.reply !== ending.reply ||
    last.reason !== ending.reason ||
    last.outcome !== ending.outcome ||
    last.kind !== ending.kind
  ) {
    lastEnding = ending;
    lastEndingText =
      `,"kind":"${ending.kind}","outcome":"${ending.outcome}","status":${ending.status}` +
      `,"reason":${quoted(cut(ending.reason, REASON_LENGTH_MAX))}` +
      `,"reply":${quoted(cut(ending.reply, REPLY_LENGTH_MAX))}}`;
  }
  return lastEndingText;
}

/** One line of the history. Built by hand: a `JSON.stringify` of an object costs a third of k6's throughput. */
export function lineOf(attempt: Attempt, ending: Ending): string {
  return `{"session":${attempt.session},"intent":${quoted(attempt.intent)},"pool":${quoted(attempt.pool)},"quantity":${attempt.quantity},"start":${attempt.start},"end":${attempt.end}${endingText(ending)}`;
}

/**
 * Lines of this virtual user that are not yet in the log. k6 gives every virtual user its own copy of this module, so
 * nothing here is shared.
 */
let held: string[] = [];
let oldestAt = 0;

/** Writes out everything that is held; without lines it does nothing. */
export function flush(): void {
  if (held.length === 0) return;
  const lines = held.join('\n');
  held = [];
  console.log(lines);
}

/** Adds one operation to the history. */
export function record(attempt: Attempt, ending: Ending): void {
  if (held.length === 0) oldestAt = attempt.end;
  held.push(lineOf(attempt, ending));
  if (held.length >= BATCH_LINES || attempt.end - oldestAt >= HELD_MS_MAX) flush();
}
