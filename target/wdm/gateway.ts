import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RoleContext } from '../facades/facade.ts';
import { page } from './answers.ts';
import { plainApp, send } from './service.ts';

/** What it waits at the end for requests under way; some of them nobody would ever answer. */
const DRAIN_LIMIT_MS = 1000;
const DRAIN_POLL_MS = 20;

/**
 * The one public door. `/orders/…`, `/payment/…` and `/stock/…` go to a process of that service in turn, without the
 * prefix. Nothing is repeated and nothing is cut short: a request ends when the service or the client ends it.
 */
export function gatewayApp({ services }: RoleContext): FastifyInstance {
  const app = plainApp();
  const agent = new Agent({ keepAlive: true });
  let underWay = 0;
  app.addHook('onRequest', async (_request, reply) => {
    underWay += 1;
    reply.raw.once('close', () => {
      underWay -= 1;
    });
  });
  app.addHook('preClose', async () => {
    const limit = performance.now() + DRAIN_LIMIT_MS;
    while (underWay > 0 && performance.now() < limit) await sleep(DRAIN_POLL_MS);
  });
  app.addHook('onClose', async () => agent.destroy());
  for (const service of ['orders', 'payment', 'stock']) {
    const next = inTurn(() => services(service));
    app.route({
      ...{ method: ['GET', 'POST', 'DELETE'], url: `/${service}/*`, exposeHeadRoute: false },
      handler: (request, reply) =>
        forward(request, reply, {
          agent,
          base: next(),
          path: request.url.slice(service.length + 1),
        }),
    });
  }
  return app;
}

function inTurn(urls: () => readonly string[]): () => string | null {
  let turn = 0;
  return () => {
    const known = urls();
    turn += 1;
    return known[turn % known.length] ?? null;
  };
}

interface Way {
  readonly agent: Agent;
  /** Null while no process of the service is up. */
  readonly base: string | null;
  readonly path: string;
}

function forward(request: FastifyRequest, reply: FastifyReply, { agent, base, path }: Way) {
  if (base === null) return send(reply, page(502));
  const { hostname, port } = new URL(base);
  const onward = httpRequest({ agent, hostname, port, path, method: request.method });
  onward.once('response', (answer) => {
    const type = answer.headers['content-type'];
    if (type !== undefined) reply.header('content-type', type);
    const length = answer.headers['content-length'];
    if (length !== undefined) reply.header('content-length', length);
    reply.code(answer.statusCode ?? 502).send(answer);
  });
  onward.once('error', () => {
    if (!reply.sent) send(reply, page(502));
  });
  // Who goes away does not wait any more, so the service need not either.
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) onward.destroy();
  });
  onward.end();
  return reply;
}
