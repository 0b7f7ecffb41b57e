import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

export interface Order {
  readonly id: number;
  readonly buyer: string;
}

/** One request, its body read; `honest` answers as a correct shop would. */
export interface Call {
  readonly request: IncomingMessage;
  readonly reply: ServerResponse;
  /** `/api/purchase`, without the query. */
  readonly path: string;
  readonly honest: () => void;
}

export interface Shop {
  readonly url: string;
  /** How often each path was asked for. */
  readonly asked: ReadonlyMap<string, number>;
  readonly orders: readonly Order[];
  /** No connection is accepted any more, those there are break. */
  readonly vanish: () => void;
}

export interface ShopOptions {
  readonly event?: string;
  readonly ticket?: string;
  readonly capacity?: number;
  /** Instead of the honest answer. */
  readonly answer?: (call: Call) => void;
}

const endings: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  await Promise.all(endings.splice(0).map((end) => end()));
});

/** A PrimePass that sells by the book, in one process and without a database, unless it is told to do otherwise. */
export async function startShop(options: ShopOptions = {}): Promise<Shop> {
  const { event = 'Concert', ticket = 'Standard', capacity = 20, answer } = options;
  const asked = new Map<string, number>();
  const orders: Order[] = [];
  const users = new Map<string, string>();
  const json = (reply: ServerResponse, status: number, content: unknown) => {
    reply.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(content));
  };
  const handlers: Record<string, (reply: ServerResponse, body: string, query: URL) => void> = {
    '/api/events': (reply) => {
      const tickets = [{ id: 1, name: ticket, price: 10, remaining: capacity - orders.length }];
      json(reply, 200, [{ id: 1, title: event, tickets }]);
    },
    '/api/login': (reply, body) => {
      const { email } = JSON.parse(body) as { email: string };
      const known = users.get(email);
      const user = known ?? randomUUID();
      users.set(email, user);
      const status = known === undefined ? 'user_created' : 'login_success';
      json(reply, known === undefined ? 201 : 200, { status, user_id: user });
    },
    '/api/orders': (reply, _body, query) => {
      const own = orders.filter(({ buyer }) => buyer === query.searchParams.get('user_id'));
      const rows = own.map(({ id }) => ({ order_id: id, ticket_name: ticket, event_title: event }));
      json(
        reply,
        200,
        rows.map((row) => ({ ...row, status: 'confirmed', created_at: '2026-01-01T00:00:00' })),
      );
    },
    '/api/purchase': (reply, body) => {
      const { user_id, quantity } = JSON.parse(body) as { user_id: string; quantity: number };
      if (orders.length + quantity > capacity)
        return json(reply, 400, { error: 'Tickets unavailable or sold out' });
      for (let i = 0; i < quantity; i++) orders.push({ id: orders.length + 1, buyer: user_id });
      json(reply, 200, { status: 'success' });
    },
  };
  const server = createServer(async (request, reply) => {
    const query = new URL(request.url ?? '/', 'http://shop');
    asked.set(query.pathname, (asked.get(query.pathname) ?? 0) + 1);
    let body = '';
    for await (const chunk of request) body += chunk;
    const handle = handlers[query.pathname];
    const honest = () => (handle === undefined ? json(reply, 404, {}) : handle(reply, body, query));
    if (answer === undefined) honest();
    else answer({ request, reply, path: query.pathname, honest });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const vanish = () => {
    server.close();
    server.closeAllConnections();
  };
  endings.push(async () => vanish());
  return { url: `http://127.0.0.1:${port}`, asked, orders, vanish };
}
