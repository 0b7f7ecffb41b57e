import { setMaxListeners } from 'node:events';
import axios, { isAxiosError } from 'axios';
import type { z } from 'zod';
import { RunFailure } from '../model/failure.ts';
import type { Connection } from './admin.ts';
import { excerpt } from './excerpt.ts';

/** Most bytes of one administrative reply: a listing of 25,000 tickets fits; what is longer is not read on. */
export const REPLY_BYTES_MAX = 4 * 1024 * 1024;

/** Tries of a request that may be repeated, and the pause before the second; each further one is 4 times as long. */
const TRIES = 3;
const PAUSE_MS = 100;

/** An administrative request; `body` is sent as JSON, a text as it is. */
export interface Ask {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Begins with `/`. */
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>> | string;
  /** Beside those of every request; a secret may be among them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What should come, for the failure, e.g. `a list of events`. */
  readonly expected: string;
  /** What a person can do if it does not. */
  readonly remedy: string;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** Values of `Set-Cookie`, as they came. */
  readonly cookies: readonly string[];
  /** `Date` of the reply, Unix epoch milliseconds in whole seconds; null where it has none that can be read. */
  readonly date: number | null;
}

/** The base URL as it may be shown: without user info, query and fragment. */
export function shownUrl(url: string): string {
  const parsed = new URL(url);
  return `${parsed.origin}${parsed.pathname}`.replace(/\/$/, '');
}

function refusal(connection: Connection, ask: Ask, got: string): RunFailure {
  return new RunFailure({
    expected: ask.expected,
    got,
    where: `${ask.method} ${shownUrl(connection.url)}${ask.path}`,
    remedy: ask.remedy,
  });
}

/** Why no reply came, from axios' code alone: its message and configuration may hold secrets. */
function silence(error: unknown, connection: Connection, timedOut: boolean): string {
  if (timedOut) return `no complete reply within ${connection.timeoutMs} ms`;
  if (!isAxiosError(error)) throw error;
  if (/maxContentLength/.test(error.message))
    return `a reply of more than ${REPLY_BYTES_MAX} bytes`;
  if (error.code === 'ECONNREFUSED') return 'a refused connection';
  if (error.code === 'ENOTFOUND') return 'a host name that does not resolve';
  return `no reply (${excerpt(error.code ?? 'unknown error', 60)})`;
}

async function send(connection: Connection, ask: Ask, signal: AbortSignal): Promise<Answer> {
  const reply = await axios.request<string>({
    method: ask.method,
    url: `${connection.url}${ask.path}`,
    ...(ask.body === undefined ? {} : { data: ask.body }),
    ...(connection.httpAgent === undefined ? {} : { httpAgent: connection.httpAgent }),
    ...(connection.httpsAgent === undefined ? {} : { httpsAgent: connection.httpsAgent }),
    // What a cache on the way remembers is not what the target believes.
    headers: {
      ...{ Accept: 'application/json', 'Accept-Encoding': 'identity', 'Cache-Control': 'no-cache' },
      ...ask.headers,
    },
    responseType: 'text',
    transformResponse: (body: string) => body,
    decompress: false,
    maxContentLength: REPLY_BYTES_MAX,
    maxRedirects: 0,
    proxy: false,
    validateStatus: () => true,
    signal,
  });
  return {
    status: reply.status,
    body: reply.data,
    cookies: reply.headers['set-cookie'] ?? [],
    date: dateIn(reply.headers.date),
  };
}

function dateIn(header: unknown): number | null {
  const date = typeof header === 'string' ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? null : date;
}

/**
 * Sends one request and reads its whole reply, whatever its status. Never follows a redirect, never uses a proxy from
 * the environment, reads at most {@link REPLY_BYTES_MAX} bytes and takes at most `connection.timeoutMs` from the first
 * byte sent to the last byte read. Fails with a `RunFailure`, or with the signal's reason when that is aborted.
 */
export async function request(connection: Connection, ask: Ask): Promise<Answer> {
  connection.signal.throwIfAborted();
  const limit = new AbortController();
  const abort = (): void => limit.abort();
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    abort();
  }, connection.timeoutMs);
  // One listener a request in flight: as many as are meant to run in parallel, so no leak to be warned of.
  setMaxListeners(0, connection.signal);
  connection.signal.addEventListener('abort', abort, { once: true });
  try {
    return await send(connection, ask, limit.signal);
  } catch (error) {
    connection.signal.throwIfAborted();
    throw refusal(connection, ask, silence(error, connection, timedOut));
  } finally {
    clearTimeout(timer);
    connection.signal.removeEventListener('abort', abort);
  }
}

/** A reply in a few words, cut to size and without control characters. */
export function describe(answer: Answer): string {
  if (answer.status >= 300 && answer.status < 400) return `a redirect (${answer.status})`;
  const body = answer.body.trim();
  return `status ${answer.status} with ${body === '' ? 'an empty body' : `"${excerpt(body, 120)}"`}`;
}

/**
 * The content of a reply with one of the wanted statuses, parsed and checked. Anything else is a `RunFailure` that
 * shows the reply cut to size and without control characters.
 */
export async function requestJson<T>(
  connection: Connection,
  ask: Ask & { readonly statuses: readonly number[] },
  schema: z.ZodType<T>,
): Promise<{ status: number; content: T }> {
  const answer = await request(connection, ask);
  return { status: answer.status, content: contentOf(connection, ask, answer, schema) };
}

/** The checked content of a reply that is there; fails as {@link requestJson} does. */
export function contentOf<T>(
  connection: Connection,
  ask: Ask & { readonly statuses: readonly number[] },
  answer: Answer,
  schema: z.ZodType<T>,
): T {
  if (!ask.statuses.includes(answer.status)) throw refusal(connection, ask, describe(answer));
  let content: unknown;
  try {
    content = JSON.parse(answer.body);
  } catch {
    throw refusal(connection, ask, `${describe(answer)}, which is not JSON`);
  }
  const parsed = schema.safeParse(content);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const place =
      issue === undefined || issue.path.length === 0 ? 'the reply' : issue.path.join('.');
    throw refusal(
      connection,
      ask,
      `JSON that does not fit: ${excerpt(place, 80)} in ${describe(answer)}`,
    );
  }
  return parsed.data;
}

/** Waits; ends early, without an error, when the signal is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

/** Does work that may be repeated, again when it ended in a `RunFailure`: {@link TRIES} times at most. */
export async function patiently<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RunFailure) || tried === TRIES) throw error;
      await pause(PAUSE_MS * 4 ** (tried - 1), signal);
    }
  }
}
