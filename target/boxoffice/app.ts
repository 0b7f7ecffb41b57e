import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import type pg from 'pg';
import { log, textOf } from '../failure.ts';
import { NoConnection, Overloaded } from '../shop/transaction.ts';
import { addHouseRoutes, addReadRoutes } from './house-routes.ts';
import type { BoxOffice } from './office.ts';
import { Refused } from './refusal.ts';
import { addSalesRoutes, refusalAnswer, sendAnswer } from './sales-routes.ts';

/** A batch of 5,000 buyers with long names fits. */
const BODY_BYTES_MAX = 4 * 1024 * 1024;

/** The box office's API; not listening yet. */
export function boxOfficeApp(office: BoxOffice, pool: pg.Pool): FastifyInstance {
  const app = Fastify({
    logger: false,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    bodyLimit: BODY_BYTES_MAX,
    routerOptions: { maxParamLength: 200 },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  });
  // An empty body is none: clients that set the content type on every request may cancel, too.
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    async (_: unknown, body: string) => parse(body),
  );
  addHouseRoutes(app, pool);
  addReadRoutes(app, office, pool);
  addSalesRoutes(app, office);
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ code: 'unknown_path', message: 'there is nothing here' }),
  );
  app.setErrorHandler((error, request, reply) =>
    answerError(error, reply, `${request.method} ${request.routeOptions.url}`),
  );
  return app;
}

/** @throws Refused `invalid` */
function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused('invalid', 'the body is not JSON');
  }
}

function answerError(error: unknown, reply: FastifyReply, where: string): FastifyReply {
  if (error instanceof Refused) {
    if (error.code === 'in_flight') reply.header('retry-after', '1');
    return sendAnswer(reply, refusalAnswer(error));
  }
  if (error instanceof NoConnection || error instanceof Overloaded)
    return reply.code(503).send({ code: 'overloaded', message: 'try again later' });
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  if (status < 500) return reply.code(status).send({ code: 'invalid', message: textOf(error) });
  log(`${where}: ${textOf(error)}`);
  return reply.code(500).send({ code: 'internal', message: 'something went wrong' });
}
