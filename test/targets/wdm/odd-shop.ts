import { type HostileServer, startServer } from '../hostile-server.ts';

interface Reply {
  readonly status: number;
  readonly body: string;
}

/** What the shop does instead for a request such as `POST /orders/create/7`; null for what it would do anyway. */
export type Oddity = (request: string, asked: number) => Reply | 'never' | null;

export interface OddShop extends HostileServer {
  /** Every request so far. */
  readonly asked: readonly string[];
}

const json = (content: object): Reply => ({ status: 200, body: JSON.stringify(content) });
const missing: Reply = { status: 404, body: '<h1>Not Found</h1>' };

/** A shop of 2021 in one process, with numbers for ids, in which one thing is odd. */
export async function startOddShop(odd: Oddity): Promise<OddShop> {
  const asked: string[] = [];
  const answer = inMemory();
  const server = await startServer((request, response) => {
    const line = `${request.method} ${request.url}`;
    asked.push(line);
    const reply = odd(line, asked.filter((each) => each === line).length) ?? answer(line);
    if (reply !== 'never') response.writeHead(reply.status).end(reply.body);
  });
  return { ...server, asked };
}

/** Users by credit, items by stock, orders by item. */
function inMemory(): (line: string) => Reply {
  const things: Record<string, unknown>[] = [];
  const made = (key: string, thing: Record<string, unknown>) =>
    json({ [key]: things.push(thing) - 1 });
  return (line) => {
    const [, service, call, a = '', b = ''] = line.split(/ ?\//);
    const thing = things[Number(a)] ?? {};
    switch (`${service}/${call}`) {
      case 'payment/create_user':
        return made('user_id', { id: things.length, credit: 0 });
      case 'payment/add_funds':
        thing.credit = Number(thing.credit) + Number(b);
        return json({ done: true });
      case 'stock/item':
        return made('item_id', { id: things.length, price: Number(b), stock: 0 });
      case 'stock/add':
        thing.stock = Number(thing.stock) + Number(b);
        return { status: 200, body: 'Success' };
      case 'orders/create':
        return made('order_id', { user_id: Number(a), items: [], paid: false, total_cost: 0 });
      case 'orders/addItem':
        if (/\/addItem\/\d+\/\d+\/\d+$/.test(line)) return missing;
        thing.items = [...((thing.items as number[] | undefined) ?? []), Number(b)];
        thing.total_cost = Number(thing.total_cost) + Number(things[Number(b)]?.price);
        return { status: 200, body: 'Success' };
      case 'orders/checkout':
        thing.paid = true;
        return { status: 200, body: 'Success' };
      default:
        return call?.startsWith('find') && things[Number(a)] !== undefined ? json(thing) : missing;
    }
  };
}
