import type { FastifyReply } from 'fastify';
import type { Shop } from '../shop/shop.ts';
import { TransactionFailed } from '../shop/transaction.ts';
import { sendJson, sendPage } from './pages.ts';
import { fieldsOf, isTruthy, withJson } from './request-body.ts';

/** `POST /api/purchase`. The order of the checks is the contract's: each decides which of 400 and 500 comes out. */
export const purchase = withJson(async (shop, asked, reply) => {
  const fields = fieldsOf(asked);
  if (fields === null) return sendPage(reply, 500);
  const { user_id: userId, ticket_id: ticketId, quantity } = fields;
  if (![userId, ticketId, quantity].every(isTruthy)) return invalid(reply);
  // Python cannot order a string or a list against 0, but True against 0 it can.
  if (typeof quantity !== 'number' && quantity !== true) return sendPage(reply, 500);
  if (quantity !== true && quantity <= 0) return invalid(reply);
  return answer(shop, { userId, ticketId, quantity }, reply);
});

async function answer(
  shop: Shop,
  order: Parameters<Shop['purchase']>[0],
  reply: FastifyReply,
): Promise<FastifyReply> {
  try {
    const sale = await shop.purchase(order);
    return sale === 'sold'
      ? sendJson(reply, 200, { status: 'success' })
      : sendJson(reply, 400, { error: 'Tickets unavailable or sold out' });
  } catch (error) {
    if (!(error instanceof TransactionFailed)) throw error;
    return sendJson(reply, 500, { error: `Transaction failed: ${error.message}` });
  }
}

function invalid(reply: FastifyReply): FastifyReply {
  return sendJson(reply, 400, { error: 'Missing or invalid fields' });
}
