import type { FastifyReply } from 'fastify';
import { TransactionFailed } from '../shop/transaction.ts';
import { sendJson } from './pages.ts';
import { fieldsOf, withJson } from './request-body.ts';

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** `POST /api/login`: signs in, or signs up on first sight. */
export const login = withJson(async (shop, asked, reply) => {
  const fields = fieldsOf(asked);
  if (!isText(fields?.email) || !isText(fields.password))
    return sendJson(reply, 400, { error: 'email and password required' });
  const { email, password, name } = fields;
  const signedIn = await shop.signIn({ email, password, name: isText(name) ? name : null });
  switch (signedIn.result) {
    case 'created':
      return sendJson(reply, 201, { status: 'user_created', user_id: signedIn.userId });
    case 'known':
      return sendJson(reply, 200, { status: 'login_success', user_id: signedIn.userId });
    case 'wrong-password':
      return sendJson(reply, 401, { error: 'invalid credentials' });
    case 'name-needed':
      return sendJson(reply, 400, { error: 'name required' });
  }
});

/** `POST /api/activity`: what a visitor did. */
export const activity = withJson(async (shop, asked, reply) => {
  const fields = fieldsOf(asked);
  const meta = fieldsOf(fields?.meta ?? {});
  if (!isText(fields?.user_id) || !Number.isInteger(fields.event_id)) return badTypes(reply);
  if (!isText(fields.action) || meta === null) return badTypes(reply);
  const { user_id: userId, event_id: eventId, action } = fields;
  try {
    const id = await shop.recordActivity({ userId, eventId: Number(eventId), action, meta });
    return sendJson(reply, 201, { status: 'ok', activity_id: id });
  } catch (error) {
    if (!(error instanceof TransactionFailed)) throw error;
    return sendJson(reply, 500, { error: `Database error: ${error.message}` });
  }
});

function badTypes(reply: FastifyReply): FastifyReply {
  return sendJson(reply, 400, { error: 'Missing or invalid fields' });
}
