import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { log, textOf } from '../../failure.ts';
import { Overloaded } from '../../shop/transaction.ts';
import type { Services } from '../services/services.ts';
import { type SessionUser, userOf } from '../session.ts';
import { type Fields, fieldsOf, parseBody } from './body.ts';
import type { Dialect } from './dialect.ts';
import { notAuthorized, notFound, Refusal } from './errors.ts';
import { eventRoutes } from './events.ts';
import { orderRoutes } from './orders.ts';
import { paymentRoutes } from './payments.ts';
import { ticketRoutes } from './tickets.ts';
import { userRoutes } from './users.ts';

/** What the routes have in common. */
export interface Api {
  readonly services: Services;
  readonly dialect: Dialect;
  readonly signingKey: string;
}

/** A request, as far as a route looks at it. */
export interface Asked {
  readonly fields: Fields;
  /** The `:id` of the path; empty where it has none. */
  readonly id: string;
  /** The user of the session. @throws Refusal 401 where there is none. */
  readonly user: () => SessionUser;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /** Returns the content of the reply; its status is 200 unless it has been set. */
  readonly handle: (api: Api, asked: Asked) => object | null | Promise<object | null>;
}

/** The five services behind the one address that the ingress gives them; not listening yet. */
export function co4353App(api: Api): FastifyInstance {
  const app = Fastify({
    logger: false,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      done(null, parseBody(request.headers['content-type'] ?? '', body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  for (const { method, path, handle } of routesOf(api.dialect))
    app.route({
      method,
      url: path,
      handler: async (request, reply) =>
        reply.send(await handle(api, readRequest(api, request, reply))),
    });
  app.setNotFoundHandler(() => Promise.reject(notFound()));
  app.setErrorHandler((error, request, reply) => answerError(api.dialect, error, request, reply));
  return app;
}

function routesOf(dialect: Dialect): readonly Route[] {
  const catalogue = dialect.name === 'tickets' ? ticketRoutes : eventRoutes;
  return [...userRoutes, ...catalogue, ...orderRoutes(dialect), ...paymentRoutes];
}

function readRequest(api: Api, request: FastifyRequest, reply: FastifyReply): Asked {
  const { id = '' } = request.params as { id?: string };
  const user = () => {
    const found = userOf(request.headers.cookie, api.signingKey);
    if (found === null) throw notAuthorized();
    return found;
  };
  return { fields: fieldsOf(request.body), id, user, request, reply };
}

/** What the shop means has its own status; everything else is a 400, a fault of the server included. */
function answerError(
  dialect: Dialect,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof Refusal) return reply.code(error.status).send({ errors: error.errors });
  if (error instanceof Overloaded)
    return reply.code(503).send({ errors: [{ message: error.message }] });
  log(`${request.method} ${request.routeOptions.url ?? request.url}: ${textOf(error)}`);
  return reply.code(400).send(dialect.unexpected(textOf(error)));
}
