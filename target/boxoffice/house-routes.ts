import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { query } from '../shop/transaction.ts';
import { createBuyer, createBuyers, type NewBuyer, readBuyer, readBuyers } from './buyers.ts';
import { createEvent, deleteEvent, type NewEvent, readEvent, readEvents } from './events.ts';
import { type Page, type Paged, readPayments } from './listing.ts';
import type { BoxOffice } from './office.ts';
import { Refused } from './refusal.ts';
import * as shapes from './request-shapes.ts';
import { toldTime } from './transaction.ts';

type Query<Name extends string = never> = {
  Querystring: Readonly<Partial<Record<Name | 'page' | 'limit', string>>>;
};
type WithId = { Params: { id: string } };

const LIMIT = 100;
const pageOf = ({ page, limit }: Query['Querystring']): Page => ({
  page: Number(page ?? 1),
  limit: Number(limit ?? LIMIT),
});

/** `{total, page, limit, <name>: rows}` */
const listed = <Row>(name: string, { rows, ...page }: Paged<Row>) => ({ ...page, [name]: rows });

/** What the house does to have something to sell: events and buyers. */
export function addHouseRoutes(app: FastifyInstance, pool: pg.Pool): void {
  app.get('/health', async () => {
    const [row] = await query(pool, `SELECT ${toldTime('clock_timestamp()')} AS now`);
    return { service: 'onsale-box-office', api: 1, ...row };
  });
  app.post<{ Body: NewEvent }>(
    '/events',
    { schema: { body: shapes.newEventShape } },
    async (request, reply) => {
      const wrong = request.body.pools.find(
        ({ seats, capacity }) => (seats ?? capacity) !== capacity,
      );
      if (wrong) throw new Refused('invalid', 'body/pools: seats must equal capacity');
      return reply.code(201).send(await createEvent(pool, request.body));
    },
  );
  app.get<Query<'name'>>(
    '/events',
    { schema: { querystring: shapes.eventsQuery } },
    async (request) =>
      listed('events', await readEvents(pool, request.query.name ?? null, pageOf(request.query))),
  );
  app.get<WithId>('/events/:id', (request) => readEvent(pool, request.params.id));
  app.delete<WithId>('/events/:id', async (request, reply) => {
    await deleteEvent(pool, request.params.id);
    return reply.code(204).send();
  });
  addBuyerRoutes(app, pool);
}

function addBuyerRoutes(app: FastifyInstance, pool: pg.Pool): void {
  app.post<{ Body: NewBuyer & { event?: string | null } }>(
    '/buyers',
    { schema: { body: shapes.newBuyerShape } },
    async ({ body }, reply) =>
      reply.code(201).send(await createBuyer(pool, body.event ?? null, body)),
  );
  app.post<{ Body: { event?: string | null; buyers: NewBuyer[] } }>(
    '/buyers/batch',
    { schema: { body: shapes.newBuyersShape } },
    async ({ body: { event, buyers } }, reply) => {
      const created = await createBuyers(pool, event ?? null, buyers);
      return reply.code(201).send({ created, existing: buyers.length - created });
    },
  );
  app.get<WithId>('/buyers/:id', { schema: { params: shapes.buyerParams } }, (request) =>
    readBuyer(pool, request.params.id),
  );
  app.get<Query<'event'>>(
    '/buyers',
    { schema: { querystring: shapes.buyersQuery } },
    async (request) =>
      listed('buyers', await readBuyers(pool, request.query.event ?? null, pageOf(request.query))),
  );
}

/** What tells how things stand. */
export function addReadRoutes(app: FastifyInstance, office: BoxOffice, pool: pg.Pool): void {
  app.get<WithId & { Querystring: { copy?: 'replica' } }>(
    '/pools/:id',
    { schema: { querystring: shapes.poolQuery } },
    async (request, reply) => {
      const { id } = request.params;
      const copied = request.query.copy === 'replica';
      const told = copied ? await office.copiedAvailability(id) : await office.availability(id);
      return reply.header('x-data-freshness', copied ? 'eventual' : 'exact').send(told);
    },
  );
  app.get<WithId>('/orders/:id', (request) => office.order(request.params.id));
  app.get<Query<'event' | 'buyer' | 'intent'>>(
    '/orders',
    { schema: { querystring: shapes.ordersQuery } },
    async ({ query: asked }) => {
      const { event = '', buyer = null, intent = null } = asked;
      return listed('orders', await office.orders({ event, buyer, intent }, pageOf(asked)));
    },
  );
  app.get<Query<'event'>>(
    '/payments',
    { schema: { querystring: shapes.paymentsQuery } },
    async (request) =>
      listed(
        'payments',
        await readPayments(pool, request.query.event ?? '', pageOf(request.query)),
      ),
  );
}
