import type { z } from 'zod';
import { RunFailure } from '../../model/failure.ts';
import type { Connection } from '../admin.ts';
import { type Ask, patiently, requestJson, shownUrl } from '../request.ts';

const REMEDY = 'Check that --url leads to the box office: bin/loadtest target up reference.';

/** One administrative call; an idempotent one is tried again when it fails. */
export function call<T>(
  connection: Connection,
  ask: Pick<Ask, 'method' | 'path' | 'body' | 'expected'> & {
    readonly statuses: readonly number[];
  },
  schema: z.ZodType<T>,
): Promise<{ status: number; content: T }> {
  const work = () => requestJson(connection, { ...ask, remedy: REMEDY }, schema);
  return ask.method === 'GET' ? patiently(connection.signal, work) : work();
}

const PAGE = 1000;

/**
 * Every item of a listing, page by page. Fails with a `RunFailure` if it has not as many as it says: then a page was lost,
 * or it changed while it was read.
 */
export async function listing<T>(
  connection: Connection,
  { path, expected }: { path: string; expected: string },
  read: (
    page: Pick<Ask, 'method' | 'path' | 'expected'>,
  ) => Promise<{ total: number; items: readonly T[] }>,
): Promise<T[]> {
  const items: T[] = [];
  for (let page = 1; ; page++) {
    const asked = { method: 'GET', path: `${path}&page=${page}&limit=${PAGE}`, expected } as const;
    const { total, items: some } = await read(asked);
    items.push(...some);
    connection.onProgress(items.length, total);
    if (items.length === total) return items;
    if (some.length === 0 || items.length > total)
      throw new RunFailure({
        expected: `${expected}, ${total} in all`,
        got: `${items.length} of them`,
        where: `GET ${shownUrl(connection.url)}${path}`,
        remedy: 'Read again when the box office is quiet.',
      });
  }
}
