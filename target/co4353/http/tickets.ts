import { castId } from '../object-id.ts';
import type { EventView } from '../services/services.ts';
import type { Api, Asked, Route } from './app.ts';
import { demand, isFilled, isPrice, type Rule } from './body.ts';
import { badRequest, notAuthorized, notFound } from './errors.ts';

const RULES: readonly Rule[] = [
  { field: 'title', message: 'Title is required', accepts: isFilled },
  { field: 'price', message: 'Price must be greater than 0', accepts: isPrice },
];
/** A ticket has no date, so it is never over. */
const NEVER = '9999-12-31T00:00:00.000Z';

/** Tickets that are one unit each: an event with a single seat. */
export const ticketRoutes: readonly Route[] = [
  { method: 'POST', path: '/api/tickets', handle: create },
  { method: 'PUT', path: '/api/tickets/:id', handle: change },
  { method: 'GET', path: '/api/tickets', handle: list },
  { method: 'GET', path: '/api/tickets/:id', handle: show },
];

async function create({ services }: Api, { user, fields, reply }: Asked) {
  const { id: userId } = user();
  demand(fields, RULES);
  const { title: name, price } = fields as { title: string; price: unknown };
  const single = { description: '', date: NEVER, ticketsLeft: 1 };
  const made = await services.events.create({ userId, name, price: Number(price), ...single });
  reply.code(201);
  return shown(made);
}

async function change({ services }: Api, { user, fields, id: asked }: Asked) {
  const { id: userId } = user();
  demand(fields, RULES);
  const { title: name, price } = fields as { title: string; price: unknown };
  const id = castId(asked, 'Ticket');
  const changed = await services.events.change({ id, userId, name, price: Number(price) });
  if (changed === 'unknown') throw notFound();
  if (changed === 'not-own') throw notAuthorized();
  if (changed === 'reserved') throw badRequest('Cannot edit a reserved ticket');
  return shown(changed);
}

async function list({ services }: Api) {
  return (await services.events.upcoming()).map(shown);
}

async function show({ services }: Api, { id }: Asked) {
  const ticket = await services.events.find(castId(id, 'Ticket'));
  if (ticket === null) throw notFound();
  return shown(ticket);
}

function shown({ id, userId, name: title, price, version, orderId }: EventView): object {
  return { id, userId, title, price, version, ...(orderId === null ? {} : { orderId }) };
}
