import { z } from 'zod';
import { Failure, RunFailure } from '../../model/failure.ts';
import type { Connection } from '../admin.ts';
import type { Exchange } from '../protocol.ts';
import { type Ask, patiently, request, requestJson } from '../request.ts';
import type { Shop } from './definition.ts';

const REMEDY = 'Check that --url is the base of the shop, and that the file asks it what it knows.';
const GOOD = [200, 201, 202, 203, 204];

/**
 * The way to the shop that a file's functions get. A GET is tried again when it fails, anything else is not: only the
 * file knows what may be done twice.
 */
export function shopOf(connection: Connection, headers: Readonly<Record<string, string>>): Shop {
  const ask = async <Content>(
    method: Ask['method'],
    path: string,
    body?: unknown,
  ): Promise<Content> => {
    demandPath(path);
    const asked = {
      ...{ method, path, headers, remedy: REMEDY, statuses: GOOD },
      expected: 'a reply in JSON that says it worked',
      ...(body === undefined ? {} : { body: body as Record<string, unknown> }),
    };
    const work = async () => {
      if (method === 'DELETE') return removed(connection, asked);
      return (await requestJson(connection, asked, z.unknown())).content;
    };
    const asking = method === 'GET' ? patiently(connection.signal, work) : work();
    return (await trailed(asking)) as Content;
  };
  return {
    get: (path) => ask('GET', path),
    post: (path, body = {}) => ask('POST', path, body),
    put: (path, body = {}) => ask('PUT', path, body),
    delete: (path) => ask('DELETE', path),
    send: (exchange) => trailed(sent(connection, exchange, headers)),
    options: connection.options,
    token: connection.token,
  };
}

/** Errors of the work know who asked for it, even if whoever did has gone on. To be called before anything is awaited. */
async function trailed<Result>(work: Promise<Result>): Promise<Result> {
  const trail = new Error('asked here');
  try {
    return await work;
  } catch (error) {
    if (error instanceof Failure) error.stack = `${error.stack}\n${trail.stack}`;
    throw error;
  }
}

/** What is gone is often told without a word. */
async function removed(
  connection: Connection,
  asked: Ask & { statuses: readonly number[] },
): Promise<unknown> {
  const { status, body } = await request(connection, asked);
  if (asked.statuses.includes(status)) return body;
  throw new RunFailure({
    expected: asked.expected,
    got: `status ${status}`,
    where: `DELETE ${asked.path}`,
    remedy: asked.remedy,
  });
}

async function sent(
  connection: Connection,
  { method, path, body, headers }: Exchange,
  usual: Readonly<Record<string, string>>,
): Promise<{ status: number; body: string }> {
  demandPath(path);
  const answer = await request(connection, {
    ...{ method, path, expected: 'a reply', remedy: REMEDY, headers: { ...usual, ...headers } },
    ...(body === null ? {} : { body }),
  });
  return { status: answer.status, body: answer.body };
}

/** A whole address would be glued to the base. */
function demandPath(path: unknown): void {
  if (typeof path === 'string' && path.startsWith('/')) return;
  throw new TypeError(`expected a path that begins with /, got ${JSON.stringify(path)}`);
}
