import { isUtf8 } from 'node:buffer';
import { operationKinds, orderStates, outcomes, REPLY_LENGTH_MAX } from '../model/operation.ts';
import { HASH_BEGIN, hashEnd, hashStep, type TextPlace, type TextTable } from './text-table.ts';

/*
 * Reading a million lines as text, JSON and objects takes longer than judging them, and nearly all of it goes into
 * things that are thrown away at once: the text of the line, eleven keys, four short texts that were there a thousand
 * times before. But lines come from one writer, which puts keys in one order and no space between them. So such a line
 * is read where it lies: what must be there is compared byte by byte, numbers are added up, and a text stays a place in
 * the bytes, hashed on the way, until the table of texts says whether it is new.
 *
 * This reader never decides that a line is wrong. It takes a line only where JSON and the schema would certainly make
 * the same operation of it, and leaves the rest to line.ts: an escape, a space, a sign, a fraction, a text of a length
 * that the schema may refuse. So the schema remains the only judge, and being strict here costs time, never meaning.
 * For example `"quantity":2` is taken, while `"quantity":02` (no JSON), `"quantity":2.0` (the same 2) and
 * `"quantity":0` (refused) are all passed on.
 */

/** The order in which the keys that every line has are written; those of details.ts follow, where a line has any. */
export const canonicalKeys = [
  ...(['session', 'intent', 'pool', 'quantity', 'start', 'end'] as const),
  ...(['kind', 'outcome', 'status', 'reason', 'reply'] as const),
];

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
/** Numbers up to this one can be added up from their digits without rounding, and what is above stays above. */
const WHOLE_MAX = 999_999_999_999_999;
const TEXT_LENGTH_MAX = 200;
const REASON_LENGTH_MAX = 60;

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text));
const enders = (names: readonly string[]) => names.map((name) => bytesOf(`${name}"`));

const SESSION = bytesOf('{"session":');
const INTENT = bytesOf(',"intent":"');
const POOL = bytesOf(',"pool":"');
const QUANTITY = bytesOf(',"quantity":');
const START = bytesOf(',"start":');
const END = bytesOf(',"end":');
const KIND = bytesOf(',"kind":"');
const OUTCOME = bytesOf(',"outcome":"');
const STATUS = bytesOf(',"status":');
const REASON = bytesOf(',"reason":"');
const REPLY = bytesOf(',"reply":"');
const ORDER = bytesOf(',"order":"');
const SEAT = bytesOf(',"seat":"');
const VALUE = bytesOf(',"value":');
const STATE = bytesOf(',"state":"');
const EXPIRES_AT = bytesOf(',"expiresAt":');
const AMOUNT = bytesOf(',"amount":');
const MAY_LAG = bytesOf(',"mayLag":true');
const CLOSE = bytesOf('}\n');
const MINUS = bytesOf('-');
const KINDS = enders(operationKinds);
const OUTCOMES = enders(outcomes);
const STATES = enders(orderStates);

/** A text between its quotation marks; `hash` is right only where it `isAscii`. */
export interface ScannedText extends TextPlace {
  isAscii: boolean;
}

/** The number of a text in a table of texts, new or not. */
export function numberOf(table: TextTable, bytes: Buffer, text: ScannedText): number {
  return text.isAscii ? table.addAscii(bytes, text) : table.add(textAt(bytes, text));
}

export function textAt(bytes: Buffer, { first, after }: ScannedText): string {
  return bytes.toString('utf8', first, after);
}

const noText = (): ScannedText => ({ first: 0, after: 0, hash: 0, isAscii: true });

/** The line last scanned; one object for all lines. Kind and outcome by their place in the schema's lists. */
export class CanonicalLine {
  session = 0;
  readonly intent = noText();
  readonly pool = noText();
  quantity = 0;
  start = 0;
  end = 0;
  kind = 0;
  outcome = 0;
  status = 0;
  readonly reason = noText();
  readonly reply = noText();
  /** Whether the line has any of the following; they mean nothing where it has not. */
  hasDetails = false;
  /** Without a text, `after` is 0; likewise `seat`. */
  readonly order = noText();
  readonly seat = noText();
  /** NaN where the line has none; likewise `expiresAt` and `amount`. */
  value = Number.NaN;
  /** By its place in the schema's list, −1 where the line has none. */
  state = -1;
  expiresAt = Number.NaN;
  amount = Number.NaN;
  mayLag = false;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #isCanonical = true;

