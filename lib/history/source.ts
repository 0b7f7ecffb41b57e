import type { FileHandle } from 'node:fs/promises';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import { UsageFailure } from '../model/failure.ts';

/**
 * How many times its packed size a history may unpack to. Real ones come to 15 to 25, one made to fill the disk or the
 * time to 1,000; below {@link UNPACKED_BYTES_MIN} anything goes.
 */
export const UNPACKED_RATIO_MAX = 100;
export const UNPACKED_BYTES_MIN = 64 << 20;

/** Bytes from the beginning to the end, whether they lie packed or plain. */
export interface ByteSource {
  /** How many bytes there are in all; null where the end alone tells. */
  readonly size: number | null;
  /** Puts up to `length` bytes into `buffer` from `offset` on; 0 read is the end. */
  read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: null,
  ): Promise<{ readonly bytesRead: number }>;
  close(): Promise<void>;
}

/**
 * Opens `path`, or `<path>.gz` where it is missing. What is packed is told by its first bytes, not by its name.
 * @throws {UsageFailure} where there is no such file or it cannot be opened; `read` throws one where packed data is
 * damaged, cut, or unpacks to too much.
 */
export async function openSource(path: string): Promise<ByteSource> {
  const found = (await isMissing(path)) && !(await isMissing(`${path}.gz`)) ? `${path}.gz` : path;
  const file = await opened(found);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    const { size } = await file.stat();
    if (bytesRead === 2 && buffer.readUInt16BE() === 0x1f8b) return new Unpacked(file, found, size);
    return { size, read: file.read.bind(file), close: () => file.close() };
  } catch (cause) {
    await file.close();
    throw cause;
  }
}

class Unpacked implements ByteSource {
  readonly size = null;
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #gunzip: Gunzip;
  readonly #pieces: AsyncIterator<Buffer>;
  readonly #bytesMax: number;
  #piece: Buffer = Buffer.alloc(0);
  #bytes = 0;

  constructor(file: FileHandle, path: string, packedBytes: number) {
    this.#file = file;
    this.#path = path;
    this.#bytesMax = Math.max(packedBytes * UNPACKED_RATIO_MAX, UNPACKED_BYTES_MIN);
    // What goes wrong on the way destroys the last stream, so it comes out where the pieces are taken.
    this.#gunzip = pipeline(
      file.createReadStream({ start: 0, autoClose: false }),
      createGunzip(),
      () => undefined,
    );
    this.#pieces = this.#gunzip[Symbol.asyncIterator]();
  }

  async read(buffer: Buffer, offset: number, length: number): Promise<{ bytesRead: number }> {
    while (this.#piece.length === 0) {
      const next = await this.#next();
      if (next === null) return { bytesRead: 0 };
      this.#piece = next;
    }
    const bytesRead = this.#piece.copy(buffer, offset, 0, length);
    this.#piece = this.#piece.subarray(bytesRead);
    return { bytesRead };
  }

  async #next(): Promise<Buffer | null> {
    const { done, value } = await this.#pieces.next().catch((cause: NodeJS.ErrnoException) => {
      if (!cause.code?.startsWith('Z_')) throw cause;
      const remedy = 'Copy it again; what can be saved of it comes out with `gzip -dc`.';
      throw unreadable(this.#path, 'packed data that is cut or damaged', { cause, remedy });
    });
    if (done === true) return null;
    this.#bytes += value.length;
    if (this.#bytes <= this.#bytesMax) return value;
    const got = `packed data that unpacks to over ${this.#bytesMax} bytes`;
    const remedy = 'If you trust its source, unpack it yourself and name the plain file.';
    throw unreadable(this.#path, got, { remedy });
  }

  async close(): Promise<void> {
    this.#gunzip.destroy();
    await this.#file.close();
  }
}

async function isMissing(path: string): Promise<boolean> {
  return stat(path).then(
    () => false,
    (cause: NodeJS.ErrnoException) => cause.code === 'ENOENT',
  );
}

async function opened(path: string): Promise<FileHandle> {
  try {
    // Looked at before it is opened: opening a pipe would wait for a writer for ever.
    const there = await stat(path);
    if (there.isDirectory()) throw unreadable(path, 'a folder');
    if (!there.isFile()) throw unreadable(path, 'a device, pipe or socket');
    return await open(path, 'r');
  } catch (cause) {
    if (cause instanceof UsageFailure) throw cause;
    throw unreadable(path, (cause as NodeJS.ErrnoException).code ?? String(cause), { cause });
  }
}

function unreadable(
  path: string,
  got: string,
  {
    cause,
    remedy = 'Name a file of operations, or a run’s folder that holds history.ndjson.',
  }: { readonly cause?: unknown; readonly remedy?: string } = {},
): UsageFailure {
  return new UsageFailure({
    expected: 'a history that can be read',
    got,
    where: path,
    remedy,
    cause,
  });
}
