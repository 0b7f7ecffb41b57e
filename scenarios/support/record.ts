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

/** One line of the history. Built by hand: a `JSON.stringify` of an object costs a third of k6's throughput. */
export function lineOf(operation: Operation): string {
  return (
    `{"session":${operation.session},"intent":${quoted(operation.intent)},"kind":"${operation.kind}"` +
    `,"pool":${quoted(operation.pool)},"quantity":${operation.quantity},"start":${operation.start}` +
    `,"end":${operation.end},"outcome":"${operation.outcome}","status":${operation.status}` +
    `,"reason":${quoted(cut(operation.reason, REASON_LENGTH_MAX))}` +
    `,"reply":${quoted(cut(operation.reply, REPLY_LENGTH_MAX))}}`
  );
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
export function record(operation: Operation): void {
  if (held.length === 0) oldestAt = operation.end;
  held.push(lineOf(operation));
  if (held.length >= BATCH_LINES || operation.end - oldestAt >= HELD_MS_MAX) flush();
}
