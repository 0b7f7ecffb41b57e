import { type FileHandle, open, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { z } from 'zod';
import { UsageFailure } from '../model/failure.ts';
import { SCHEMA_VERSION } from '../model/schema-version.ts';

/** Enough for the final state of a million orders; far below what JavaScript can hold as one text. */
export const ARTEFACT_BYTES_MAX = 256 * 1024 * 1024;

export interface ReadLimits {
  /** Most bytes to accept, after unpacking. */
  readonly bytesMax?: number;
  /** What to do about a wrong shape; absent: it is Onsale's own file, so somebody changed it. */
  readonly remedy?: string;
}

/**
 * Reads one JSON artefact and gives it in the shape of `schema`; `what` names it for people ("a manifest"). Packed
 * files are told by their first bytes, not by their name, and `<path>.gz` is read where `path` is missing.
 *
 * Anything else throws a `UsageFailure`: a missing, empty, cut, foreign or too large file, one from a newer Onsale, a
 * `__proto__` key at any depth, a wrong shape (naming the key). Nothing of the file's values gets into the message.
 */
export async function readArtefact<T>(
  path: string,
  schema: z.ZodType<T>,
  what: string,
  { bytesMax = ARTEFACT_BYTES_MAX, remedy }: ReadLimits = {},
): Promise<T> {
  const found = (await exists(path)) || !(await exists(`${path}.gz`)) ? path : `${path}.gz`;
  const text = await readArtefactText(found, what, { bytesMax });
  return parseArtefact(text, schema, what, found, remedy);
}

/** The same for a text that is no JSON, or is parsed elsewhere: unpacked, UTF-8 checked, never empty. */
export async function readArtefactText(
  path: string,
  what: string,
  { bytesMax = ARTEFACT_BYTES_MAX }: Pick<ReadLimits, 'bytesMax'> = {},
): Promise<string> {
  const refuse = refuser(path, what);
  const raw = await readBytes(path, bytesMax, refuse);
  const bytes = raw[0] === 0x1f && raw[1] === 0x8b ? await unpack(raw, bytesMax, refuse) : raw;
  const text = decode(bytes, refuse);
  if (text.trim() === '') throw refuse('an empty file', cutRemedy);
  return text;
}

/** The same for a text that is already in memory; `where` is the path or address it came from. */
export function parseArtefact<T>(
  text: string,
  schema: z.ZodType<T>,
  what: string,
  where: string,
  remedy = `Is it ${what}? If it was edited, undo the edit.`,
): T {
  const refuse = refuser(where, what);
  const value = parseJson(text, refuse);
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (typeof version === 'number' && version > SCHEMA_VERSION) {
    throw refuse(
      `schemaVersion ${version}, written by a newer Onsale (this one knows ${SCHEMA_VERSION})`,
      'Update Onsale, or read it with the version that wrote it.',
    );
  }
  if (mayHavePrototypeKey(text)) refusePrototypeKeys(value, refuse);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw refuse(describeIssues(parsed.error), remedy);
}

type Refuse = (got: string, remedy: string, cause?: unknown) => UsageFailure;

const cutRemedy = 'It was probably cut off while it was written; make it again.';

function refuser(where: string, what: string): Refuse {
  return (got, remedy, cause) => new UsageFailure({ expected: what, got, where, remedy, cause });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function readBytes(path: string, bytesMax: number, refuse: Refuse): Promise<Buffer> {
  try {
    // Looked at before it is opened: opening a pipe would wait for a writer for ever.
    const there = await stat(path);
    if (there.isDirectory()) throw refuse('a folder', 'Name the file itself.');
    if (!there.isFile()) throw refuse('a device, pipe or socket', 'Name a file.');
    const file = await open(path, 'r');
    try {
      return await readAtMost(file, bytesMax, refuse);
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof UsageFailure) throw cause;
    throw refuse(...describeReadTrouble(cause), cause);
  }
}

async function readAtMost(file: FileHandle, bytesMax: number, refuse: Refuse): Promise<Buffer> {
  const { size } = await file.stat();
  if (size > bytesMax) {
    throw refuse(`${size} bytes`, `At most ${bytesMax} bytes are read; is it the right file?`);
  }
  const bytes = Buffer.alloc(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await file.read(bytes, filled, size - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

const unzip = promisify(gunzip);

async function unpack(packed: Buffer, bytesMax: number, refuse: Refuse): Promise<Buffer> {
  try {
    return await unzip(packed, { maxOutputLength: bytesMax });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      const remedy = 'It may have been made to fill the memory; do not trust its source.';
      throw refuse(`${packed.length} packed bytes that unpack to over ${bytesMax}`, remedy, cause);
    }
    throw refuse('a packed file that is cut or damaged', cutRemedy, cause);
  }
}

function decode(bytes: Buffer, refuse: Refuse): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw refuse('bytes that are no UTF-8 text', 'Is it the right file?', cause);
  }
}

function parseJson(text: string, refuse: Refuse): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The rest of the parser's message quotes the file, which may be hostile.
    const { message } = cause as SyntaxError;
    const position = /at position (\d+)/.exec(message)?.[1];
    if (/end of JSON input|Unterminated/.test(message) || Number(position) >= text.length) {
      throw refuse('JSON that ends too early', cutRemedy, cause);
    }
    const at = position === undefined ? '' : ` from character ${position} on`;
    throw refuse(`text that is no JSON${at}`, 'Is it the right file?', cause);
  }
}

/** The key stands there in full, or a letter of it is escaped: all of them have codes below 256. */
function mayHavePrototypeKey(text: string): boolean {
  return text.includes('__proto__') || text.includes('\\u00');
}

/** Iterative, so that a file of nothing but brackets cannot exhaust the stack. */
function refusePrototypeKeys(root: unknown, refuse: Refuse): void {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (value === null || typeof value !== 'object') continue;
    if (Object.hasOwn(value, '__proto__')) {
      throw refuse('a key `__proto__`', 'No such key is ever written; do not trust its source.');
    }
    for (const inner of Object.values(value)) {
      if (inner !== null && typeof inner === 'object') open.push(inner);
    }
  }
}

const SHOWN_MAX = 200;

function describeIssues(error: z.ZodError): string {
  const [first, ...others] = error.issues;
  const path = first!.path.map(String).join('.');
  const at = path === '' ? 'at the top' : `at \`${shown(path)}\``;
  const more = others.length === 0 ? '' : `, and ${others.length} more`;
  return `a wrong shape ${at}: ${shown(first!.message)}${more}`;
}

/** Keys come from the file: without control characters they cannot steer a terminal. */
function shown(text: string): string {
  return text.slice(0, SHOWN_MAX).replace(/[\p{Cc}\p{Cf}]/gu, '�');
}

function describeReadTrouble(cause: unknown): [got: string, remedy: string] {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return ['no such file', 'Check the path.'];
  if (code === 'EACCES' || code === 'EPERM') {
    return ['no permission to read', 'Make the file readable for this user.'];
  }
  return [cause instanceof Error ? cause.message : String(cause), 'Check the path.'];
}
