import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { log, textOf } from '../failure.ts';
import { NoConnection, TransactionFailed } from '../shop/transaction.ts';
import { type Answer, type Generation, page } from './answers.ts';

/** One address of a service, below its prefix; a word that begins with a colon is a parameter. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  /** `gone` is aborted when the client goes away before it has been answered. */
  readonly handle: (words: Words, gone: AbortSignal) => Promise<Answer>;
}

/** The parameters of an address. */
export type Words = Readonly<Record<string, string>>;

/** A service behind the gateway; not listening yet. Requests that nobody will ever answer do not hold up its end. */
export function serviceApp(generation: Generation, routes: readonly Route[]): FastifyInstance {
  const app = plainApp();
  for (const { method, path, handle } of routes)
    app.route({
      ...{ method, url: path, exposeHeadRoute: false },
      handler: async (request, reply) =>
        send(reply, await handle(request.params as Words, goneSignal(reply))),
    });
  app.setErrorHandler((error, request, reply) => {
    const status = (error as { statusCode?: number }).statusCode ?? 500;
    if (status === 500) log(`${request.method} ${request.routeOptions.url}: ${textOf(error)}`);
    const answer = failureAnswer(generation, error, status);
    send(reply, answer);
  });
  return app;
}

/** The new form blames every trouble with the database on the client. */
function failureAnswer(generation: Generation, error: unknown, status: number): Answer {
  const database = error instanceof TransactionFailed || error instanceof NoConnection;
  return database && generation === '2024' ? page(400, 'DB error') : page(status);
}

/** What a service and the gateway have in common: bodies of any kind, which are empty, and a page for no such address. */
export function plainApp(): FastifyInstance {
  const app = Fastify({
    ...{ logger: false, forceCloseConnections: true, return503OnClosing: false },
    routerOptions: { maxParamLength: 200 },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume();
    done(null, undefined);
  });
  app.setNotFoundHandler((_request, reply) => send(reply, page(404)));
  return app;
}

export function send(reply: FastifyReply, answer: Answer): FastifyReply {
  if (answer === 'never') return reply.hijack();
  const { status, body, type } = answer;
  const json = type === 'json';
  return reply
    .code(status)
    .type(json ? 'application/json' : 'text/html; charset=utf-8')
    .send(json ? Buffer.from(body) : body);
}

function goneSignal({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => gone.abort());
  return gone.signal;
}
