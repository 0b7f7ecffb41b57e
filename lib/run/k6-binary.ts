import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asRunFailure } from '../artefacts/write.ts';
import { Failure, RunFailure } from '../model/failure.ts';
import { withLock } from './install-lock.ts';
import {
  type CacheState,
  inspectCache,
  installIntoCache,
  type K6Cache,
  k6Cache,
  makeCacheFolder,
  writeProgram,
} from './k6-cache.ts';
import { type DownloadLimits, downloadK6 } from './k6-download.ts';
import { buildK6 } from './k6-go.ts';
import { k6FromPath, k6FromVariable } from './k6-installed.ts';
import { K6_VERSION, k6Archive, k6FileName } from './k6-release.ts';
import { askK6Version } from './k6-version.ts';
import { holdLease } from './leases.ts';

export interface K6 {
  /** Absolute. */
  readonly path: string;
  /** Without the v: `1.8.1`. */
  readonly version: string;
  readonly source: 'K6_PATH' | 'PATH' | 'cache' | 'download' | 'go';
}

export interface FindK6Options {
  /** For K6_PATH, PATH, HOME, XDG_*; given to the programs that are started. */
  readonly env: NodeJS.ProcessEnv;
  /** One sentence for everything that takes time or is passed over. */
  readonly onNote: (text: string) => void;
  readonly signal: AbortSignal;
  /** Where the release's files lie, without a trailing slash; for tests. */
  readonly releaseUrl?: string;
  readonly downloadLimits?: DownloadLimits;
  /** How long a k6 may take to tell its version. */
  readonly versionLimitMs?: number;
}

/** Longer than a build takes; after it the work is done twice rather than never. */
const LOCK_WAIT_MS = 900_000;

/**
 * A k6 that can be run, the first of: `$K6_PATH`; a new enough 1.x on PATH; the user's cache; the official release,
 * checked against its list of SHA-256 sums; `go install`. The last two fill the cache. Two calls at once, in one process
 * or several, do the work once and both succeed; a damaged cache heals.
 *
 * Throws a `UsageFailure` where `$K6_PATH` names something that is no k6 1.x, and one `RunFailure` that lists every way
 * tried, why it failed and what can be done where nothing works. An abort throws the signal's reason.
 */
export async function findK6(options: FindK6Options): Promise<K6> {
  const ask = versionOptions(options);
  const named = await k6FromVariable(options.env, ask);
  if (named !== null) return { ...named, source: 'K6_PATH' };
  const tried = ['$K6_PATH: not set'];
  const onPath = await k6FromPath(options.env, ask);
  for (const passed of onPath.passedOver) options.onNote(`passing over ${passed}`);
  if (onPath.found !== null) return { ...onPath.found, source: 'PATH' };
  tried.push(`PATH: ${onPath.passedOver.join('; ') || 'no k6 on it'}`);
  const cache = k6Cache(options.env);
  const state = await inspectCache(cache, ask);
  if (state === 'good') return cached(cache, 'cache');
  tried.push(`cache ${cache.folder}: ${describeCache(state)}`);
  return fillCache(cache, { options, tried });
}

function versionOptions({ env, signal, versionLimitMs }: FindK6Options) {
  return versionLimitMs === undefined ? { env, signal } : { env, signal, limitMs: versionLimitMs };
}

function cached(cache: K6Cache, source: K6['source']): K6 {
  return { path: cache.binary, version: K6_VERSION, source };
}

export function describeCache(state: CacheState): string {
  if (state === 'good') return `k6 ${K6_VERSION}`;
  return state === 'empty' ? 'empty' : `cannot be used, ${state.damaged}`;
}

interface Attempt {
  readonly options: FindK6Options;
  /** What failed so far, one clause each. */
  readonly tried: string[];
}

