import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { log, textOf } from '../failure.ts';
import type { Shop } from '../shop/shop.ts';
import { NoConnection } from '../shop/transaction.ts';
import { activity, login } from './accounts.ts';
import { sendJson, sendPage } from './pages.ts';
import { purchase } from './purchase.ts';

type Handle = (shop: Shop, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

const ROUTES: readonly { method: 'GET' | 'POST'; path: string; handle: Handle }[] = [
  { method: 'POST', path: '/api/purchase', handle: purchase },
  { method: 'GET', path: '/api/orders', handle: orders },
  { method: 'GET', path: '/api/events', handle: events },
  { method: 'POST', path: '/api/login', handle: login },
  { method: 'POST', path: '/api/activity', handle: activity },
];
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** The PrimePass API in front of a shop; not listening yet. */
export function primepassApp(shop: Shop): FastifyInstance {
  const app = Fastify({ logger: false, forceCloseConnections: 'idle', return503OnClosing: false });
  // Bodies are looked at by the handlers, because content type and syntax are told apart there.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  for (const { method, path, handle } of ROUTES) {
    app.route({ method, url: path, handler: (request, reply) => handle(shop, request, reply) });
    const others = METHODS.filter((other) => other !== method);
    app.route({
      method: others,
      url: path,
      exposeHeadRoute: false,
      handler: (_request, reply) => sendPage(reply.header('allow', method), 405),
    });
  }
  app.setNotFoundHandler((_request, reply) => sendPage(reply, 404));
  app.setErrorHandler(answerError);
  return app;
}

async function events(shop: Shop, _request: FastifyRequest, reply: FastifyReply) {
  return sendJson(reply, 200, await shop.events());
}

async function orders(shop: Shop, request: FastifyRequest, reply: FastifyReply) {
  const { user_id: asked } = request.query as Record<string, string | string[] | undefined>;
  const userId = Array.isArray(asked) ? asked[0] : asked;
  if (!userId) return sendJson(reply, 400, { error: 'user_id required' });
  return sendJson(reply, 200, await shop.ordersOf(userId));
}

/** Without a database connection there is no answer at all; anything else nobody has caught is the 500 page. */
function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  if (error instanceof NoConnection) {
    log(`no database connection: ${error.message}`);
    reply.hijack();
    request.raw.socket.destroy();
    return;
  }
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  if (status === 415) return void sendJson(reply, 400, { error: 'JSON required' });
  // Being overloaded is said by the reply; a line for each would bury the others.
  if (status === 500) log(`${request.method} ${request.routeOptions.url}: ${textOf(error)}`);
  sendPage(reply, status);
}
