import type { z } from 'zod';
import { RunFailure, UsageFailure } from '../../model/failure.ts';
import type { Connection } from '../admin.ts';
import { inParallel } from '../in-parallel.ts';
import {
  type Answer,
  type Ask,
  contentOf,
  describe,
  patiently,
  request,
  shownUrl,
} from '../request.ts';
import { pageOf } from './contents.ts';

/** pretix gives no more, whatever is asked for. */
export const PAGE_SIZE = 50;
/** Needs a token and no right; it says 403 to a wrong token, where everything else says 401. */
export const VERSION_PATH = '/api/v1/version';
/** 2,000 requests, the limit of the line in front of it, at ten a second, and room beside it. */
const TURN_MS = 300_000;
/** Pages read at once: each keeps one of its few workers busy. */
const PARALLEL = 4;

const REMEDY =
  'Check that --url is the base of a pretix, and that the token is one of a team of it.';

/** The team's token as a header. Throws a `UsageFailure` where none was given. */
export function authorised({ token }: Connection): Readonly<Record<string, string>> {
  if (token !== null) return { Authorization: `Token ${token}`, 'Accept-Language': 'en' };
  throw new UsageFailure({
    expected: "a team's API token of pretix",
    got: 'none',
    where: 'ONSALE_TOKEN',
    remedy:
      'Make one in pretix (organizer, teams, API tokens), or use bin/loadtest target up pretix.',
  });
}

type Call = Pick<Ask, 'method' | 'path' | 'body' | 'expected'> & {
  readonly statuses: readonly number[];
};

/**
 * One administrative call. pretix says 401 to a wrong token, and 403 to what this token may not see, which is also how it
 * answers for an organizer or event that does not exist: those are the user's to mend.
 */
export function call<T>(connection: Connection, ask: Call, schema: z.ZodType<T>): Promise<T> {
  const whole = { ...ask, headers: authorised(connection), remedy: REMEDY };
  const work = async (): Promise<T> => {
    const answer = await request(connection, whole);
    if (answer.status === 401 || answer.status === 403) throw notAllowed(connection, ask, answer);
    return contentOf(connection, whole, answer, schema);
  };
  return ask.method === 'GET' ? patiently(connection.signal, work) : work();
}

/**
 * Waits until everything that was asked before has been begun: pretix' workers take requests in the order they came, those
 * included whose clients have gone, so that who is answered has nobody in front. That takes minutes after a rush.
 */
export async function untilItsTurn(connection: Connection): Promise<void> {
  const timer = setTimeout(() => {
    connection.onNotice?.('Waiting for pretix to work off the requests that nobody waits for …');
  }, connection.timeoutMs / 2);
  try {
    await request(
      { ...connection, timeoutMs: Math.max(TURN_MS, connection.timeoutMs) },
      {
        method: 'GET',
        path: VERSION_PATH,
        headers: authorised(connection),
        expected: `an answer within ${TURN_MS / 1000} s`,
        remedy: REMEDY,
      },
    );
  } finally {
    clearTimeout(timer);
  }
}

function notAllowed(connection: Connection, ask: Call, answer: Answer): UsageFailure {
  return new UsageFailure({
    expected: ask.expected,
    got: describe(answer),
    where: `${ask.method} ${shownUrl(connection.url)}${ask.path}`,
    remedy:
      answer.status === 401 || ask.path === VERSION_PATH
        ? 'ONSALE_TOKEN is no token of this pretix: make one in its organizer, under teams.'
        : 'The organizer or event does not exist, or the token may not use it: see --option organizer=… and event=….',
  });
}

/**
 * Every item of a listing, in pages of {@link PAGE_SIZE}. The addresses of further pages are made here, because those that
 * pretix names may lead past a proxy. Fails with a `RunFailure` if there are not as many different ones as every page says:
 * then a page was lost, or rows moved from page to page while it was read.
 */
export async function listing<T>(
  connection: Connection,
  { path, expected }: Pick<Ask, 'path' | 'expected'>,
  item: z.ZodType<T>,
): Promise<T[]> {
  const page = (number: number) =>
    call(
      connection,
      {
        method: 'GET',
        path: `${path}${path.includes('?') ? '&' : '?'}page_size=${PAGE_SIZE}&page=${number}`,
        statuses: [200],
        expected,
      },
      pageOf(item),
    );
  const first = await page(1);
  const pages = Math.ceil(first.count / PAGE_SIZE);
  let read = first.results.length;
  const others = Array.from({ length: Math.max(0, pages - 1) }, (_, i) => i + 2);
  const rest = await inParallel(others, PARALLEL, async (number) => {
    const { count, results } = await page(number);
    read += results.length;
    connection.onProgress(read, first.count);
    return { count, results };
  });
  const items = [...first.results, ...rest.flatMap(({ results }) => results)];
  const different = new Set(items.map((each) => JSON.stringify(each))).size;
  const isOne = rest.every(({ count }) => count === first.count) && items.length === different;
  if (isOne && different === first.count) return items;
  throw new RunFailure({
    expected: `${expected}, ${first.count} in all`,
    got: isOne ? `${different} of them` : `${different} of them while it changed`,
    where: `GET ${shownUrl(connection.url)}${path}`,
    remedy: 'Read again when the shop is quiet.',
  });
}
