import { randomBytes } from 'node:crypto';
import { type FileHandle, lstat, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { RunFailure } from '../model/failure.ts';

export interface WriteOptions {
  /** Rights of the new file, before the umask. */
  readonly mode?: number;
}

/**
 * Writes a whole file or nothing. Whoever reads `path`, at any moment and after a kill or a power cut, finds the old
 * file or the new one: the content goes to a temporary file beside it, is flushed, has its size checked (a short write
 * renamed over the good file would lose both), and only then takes the name. A symbolic link at `path` is replaced,
 * never followed; a folder or a device there is refused. Empty content makes an empty file.
 *
 * Throws a `RunFailure` that says what to do where the disk is full, the folder is missing or not writable, or a limit
 * on file sizes is met; the temporary file is gone by then. Only a kill can leave one: `.<name>.<pid>.<random>.tmp`.
 */
export async function writeArtefact(
  path: string,
  content: string | Uint8Array,
  { mode = 0o644 }: WriteOptions = {},
): Promise<void> {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  const temporary = temporaryBeside(path);
  try {
    await refuseSpecialFile(path);
    await writeDurably(temporary, bytes, mode);
    await rename(temporary, path);
    await flushFolder(dirname(path));
  } catch (cause) {
    // `force` passes over a temporary file that was never made; any other failure to remove it is the lesser trouble.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw cause instanceof RunFailure ? cause : asRunFailure(path, cause);
  }
}

function temporaryBeside(path: string): string {
  const random = randomBytes(6).toString('hex');
  return join(dirname(path), `.${basename(path)}.${process.pid}.${random}.tmp`);
}

/** Renaming over a device such as /dev/full would replace the device itself, which root may do. */
async function refuseSpecialFile(path: string): Promise<void> {
  const there = await lstat(path).catch(ignoreMissing);
  if (there === null || there.isFile() || there.isSymbolicLink()) return;
  throw new RunFailure({
    expected: 'a file, or a place for one',
    got: there.isDirectory() ? 'a folder' : 'a device, pipe or socket',
    where: path,
    remedy: 'Move it away or choose another place.',
  });
}

async function writeDurably(temporary: string, bytes: Uint8Array, mode: number): Promise<void> {
  // wx fails on anything that is already there, planted symbolic links included.
  const file = await open(temporary, 'wx', mode);
  try {
    await file.writeFile(bytes);
    await file.sync();
    await checkSize(file, temporary, bytes.length);
  } finally {
    await file.close();
  }
}

async function checkSize(file: FileHandle, temporary: string, expected: number): Promise<void> {
  const { size } = await file.stat();
  if (size === expected) return;
  throw new RunFailure({
    expected: `${expected} bytes written`,
    got: `${size} bytes on the disk`,
    where: temporary,
    remedy: 'Check the disk and its free space, then run the command again.',
  });
}

/** Makes the new name last through a power cut. Windows has no such call for folders. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function ignoreMissing(cause: unknown): null {
  if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
  throw cause;
}

const troubles: Readonly<Record<string, readonly [got: string, remedy: string]>> = {
  ENOSPC: ['a full disk', 'Free some space (`bin/loadtest clean` removes old runs) and try again.'],
  EDQUOT: ['a used-up disk quota', 'Free some space or ask for a larger quota, then try again.'],
  EFBIG: ['a limit on file sizes', 'Lift it (`ulimit -f unlimited`) and try again.'],
  EACCES: ['no permission to write', 'Make the folder writable or choose another place.'],
  EPERM: ['no permission to write', 'Make the folder writable or choose another place.'],
  EROFS: ['a read-only file system', 'Choose a place that can be written to.'],
  ENOENT: ['no such folder', 'Make the folder or correct the path.'],
  ENOTDIR: ['a path that leads through a file', 'Correct the path.'],
  ENAMETOOLONG: ['a name that is too long', 'Choose a shorter name.'],
  EMFILE: ['too many open files', 'Raise the limit (`ulimit -n 4096`) and try again.'],
};

/** What the system said about writing at `path`, as a failure with a way out. */
export function asRunFailure(path: string, cause: unknown): RunFailure {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  const [got, remedy] = troubles[code] ?? [
    cause instanceof Error ? cause.message : String(cause),
    'Check the place and try again.',
  ];
  return new RunFailure({ expected: 'a file to be written', got, where: path, remedy, cause });
}
