import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { asRunFailure, writeArtefact } from '../artefacts/write.ts';

/** What the log of k6 held. */
export interface LogAccount {
  /** Lines now in the history. */
  readonly operations: number;
  /** T₀, Unix epoch milliseconds; null where set-up did not come that far. */
  readonly startedAt: number | null;
  /** The last line ends in the middle: k6 was killed while it wrote. */
  readonly cut: boolean;
  /** Lines that begin like an operation but cannot be read; not in the history. */
  readonly unreadable: number;
  /** k6's own messages, each once with how often it came, in order of first appearance; cut in number and length. */
  readonly messages: readonly { readonly text: string; readonly count: number }[];
}

const MESSAGES_MAX = 200;
const MESSAGE_LENGTH_MAX = 500;
/** Bytes that are gathered before they are written. */
const CHUNK_LENGTH = 1 << 20;

/** Every operation line begins so: the recorder writes the keys in one order. */
export const OPERATION_START = '{"session":';
const BARRIER = /^\{"barrier":(\d+)\}$/;

/** T₀ if the line is the barrier's, else null. */
export function barrierIn(line: string): number | null {
  const match = BARRIER.exec(line);
  return match === null ? null : Number(match[1]);
}

/**
 * Makes two files of k6's log: the history, with nothing but operation lines, and the log itself with nothing but k6's
 * own messages. Both are written whole or not at all, the history first, so a kill in between loses nothing and doing
 * it again gives the same history. The log may have hundreds of megabytes, so it is never in memory as a whole. A log
 * that is missing or empty gives an empty history.
 * @throws RunFailure if a file cannot be written.
 */
export async function splitLog(paths: {
  readonly logPath: string;
  readonly historyPath: string;
}): Promise<LogAccount> {
  const { logPath, historyPath } = paths;
  const temporary = join(dirname(historyPath), `.${basename(historyPath)}.${process.pid}.tmp`);
  try {
    const file = await open(temporary, 'w', 0o644);
    let account: LogAccount;
    try {
      account = await sortLines(logPath, file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, historyPath);
    await writeArtefact(logPath, messagesText(account));
    return account;
  } catch (cause) {
    await rm(temporary, { force: true });
    throw asRunFailure(historyPath, cause);
  }
}

function messagesText(account: LogAccount): string {
  const barrier = account.startedAt === null ? '' : `{"barrier":${account.startedAt}}\n`;
  const messages = account.messages.map(({ text, count }) =>
    count === 1 ? `${text}\n` : `${text} (${count} times)\n`,
  );
  return barrier + messages.join('');
}

async function sortLines(logPath: string, history: FileHandle): Promise<LogAccount> {
  const messages = new Map<string, number>();
  const last = await lastByteOf(logPath);
  let operations = 0;
  let unreadable = 0;
  let startedAt: number | null = null;
  let chunk = '';
  const keep = async (line: string) => {
    if (!line.startsWith(OPERATION_START)) {
      startedAt ??= barrierIn(line);
      if (barrierIn(line) === null) count(messages, line);
    } else if (isJson(line)) {
      operations += 1;
      chunk += `${line}\n`;
    } else unreadable += 1;
    if (chunk.length < CHUNK_LENGTH) return;
    await history.appendFile(chunk);
    chunk = '';
  };
  if (last !== null) {
    for await (const line of linesOf(logPath)) await keep(line);
  }
  await history.appendFile(chunk);
  return {
    operations,
    startedAt,
    cut: last !== null && last !== 0x0a,
    unreadable,
    messages: [...messages].map(([text, times]) => ({ text, count: times })),
  };
}

/**
 * Whole lines only: a last one without its end may be half of something, even where it happens to be readable. Node's
 * own readline would also break lines at U+2028, which may stand in a reply.
 */
async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const text of createReadStream(path, {
    encoding: 'utf8',
    highWaterMark: CHUNK_LENGTH,
  })) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

/** Null where the file is missing or empty. */
async function lastByteOf(path: string): Promise<number | null> {
  const file = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null;
    throw cause;
  });
  if (file === null) return null;
  try {
    const { size } = await file.stat();
    if (size === 0) return null;
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] ?? null;
  } finally {
    await file.close();
  }
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

function count(messages: Map<string, number>, line: string): void {
  const text = line.slice(0, MESSAGE_LENGTH_MAX);
  if (text.trim() === '') return;
  const before = messages.get(text);
  if (before === undefined && messages.size >= MESSAGES_MAX) return;
  messages.set(text, (before ?? 0) + 1);
}
