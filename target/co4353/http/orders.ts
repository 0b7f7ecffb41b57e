import { castId, isId } from '../object-id.ts';
import type { Order } from '../services/services.ts';
import type { Api, Asked, Route } from './app.ts';
import { demand } from './body.ts';
import type { Dialect } from './dialect.ts';
import { badRequest, notAuthorized, notFound } from './errors.ts';

const RESALE_ENDS_MS = 10 * 60 * 1000;

/** Orders; what gives one back differs: a paid ticket is sold back, or any order is deleted. */
export function orderRoutes(dialect: Dialect): readonly Route[] {
  const giveBack: Route =
    dialect.name === 'tickets'
      ? { method: 'DELETE', path: '/api/orders/:id', handle: remove }
      : { method: 'POST', path: '/api/orders/sell', handle: sellBack };
  return [
    { method: 'POST', path: '/api/orders', handle: reserve },
    { method: 'GET', path: '/api/orders', handle: list },
    { method: 'GET', path: '/api/orders/:id', handle: show },
    giveBack,
  ];
}

async function reserve({ services, dialect }: Api, { user, fields, reply }: Asked) {
  const { id: userId } = user();
  const field = dialect.wanted;
  demand(fields, [{ field, message: 'TicketId must be provided', accepts: isId }]);
  const eventId = castId(fields[field], 'Event');
  const order = await services.orders.reserve({ userId, eventId });
  if (order === 'unknown') throw notFound();
  if (order === 'sold-out') throw badRequest(dialect.soldOut);
  reply.code(201);
  return dialect.order(order);
}

async function list({ services, dialect }: Api, { user }: Asked) {
  const orders = await services.orders.ordersOf(user().id);
  return orders.map(dialect.order);
}

async function show(api: Api, asked: Asked) {
  return api.dialect.shown(await ownOrder(api, asked));
}

/** @throws Refusal 401, 404, or 401 again for somebody else's. */
async function ownOrder({ services }: Api, { user, id }: Asked): Promise<Order> {
  const { id: userId } = user();
  const order = await services.orders.find(castId(id, 'Order'));
  if (order === null) throw notFound();
  if (order.userId !== userId) throw notAuthorized();
  return order;
}

/** Gives a paid ticket back. Only a complete order of one's own can be found here. */
async function sellBack({ services, dialect }: Api, { user, fields }: Asked) {
  const { id: userId } = user();
  if (fields.orderId === undefined) throw notFound();
  const order = await services.orders.find(castId(fields.orderId, 'Order'));
  if (order?.userId !== userId || order.status !== 'complete') throw notFound();
  if (Date.parse(order.event.date) - Date.now() < RESALE_ENDS_MS)
    throw badRequest('Ticket is expired');
  const cancelled = await services.orders.cancel(order.id, ['complete']);
  if (cancelled === null) throw notFound();
  return dialect.order(cancelled);
}

/** Deleting what is cancelled already changes nothing. */
async function remove(api: Api, asked: Asked) {
  const order = await ownOrder(api, asked);
  await api.services.orders.cancel(order.id, ['created', 'complete']);
  asked.reply.code(204);
  return null;
}
