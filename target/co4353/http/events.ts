import { castId } from '../object-id.ts';
import type { EventView } from '../services/services.ts';
import type { Api, Asked, Route } from './app.ts';
import { demand, isDate, isDescription, isFilled, isPrice, isStock, type Rule } from './body.ts';
import { notFound } from './errors.ts';

const RULES: readonly Rule[] = [
  { field: 'name', message: 'Name is required', accepts: isFilled },
  {
    field: 'description',
    message: 'Description is required, shorter than 2000 characters',
    accepts: isDescription,
  },
  { field: 'date', message: 'Date must be valid', accepts: isDate },
  { field: 'ticketLeft', message: 'Tickets must be a number above 0', accepts: isStock },
  { field: 'price', message: 'Price must be greater than 0', accepts: isPrice },
];

/** Events with many tickets each. */
export const eventRoutes: readonly Route[] = [
  { method: 'POST', path: '/api/events/new', handle: create },
  { method: 'GET', path: '/api/events', handle: list },
  { method: 'GET', path: '/api/events/:id', handle: show },
];

async function create({ services }: Api, { user, fields, reply }: Asked) {
  const { id: userId } = user();
  demand(fields, RULES);
  const { name, description, date } = fields as Record<'name' | 'description' | 'date', string>;
  const event = await services.events.create({
    userId,
    name,
    description,
    date: new Date(date).toISOString(),
    price: Number(fields.price),
    ticketsLeft: Number(fields.ticketLeft),
  });
  reply.code(201);
  return shown(event);
}

async function list({ services }: Api) {
  return (await services.events.upcoming()).map(shown);
}

async function show({ services }: Api, { id }: Asked) {
  const event = await services.events.find(castId(id, 'Event'));
  if (event === null) throw notFound();
  return shown(event);
}

function shown({ orderId: _, ...event }: EventView): object {
  return event;
}
