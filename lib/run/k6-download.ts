import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import axios from 'axios';
import { takeFromArchive } from './archive.ts';
import { K6_CHECKSUMS, K6_RELEASE_URL, type K6Archive } from './k6-release.ts';

export interface DownloadLimits {
  /** Until the release's server begins to answer. */
  readonly answerMs: number;
  /** Longest silence in the middle. */
  readonly stallMs: number;
  readonly wholeMs: number;
  readonly archiveBytesMax: number;
  readonly binaryBytesMax: number;
}

export const DOWNLOAD_LIMITS: DownloadLimits = {
  answerMs: 8000,
  stallMs: 15_000,
  wholeMs: 300_000,
  archiveBytesMax: 150 * 1024 * 1024,
  binaryBytesMax: 400 * 1024 * 1024,
};

const CHECKSUMS_BYTES_MAX = 64 * 1024;

export interface DownloadOptions {
  readonly archive: K6Archive;
  readonly signal: AbortSignal;
  readonly releaseUrl?: string;
  readonly limits?: DownloadLimits;
  /** Called when the checksum list is there, so the release can be reached. */
  readonly onReached: () => void;
}

/**
 * The k6 binary out of the official release. The archive's SHA-256 has to stand in the list that the release publishes
 * beside it. Throws an `Error` whose message is the reason in words; an abort throws the signal's reason. Proxies of
 * the environment (HTTPS_PROXY, NO_PROXY) are used as axios does.
 */
export async function downloadK6(options: DownloadOptions): Promise<Buffer> {
  const { archive, limits = DOWNLOAD_LIMITS } = options;
  const list = await download(K6_CHECKSUMS, CHECKSUMS_BYTES_MAX, options);
  const expected = findChecksum(list.toString('utf8'), archive.name);
  options.onReached();
  const packed = await download(archive.name, limits.archiveBytesMax, options);
  const sum = createHash('sha256').update(packed).digest('hex');
  if (sum !== expected) {
    throw new Error(`${archive.name} has SHA-256 ${sum}, the release says ${expected}`);
  }
  const bytesMax = limits.binaryBytesMax;
  const binary = await takeFromArchive(packed, { ...archive, bytesMax });
  if (binary === null) throw new Error(`${archive.name} holds no file ${archive.entry}`);
  return binary;
}

/** Lines of sha256sum: 64 hex digits, blanks (or blank and asterisk), file name. */
function findChecksum(list: string, name: string): string {
  for (const line of list.split('\n')) {
    const match = /^([0-9a-f]{64})\s+\*?(\S+)\s*$/i.exec(line);
    if (match?.[2] === name) return match[1]!.toLowerCase();
  }
  throw new Error(`${K6_CHECKSUMS} lists no ${name}`);
}

async function download(
  name: string,
  bytesMax: number,
  { releaseUrl = K6_RELEASE_URL, limits = DOWNLOAD_LIMITS, signal }: DownloadOptions,
): Promise<Buffer> {
  signal.throwIfAborted();
  const url = `${releaseUrl}/${name}`;
  const watch = new Watch(signal, limits.wholeMs);
  try {
    watch.expect(limits.answerMs, `no answer within ${limits.answerMs / 1000} s`);
    const reply = await axios.get<Readable>(url, {
      responseType: 'stream',
      signal: watch.signal,
      beforeRedirect: (next: { protocol?: string }) => refusePlain(url, next.protocol),
    });
    return await gather(reply.data, bytesMax, () => {
      watch.expect(limits.stallMs, `no byte for ${limits.stallMs / 1000} s`);
    });
  } catch (cause) {
    signal.throwIfAborted();
    throw new Error(`${url}: ${watch.late ?? reasonOf(cause)}`, { cause });
  } finally {
    watch.stop();
  }
}

function refusePlain(url: string, protocol: string | undefined): void {
  if (url.startsWith('https:') && protocol !== 'https:') {
    throw new Error('it redirects to an address without TLS');
  }
}

async function gather(stream: Readable, bytesMax: number, onByte: () => void): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  onByte();
  for await (const chunk of stream) {
    onByte();
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length > bytesMax) {
      stream.destroy();
      throw new Error(`more than ${bytesMax} bytes`);
    }
  }
  return Buffer.concat(chunks, length);
}

function reasonOf(cause: unknown): string {
  if (axios.isAxiosError(cause) && cause.response !== undefined) {
    return `answered ${cause.response.status}`;
  }
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}

/** Aborts on the user's signal, on silence and when the whole takes too long; `late` says which limit it was. */
class Watch {
  readonly #controller = new AbortController();
  readonly #whole: NodeJS.Timeout;
  readonly #given: AbortSignal;
  readonly #onAbort = () => this.#controller.abort();
  #silence: NodeJS.Timeout | undefined;
  late: string | null = null;

  constructor(given: AbortSignal, wholeMs: number) {
    this.#given = given;
    given.addEventListener('abort', this.#onAbort, { once: true });
    this.#whole = setTimeout(() => this.#giveUp(`not done within ${wholeMs / 1000} s`), wholeMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  expect(withinMs: number, otherwise: string): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#giveUp(otherwise), withinMs);
  }

  stop(): void {
    clearTimeout(this.#whole);
    clearTimeout(this.#silence);
    this.#given.removeEventListener('abort', this.#onAbort);
  }

  #giveUp(why: string): void {
    this.late = why;
    this.#controller.abort();
  }
}
