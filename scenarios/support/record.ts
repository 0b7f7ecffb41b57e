import type { Operation } from '../../lib/model/operation.ts';

/** Lines in one `console.log`: from 64 on, the price of a line no longer falls. */
export const BATCH_LINES = 64;
/** No line waits longer than this for its batch to fill, as long as its virtual user goes on. */
export const HELD_MS_MAX = 1000;
/** Same as REPLY_LENGTH_MAX of lib/model, which cannot be imported here at run time; a test compares them. */
export const REPLY_LENGTH_MAX = 300;
const REASON_LENGTH_MAX = 60;
const NAME_LENGTH_MAX = 200;

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

/** What only some replies tell, see `operationSchema`. */
type Details = Pick<
  Operation,
  'order' | 'seat' | 'value' | 'state' | 'expiresAt' | 'amount' | 'mayLag'
>;
/** How an operation ended. */
export type Ending = Pick<Operation, 'kind' | 'outcome' | 'status' | 'reason' | 'reply'> & Details;
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
      `,"reply":${quoted(cut(ending.reply, REPLY_LENGTH_MAX))}`;
  }
  return lastEndingText;
}

/** In one expression: a comparison with `undefined` for each would cost twice as much in k6. */
export function hasDetails(of: Details): boolean {
  const any = of.order ?? of.seat ?? of.value ?? of.state ?? of.expiresAt ?? of.amount ?? of.mayLag;
  return any !== undefined;
}

/**
 * What the ending tells beyond that, in the order that the judge reads fastest. What the format has no room for is left
 * out: a target that answers with an endless name must not be able to spoil the line.
 */
function detailsText(ending: Details): string {
  const { order, seat, value, state, expiresAt, amount } = ending;
  let text = '';
  if (order !== undefined && isName(order)) text += `,"order":${quoted(order)}`;
  if (seat !== undefined && isName(seat)) text += `,"seat":${quoted(seat)}`;
  if (value !== undefined && Number.isSafeInteger(value)) text += `,"value":${value}`;
  if (state !== undefined) text += `,"state":"${state}"`;
  if (expiresAt !== undefined && Number.isFinite(expiresAt)) text += `,"expiresAt":${expiresAt}`;
  if (amount !== undefined && Number.isSafeInteger(amount) && amount >= 0)
    text += `,"amount":${amount}`;
  if (ending.mayLag === true) text += ',"mayLag":true';
  return text;
}

function isName(text: string): boolean {
  return text.length > 0 && text.length <= NAME_LENGTH_MAX;
}

/** A virtual user buys from few pools, mostly from one, so the last one's text is kept. */
let lastPool = '';
let lastPoolText = '""';

function poolText(pool: string): string {
  if (pool !== lastPool) {
    lastPool = pool;
    lastPoolText = quoted(pool);
  }
  return lastPoolText;
}

/** One line of the history. Built by hand: a `JSON.stringify` of an object costs a third of k6's throughput. */
export function lineOf(attempt: Attempt, ending: Ending): string {
  return `{"session":${attempt.session},"intent":${quoted(attempt.intent)},"pool":${poolText(attempt.pool)},"quantity":${attempt.quantity},"start":${attempt.start},"end":${attempt.end}${endingText(ending)}${hasDetails(ending) ? detailsText(ending) : ''}}`;
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
