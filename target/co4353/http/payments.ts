import { castId } from '../object-id.ts';
import type { Api, Asked, Route } from './app.ts';
import { demand, isFilled } from './body.ts';
import { badRequest, notAuthorized, notFound } from './errors.ts';

export const paymentRoutes: readonly Route[] = [
  { method: 'POST', path: '/api/payments', handle: pay },
];

async function pay({ services }: Api, { user, fields, reply }: Asked) {
  const { id: userId } = user();
  demand(fields, [
    { field: 'token', message: 'Token is required', accepts: isFilled },
    { field: 'orderId', message: 'OrderId is required', accepts: isFilled },
  ]);
  const orderId = castId(fields.orderId, 'Order');
  const result = await services.payments.pay({ userId, orderId, token: String(fields.token) });
  if (result === 'unknown') throw notFound();
  if (result === 'not-own') throw notAuthorized();
  if (result === 'cancelled') throw badRequest('Cannot pay for cancelled order');
  if (result === 'paid') throw badRequest('Order is already paid');
  reply.code(201);
  return { id: result.paymentId };
}
