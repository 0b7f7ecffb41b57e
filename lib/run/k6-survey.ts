import { Failure } from '../model/failure.ts';
import { describeCache, type FindK6Options, type K6 } from './k6-binary.ts';
import { inspectCache, k6Cache } from './k6-cache.ts';
import { findGo } from './k6-go.ts';
import { k6FromPath, k6FromVariable } from './k6-installed.ts';
import { K6_RELEASE_URL, K6_VERSION, k6Archive } from './k6-release.ts';
import { VERSION_LIMIT_MS, type VersionOptions } from './k6-version.ts';

/** One way of getting k6, as `doctor` shows it. */
export interface K6Way {
  readonly source: K6['source'];
  /** `ready` gives a k6 now; `possible` would be tried; `bad` fails the command; `absent` gives none. */
  readonly status: 'ready' | 'possible' | 'absent' | 'bad';
  readonly detail: string;
}

export interface K6Survey {
  readonly wanted: string;
  /** In the order in which they are tried. */
  readonly ways: readonly K6Way[];
  /** The first way that gives a k6 without fetching one; null where `findK6` would fetch, build or fail. */
  readonly found: { readonly path: string; readonly version: string } | null;
  /** One sentence: what `findK6` would do now. */
  readonly next: string;
}

/**
 * What there is and what `findK6` would do, without doing it: nothing is fetched, built or written, and the release is
 * not asked whether it can be reached. Throws only where it is aborted.
 */
export async function surveyK6({
  env,
  signal = new AbortController().signal,
  versionLimitMs: limitMs = VERSION_LIMIT_MS,
}: Pick<FindK6Options, 'env' | 'versionLimitMs'> & { signal?: AbortSignal }): Promise<K6Survey> {
  const options = { env, signal, limitMs };
  const looks = [lookAtVariable, lookAtPath, lookAtCache, lookAtRelease, lookAtGo];
  const seen = await Promise.all(looks.map((look) => look(options)));
  const ways = seen.map(({ way }) => way);
  const first = seen.find(({ way }) => way.status !== 'absent');
  const found = first?.way.status === 'ready' ? (first.found ?? null) : null;
  return { wanted: K6_VERSION, ways, found, next: nextStep(first?.way) };
}

interface Seen {
  readonly way: K6Way;
  readonly found?: { readonly path: string; readonly version: string };
}

async function lookAtVariable(options: VersionOptions): Promise<Seen> {
  const source = 'K6_PATH';
  try {
    const found = await k6FromVariable(options.env, options);
    if (found === null) return { way: { source, status: 'absent', detail: 'not set' } };
    return {
      way: { source, status: 'ready', detail: `k6 ${found.version}, ${found.path}` },
      found,
    };
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    const { got, where } = failure.parts;
    return { way: { source, status: 'bad', detail: `${got} (${where})` } };
  }
}

async function lookAtPath(options: VersionOptions): Promise<Seen> {
  const source = 'PATH';
  const { found, passedOver } = await k6FromPath(options.env, options);
  if (found !== null) {
    return {
      way: { source, status: 'ready', detail: `k6 ${found.version}, ${found.path}` },
      found,
    };
  }
  const detail = passedOver.map((one) => `passed over: ${one}`).join('; ') || 'no k6 on it';
  return { way: { source, status: 'absent', detail } };
}

async function lookAtCache(options: VersionOptions): Promise<Seen> {
  const cache = k6Cache(options.env);
  const state = await inspectCache(cache, options);
  const detail = `${describeCache(state)}, ${cache.binary}`;
  if (state !== 'good') return { way: { source: 'cache', status: 'absent', detail } };
  const found = { path: cache.binary, version: K6_VERSION };
  return { way: { source: 'cache', status: 'ready', detail }, found };
}

async function lookAtRelease(): Promise<Seen> {
  const archive = k6Archive(process.platform, process.arch);
  const detail =
    archive === null
      ? `none for ${process.platform} on ${process.arch}`
      : `${archive.name} from ${K6_RELEASE_URL}, if it can be reached`;
  return { way: { source: 'download', status: archive === null ? 'absent' : 'possible', detail } };
}

async function lookAtGo({ env, signal }: VersionOptions): Promise<Seen> {
  const version = await findGo(env, signal);
  if (version === null) return { way: { source: 'go', status: 'absent', detail: 'no Go on PATH' } };
  const detail = `${version}, if its module proxy can be reached`;
  return { way: { source: 'go', status: 'possible', detail } };
}

function nextStep(first: K6Way | undefined): string {
  if (first === undefined) return `No way to get k6 ${K6_VERSION}: set K6_PATH or install Go.`;
  const steps: Readonly<Record<K6Way['status'], string>> = {
    ready: `Use ${first.detail}.`,
    possible: `Get k6 ${K6_VERSION}: ${first.detail}.`,
    bad: `Fail: K6_PATH is set to ${first.detail}.`,
    absent: '',
  };
  return steps[first.status];
}