  /**
   * Reads the line that begins at `first`; `bytes` must end with a line break. The place after the line's break, or −1
   * where it is not canonical: then the fields mean nothing.
   */
  scan(bytes: Buffer, first: number): number {
    this.#bytes = bytes;
    this.#at = first;
    this.#isCanonical = true;
    this.session = this.#whole(SESSION, 0, 0x7fff_ffff);
    this.#text(INTENT, this.intent, 1, TEXT_LENGTH_MAX);
    this.#text(POOL, this.pool, 1, TEXT_LENGTH_MAX);
    this.quantity = this.#whole(QUANTITY, 1, 1_000_000);
    this.start = this.#whole(START, 0, WHOLE_MAX);
    this.end = this.#whole(END, 0, WHOLE_MAX);
    this.kind = this.#oneOf(KIND, KINDS);
    this.outcome = this.#oneOf(OUTCOME, OUTCOMES);
    this.status = this.#whole(STATUS, 0, 999);
    this.#text(REASON, this.reason, 0, REASON_LENGTH_MAX);
    this.#text(REPLY, this.reply, 0, REPLY_LENGTH_MAX);
    this.hasDetails = !this.#pass(CLOSE);
    if (this.hasDetails) this.#scanDetails();
    return this.#isCanonical ? this.#at : -1;
  }

  /** What may follow, in this order, and the line's end. */
  #scanDetails(): void {
    this.order.after = 0;
    if (this.#pass(ORDER)) this.#readText(this.order, 1, TEXT_LENGTH_MAX);
    this.seat.after = 0;
    if (this.#pass(SEAT)) this.#readText(this.seat, 1, TEXT_LENGTH_MAX);
    this.value = this.#pass(VALUE) ? this.#readSigned() : Number.NaN;
    this.state = this.#pass(STATE) ? this.#readOneOf(STATES) : -1;
    this.expiresAt = this.#pass(EXPIRES_AT) ? this.#readWhole(0, WHOLE_MAX) : Number.NaN;
    this.amount = this.#pass(AMOUNT) ? this.#readWhole(0, WHOLE_MAX) : Number.NaN;
    this.mayLag = this.#pass(MAY_LAG);
    this.#expect(this.#pass(CLOSE));
  }

  #expect(isSo: boolean): void {
    if (!isSo) this.#isCanonical = false;
  }

  /** Goes past these bytes if they come next. Only `CLOSE` has a line break, so nothing is read beyond the last. */
  #pass(expected: Uint8Array): boolean {
    const bytes = this.#bytes;
    const at = this.#at;
    for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false;
    this.#at = at + expected.length;
    return true;
  }

  #oneOf(key: Uint8Array, list: readonly Uint8Array[]): number {
    this.#expect(this.#pass(key));
    return this.#readOneOf(list);
  }

  #whole(key: Uint8Array, least: number, most: number): number {
    this.#expect(this.#pass(key));
    return this.#readWhole(least, most);
  }

  #text(key: Uint8Array, text: ScannedText, least: number, most: number): void {
    this.#expect(this.#pass(key));
    this.#readText(text, least, most);
  }

  /** The place of the value in the list. */
  #readOneOf(list: readonly Uint8Array[]): number {
    for (let i = 0; i < list.length; i++) if (this.#pass(list[i]!)) return i;
    this.#isCanonical = false;
    return -1;
  }

  /** `-0` is left to JSON, which keeps its sign. */
  #readSigned(): number {
    return this.#pass(MINUS) ? -this.#readWhole(1, WHOLE_MAX) : this.#readWhole(0, WHOLE_MAX);
  }

  /** A whole number in [least, most]. */
  #readWhole(least: number, most: number): number {
    const bytes = this.#bytes;
    const first = this.#at;
    let at = first;
    let value = 0;
    for (let digit = bytes[at]! - ZERO; digit >= 0 && digit <= 9; digit = bytes[++at]! - ZERO) {
      value = value * 10 + digit;
    }
    this.#at = at;
    const isPadded = bytes[first] === ZERO && at - first > 1;
    this.#expect(at > first && !isPadded && value >= least && value <= most);
    return value;
  }

  /** A text without escapes, of [least, most] bytes. */
  #readText(text: ScannedText, least: number, most: number): void {
    const bytes = this.#bytes;
    const first = this.#at;
    let at = first;
    let hash = HASH_BEGIN;
    let bits = 0;
    for (let byte = bytes[at]!; byte !== QUOTE; byte = bytes[++at]!) {
      bits |= byte;
      hash = hashStep(hash, byte);
      if (byte < 0x20 || byte === BACKSLASH) {
        this.#isCanonical = false;
        return;
      }
    }
    text.first = first;
    text.after = at;
    text.hash = hashEnd(hash);
    text.isAscii = bits < 0x80;
    this.#at = at + 1;
    // A character has at least as many bytes as UTF-16 units: what is short enough in bytes is so in units.
    this.#expect(at - first >= least && at - first <= most);
    if (!text.isAscii) this.#expect(isUtf8(bytes.subarray(first, at)));
  }
}
