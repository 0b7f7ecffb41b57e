import { isUtf8 } from 'node:buffer';
import { RunFailure } from '../model/failure.ts';
import { HistoryBuilder } from './columns.ts';
import type { History } from './history.ts';
import { LINE_LENGTH_MAX, readLine } from './line.ts';
import { type ByteSource, openSource } from './source.ts';

/** Damaged lines that are described; the rest are only counted. */
export const DAMAGE_SHOWN_MAX = 20;
const CHUNK_BYTES = 1 << 20;
/** A line without an end in so many bytes is too long to be an operation. */
const KEPT_BYTES_MAX = CHUNK_BYTES / 2;
const NOTHING = Buffer.alloc(0);
/** Room beyond what the first lines promise, for shorter ones that come later. */
const ROOM_RATIO = 1.05;
const NEWLINE = 0x0a;

/** One line that could not be read. */
export interface Damage {
  /** From 1. */
  readonly line: number;
  /** Why, at most some 150 characters, without control characters. */
  readonly what: string;
}

export interface HistoryReading {
  readonly history: History;
  /** The first {@link DAMAGE_SHOWN_MAX} damaged lines. */
  readonly damage: readonly Damage[];
  /** How many lines were damaged in all. A history with damage is not complete. */
  readonly damaged: number;
}

/** Gathers lines; every line that is not blank ends as an operation or as damage. */
class LineTaker {
  readonly builder = new HistoryBuilder();
  readonly damage: Damage[] = [];
  damaged = 0;
  /** The number of the line that comes next. */
  #line = 1;

  /** Makes room for so many times the operations that have been taken. */
  expectAll(times: number): void {
    this.builder.expect(Math.ceil(ROOM_RATIO * times * this.builder.length));
  }

  /** Whole lines, each with its line break. */
  take(bytes: Buffer): void {
    for (let first = 0; first < bytes.length; this.#line++) {
      let next = bytes[first] === NEWLINE ? first + 1 : this.builder.addCanonical(bytes, first);
      if (next === -1) {
        next = bytes.indexOf(NEWLINE, first) + 1;
        this.#takeLine(textOfLine(bytes.subarray(first, next - 1)));
      }
      first = next;
    }
  }

  #takeLine(text: string): void {
    const line = this.#line === 1 && text.startsWith('\ufeff') ? text.slice(1) : text;
    if (line.trim() === '') return;
    const reading = readLine(line);
    if ('operation' in reading) this.builder.add(reading.operation);
    else this.#note(reading.damage);
  }

  /** A line too long to be held has gone by. */
  passOverlong(): void {
    this.#note(`longer than ${LINE_LENGTH_MAX} characters`);
    this.#line++;
  }

  #note(what: string): void {
    this.damaged++;
    if (this.damage.length < DAMAGE_SHOWN_MAX) this.damage.push({ line: this.#line, what });
  }
}

/**
 * A line with bytes that are no UTF-8 is cut at the first of them, which makes it damage: read with replacement
 * characters, two different keys could become one.
 */
function textOfLine(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return isUtf8(bytes) ? text : `not UTF-8: ${text.slice(0, text.indexOf('\ufffd'))}`;
}

/** A buffer for what is read next, with room before it for the beginning of its first line. */
class Chunk {
  readonly #bytes = Buffer.allocUnsafe(KEPT_BYTES_MAX + CHUNK_BYTES);

  /** How many bytes are there now; 0 is the end. */
  async fill(file: ByteSource): Promise<number> {
    return (await file.read(this.#bytes, KEPT_BYTES_MAX, CHUNK_BYTES, null)).bytesRead;
  }

  /** The first `filled` bytes that were read, and before them what was kept. */
  after(kept: Buffer, filled: number): Buffer {
    const first = KEPT_BYTES_MAX - kept.copy(this.#bytes, KEPT_BYTES_MAX - kept.length);
    return this.#bytes.subarray(first, KEPT_BYTES_MAX + filled);
  }
}

/** Reads to the end with two buffers, whatever the lines are like: while the lines of one are taken, the other is filled. */
async function readLines(file: ByteSource, taker: LineTaker): Promise<void> {
  let [chunk, other] = [new Chunk(), new Chunk()];
  let kept: Buffer = NOTHING;
  let overlong = false;
  let reading = chunk.fill(file);
  for (let filled = await reading; filled > 0; filled = await reading) {
    const bytes = chunk.after(kept, filled);
    [chunk, other] = [other, chunk];
    reading = chunk.fill(file);
    const wholeEnd = bytes.lastIndexOf(NEWLINE) + 1;
    let first = 0;
    if (overlong && wholeEnd > 0) {
      first = bytes.indexOf(NEWLINE) + 1;
      taker.passOverlong();
      overlong = false;
    }
    if (wholeEnd > first) {
      const before = taker.builder.length;
      taker.take(bytes.subarray(first, wholeEnd));
      if (before === 0) taker.expectAll((file.size ?? 0) / (wholeEnd - first));
    }
    kept = bytes.subarray(wholeEnd);
    overlong ||= kept.length > KEPT_BYTES_MAX;
    if (overlong) kept = NOTHING;
  }
  if (overlong) taker.passOverlong();
  else if (kept.length > 0) taker.take(Buffer.concat([kept, Buffer.from([NEWLINE])]));
}

/**
 * Reads history.ndjson: one operation a line, lines in any order, LF or CRLF, the last with or without a line break.
 * Blank lines say nothing and are passed over. What cannot be read is told and counted, never an error; an empty file
 * is an empty history. Memory grows with the operations alone, not with the length of lines. Gzip is unpacked on the way,
 * and `<path>.gz` is read where `path` is missing.
 * @throws {UsageFailure} where there is no such file, it cannot be opened, or packed data is damaged or cut.
 * @throws {RunFailure} where reading breaks off.
 */
export async function readHistory(path: string): Promise<HistoryReading> {
  const file = await openSource(path);
  const taker = new LineTaker();
  try {
    await readLines(file, taker);
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    throw new RunFailure({
      expected: 'to read the history to its end',
      got: cause.message,
      where: path,
      remedy: 'Check the disk, copy the file elsewhere and judge it there.',
      cause,
    });
  } finally {
    await file.close();
  }
  return { history: taker.builder.build(), damage: taker.damage, damaged: taker.damaged };
}
