import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, lstat, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asRunFailure, writeArtefact } from '../artefacts/write.ts';
import { K6_VERSION, k6FileName } from './k6-release.ts';
import { askK6Version, type VersionOptions } from './k6-version.ts';
import { userFolders } from './user-folders.ts';

export interface K6Cache {
  /** `<user's cache>/onsale/k6/<version>` */
  readonly folder: string;
  readonly binary: string;
  /** Holds the SHA-256 of the binary in hex. */
  readonly checksum: string;
  readonly lock: string;
}

export function k6Cache(env: NodeJS.ProcessEnv): K6Cache {
  const folder = join(userFolders(env).cache, 'k6', K6_VERSION);
  const binary = join(folder, k6FileName(process.platform));
  return { folder, binary, checksum: `${binary}.sha256`, lock: join(folder, 'install.lock') };
}

export type CacheState = 'good' | 'empty' | { readonly damaged: string };

/**
 * Whether the cached k6 can be used: a regular file whose bytes are those that were installed, and which says its
 * version when it is run. A half-written, exchanged or foreign one is `damaged`; installing again heals it.
 */
export async function inspectCache(cache: K6Cache, options: VersionOptions): Promise<CacheState> {
  const there = await lstat(cache.binary).catch(() => null);
  if (there === null) return 'empty';
  if (!there.isFile()) return { damaged: 'it is no regular file' };
  const expected = await readFile(cache.checksum, 'utf8').catch(() => '');
  if ((await hashFile(cache.binary)) !== expected.trim()) {
    return { damaged: 'its checksum is missing or another' };
  }
  const { version, trouble } = await askK6Version(cache.binary, options);
  if (version === null) return { damaged: `it ${trouble}` };
  return version === K6_VERSION ? 'good' : { damaged: `it is k6 ${version}` };
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/**
 * Moves a binary that lies in the cache's folder into its place. Binary and checksum are two files, so a kill between
 * them leaves a pair that does not fit; `inspectCache` sees it and the next run installs again.
 */
export async function installIntoCache(cache: K6Cache, binary: string): Promise<void> {
  try {
    await chmod(binary, 0o755);
    const sum = await hashFile(binary);
    const there = await lstat(cache.binary).catch(() => null);
    if (there?.isDirectory() === true) await rm(cache.binary, { recursive: true });
    await rename(binary, cache.binary);
    await writeArtefact(cache.checksum, `${sum}\n`);
  } catch (cause) {
    throw asRunFailure(cache.binary, cause);
  }
}

/** Writes downloaded bytes as a file that can be run. */
export async function writeProgram(path: string, bytes: Uint8Array): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o755);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw asRunFailure(path, cause);
  }
}

export async function makeCacheFolder(cache: K6Cache): Promise<void> {
  await mkdir(cache.folder, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw asRunFailure(cache.folder, cause);
  });
}
