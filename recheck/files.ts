import { createHash } from 'node:crypto';
import { closeSync, createReadStream, existsSync, openSync, readSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip, gunzipSync } from 'node:zlib';
import { parseJson, Unusable } from './shape.ts';

/** Most bytes of a file that is read at once, packed or not. The history is read line by line instead. */
const BYTES_MAX = 400 * 1024 * 1024;
/** Longest line of a history, in characters. */
const LINE_MAX = 65_536;

/** The path of a run's file, plain or packed; null where there is neither. */
export function find(folder: string, name: string): string | null {
  const found = [name, `${name}.gz`]
    .map((each) => join(folder, each))
    .find((path) => existsSync(path));
  if (found !== undefined && !statSync(found).isFile())
    throw new Unusable(`${name}: expected a file`);
  return found ?? null;
}

function isPacked(path: string): boolean {
  const file = openSync(path, 'r');
  const bytes = Buffer.alloc(2);
  const read = readSync(file, bytes, 0, 2, 0);
  closeSync(file);
  return read === 2 && bytes.readUInt16BE() === 0x1f8b;
}

/** A run's JSON file; null where there is none. */
export async function readJson(folder: string, name: string): Promise<unknown> {
  const path = find(folder, name);
  if (path === null) return null;
  if (statSync(path).size > BYTES_MAX)
    throw new Unusable(`${name}: expected at most ${BYTES_MAX} bytes`);
  const bytes = await readFile(path);
  return parseJson((isPacked(path) ? unpacked(bytes, name) : bytes).toString('utf8'), name);
}

/** A run's JSON file; throws an {@link Unusable} where there is none. */
export async function required(folder: string, name: string): Promise<unknown> {
  const value = await readJson(folder, name);
  if (value === null) throw new Unusable(`${name}: expected this file in the run's folder`);
  return value;
}

function unpacked(bytes: Buffer, name: string): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: BYTES_MAX });
  } catch {
    throw new Unusable(`${name}: expected a packed file that is whole`);
  }
}

/** Line by line, whatever size the file has; a line that is too long is cut, which leaves no operation. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const source = isPacked(path) ? file.pipe(createGunzip()) : file;
  file.on('error', (cause) => source.destroy(cause));
  let rest = '';
  source.setEncoding('utf8');
  for await (const piece of source as AsyncIterable<string>) {
    const lines = (rest + piece).split('\n');
    rest = (lines.pop() ?? '').slice(0, LINE_MAX + 1);
    yield* lines;
  }
  if (rest !== '') yield rest;
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex');
}
