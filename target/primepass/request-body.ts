import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Shop } from '../shop/shop.ts';
import { sendJson, sendPage } from './pages.ts';

/** The body of a request as Flask's `request.is_json` and `get_json` see it. */
type RequestBody =
  | { readonly form: 'not-json' }
  | { readonly form: 'broken' }
  | { readonly form: 'json'; readonly value: unknown };

function readBody(request: FastifyRequest): RequestBody {
  const mediaType = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  if (!/^application\/([^/]+\+)?json$/.test(mediaType)) return { form: 'not-json' };
  try {
    const text = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
    return { form: 'json', value: JSON.parse(text) };
  } catch {
    return { form: 'broken' };
  }
}

type Handle<Asked> = (shop: Shop, asked: Asked, reply: FastifyReply) => Promise<FastifyReply>;

/** A handler that is given the JSON of the body, whatever it is; what is none is turned away as Flask does. */
export function withJson(handle: Handle<unknown>): Handle<FastifyRequest> {
  return async (shop, request, reply) => {
    const body = readBody(request);
    if (body.form === 'not-json') return sendJson(reply, 400, { error: 'JSON required' });
    if (body.form === 'broken') return sendPage(reply, 400);
    return handle(shop, body.value, reply);
  };
}

/** An object's fields; null for JSON that is none, on which Python code that says `data.get` crashes. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

/** What Python takes for true: not null, false, 0, and nothing empty. */
export function isTruthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}
