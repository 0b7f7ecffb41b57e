import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Answer, Ask, BoxOffice, Keep } from './office.ts';
import { Refused } from './refusal.ts';
import { askShape, paymentShape } from './request-shapes.ts';

interface AskBody {
  readonly buyer: string;
  readonly pool: string;
  readonly quantity: number;
  readonly seat?: string | null;
  readonly metadata?: { readonly intent?: string | null };
}

type WithOrder = { Params: { id: string } };

/** What changes stock or money; all of it can be repeated under an idempotency key. */
export function addSalesRoutes(app: FastifyInstance, office: BoxOffice): void {
  app.post<{ Body: AskBody }>('/purchases', { schema: { body: askShape } }, (request, reply) => {
    const ask = readAsk(request.body);
    return once(office, { request, reply }, (keep) => office.purchase(ask, told(201, keep)), 201);
  });
  app.post<{ Body: AskBody }>('/holds', { schema: { body: askShape } }, (request, reply) => {
    const ask = readAsk(request.body);
    return once(office, { request, reply }, (keep) => office.hold(ask, told(201, keep)), 201);
  });
  app.post<WithOrder & { Body: { amountCents: number } }>(
    '/orders/:id/payment',
    { schema: { body: paymentShape } },
    (request, reply) => {
      const payment = { order: request.params.id, amountCents: request.body.amountCents };
      return once(office, { request, reply }, (keep) => office.pay(payment, told(200, keep)), 200);
    },
  );
  app.post<WithOrder>('/orders/:id/cancel', (request, reply) => {
    const { id } = request.params;
    return once(office, { request, reply }, (keep) => office.cancel(id, told(200, keep)), 200);
  });
}

function readAsk({ buyer, pool, quantity, seat = null, metadata }: AskBody): Ask {
  if (seat !== null && quantity !== 1)
    throw new Refused('invalid', 'body/quantity must be 1 where a seat is named');
  return { buyer, pool, quantity, seat, intent: metadata?.intent ?? null };
}

const answerOf = (status: number, content: unknown): Answer => ({
  status,
  body: JSON.stringify(content),
});

const told =
  (status: number, keep: Keep<Answer>): Keep<unknown> =>
  (client, effect) =>
    keep(client, answerOf(status, effect));

/** Carries a request out, at most once for one key. */
async function once(
  office: BoxOffice,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  work: (keep: Keep<Answer>) => Promise<unknown>,
  status: number,
): Promise<FastifyReply> {
  const answer = async (keep: Keep<Answer>): Promise<Answer> => {
    try {
      return answerOf(status, await work(keep));
    } catch (error) {
      if (error instanceof Refused) return refusalAnswer(error);
      throw error;
    }
  };
  const key = readKey(request);
  if (key === null) return sendAnswer(reply, await answer(async () => undefined));
  const fingerprint = fingerprintOf(request);
  const { replayed, ...kept } = await office.answerOnce({ key, fingerprint }, answer);
  if (replayed) reply.header('idempotent-replayed', 'true');
  return sendAnswer(reply, kept);
}

function readKey(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key === 'string' && key.length >= 1 && key.length <= 255) return key;
  throw new Refused('invalid', 'headers/idempotency-key must have 1 to 255 characters');
}

function fingerprintOf({ method, url, body }: FastifyRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([method, url, body ?? null]))
    .digest('hex');
}

export const refusalAnswer = ({ status, code, message }: Refused): Answer =>
  answerOf(status, { code, message });

export function sendAnswer(reply: FastifyReply, { status, body }: Answer): FastifyReply {
  return reply.code(status).type('application/json').send(body);
}