async function fillCache(cache: K6Cache, attempt: Attempt): Promise<K6> {
  const { options, tried } = attempt;
  const { signal, onNote } = options;
  try {
    await makeCacheFolder(cache);
    const onWait = (pid: number) =>
      onNote(`waiting for another Onsale (process ${pid}) that is getting k6`);
    const got = await withLock(cache.lock, { signal, onWait, waitMs: LOCK_WAIT_MS }, async () => {
      // Whoever held the lock before has probably done the work.
      const state = await inspectCache(cache, versionOptions(options));
      if (state === 'good') return cached(cache, 'cache');
      if (state !== 'empty') onNote(`the cached k6 is replaced: ${state.damaged}`);
      return await install(cache, attempt);
    });
    if (got !== null) return got;
  } catch (cause) {
    signal.throwIfAborted();
    if (!(cause instanceof RunFailure)) throw cause;
    tried.push(`installing: ${cause.parts.got} at ${cause.parts.where}`);
    throw nothingWorked(tried, cause);
  }
  throw nothingWorked(tried);
}

/**
 * Works in a leased folder inside the cache, from where the binary is renamed into its place. Null where no way led to
 * a k6.
 */
async function install(cache: K6Cache, attempt: Attempt): Promise<K6 | null> {
  const { env } = attempt.options;
  const folder = await mkdtemp(join(cache.folder, '.getting-')).catch((cause: unknown) => {
    throw asRunFailure(cache.folder, cause);
  });
  const release = await holdLease({ what: 'a folder to get k6 in', folder }, { env });
  try {
    for (const way of [byDownload, byGo]) {
      const binary = await way(folder, attempt);
      if (binary === null) continue;
      const { version, trouble } = await askK6Version(binary, versionOptions(attempt.options));
      if (version === K6_VERSION) {
        await installIntoCache(cache, binary);
        return cached(cache, way === byDownload ? 'download' : 'go');
      }
      attempt.tried.push(`what was fetched ${trouble ?? `is k6 ${version}`}`);
    }
    return null;
  } finally {
    // What was just killed may still be writing.
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    await release();
  }
}

async function byDownload(folder: string, { options, tried }: Attempt): Promise<string | null> {
  const { signal, onNote, releaseUrl, downloadLimits } = options;
  const archive = k6Archive(process.platform, process.arch);
  if (archive === null) {
    tried.push(`release: none for ${process.platform} on ${process.arch}`);
    return null;
  }
  try {
    onNote(`looking for the k6 ${K6_VERSION} release`);
    const bytes = await downloadK6({
      archive,
      signal,
      onReached: () => onNote(`downloading k6 ${K6_VERSION} (${archive.name})`),
      ...(releaseUrl === undefined ? {} : { releaseUrl }),
      ...(downloadLimits === undefined ? {} : { limits: downloadLimits }),
    });
    const path = join(folder, k6FileName(process.platform));
    await writeProgram(path, bytes);
    return path;
  } catch (cause) {
    return passOver('release', cause, { options, tried });
  }
}

async function byGo(folder: string, { options, tried }: Attempt): Promise<string | null> {
  const { env, signal, onNote } = options;
  const leases: (() => Promise<void>)[] = [];
  try {
    const onStart = async (pid: number) => {
      onNote(`building k6 ${K6_VERSION} with Go, which takes about a minute`);
      leases.push(await holdLease({ what: 'go install', pid }, { env }));
    };
    await rm(join(folder, k6FileName(process.platform)), { force: true });
    return await buildK6({ env, signal, folder, onStart });
  } catch (cause) {
    return passOver('Go', cause, { options, tried });
  } finally {
    for (const release of leases) await release();
  }
}

/** A way that failed is no failure yet: the next is tried. A disk that cannot be written to is one for all. */
function passOver(way: string, cause: unknown, { options, tried }: Attempt): null {
  options.signal.throwIfAborted();
  if (cause instanceof Failure || !(cause instanceof Error)) throw cause;
  options.onNote(`${way}: ${cause.message}`);
  tried.push(`${way}: ${cause.message}`);
  return null;
}

function nothingWorked(tried: readonly string[], cause?: unknown): RunFailure {
  return new RunFailure({
    expected: `k6 ${K6_VERSION}, found or fetched`,
    got: `none. Tried ${tried.join('. ')}`,
    where: 'getting k6',
    remedy:
      `Any one of these is enough: install k6 ${K6_VERSION} and set K6_PATH to it; put a k6 1.x on PATH; let this ` +
      'machine reach github.com (HTTPS_PROXY is used); install Go and let it reach its module proxy (GOPROXY); ' +
      'where the cache cannot be written, set XDG_CACHE_HOME to a place that can.',
    cause,
  });
}
