import { call, openSale, type Reply } from './client.ts';

/** A sale with one pool, and how its one buyer buys there. */
export async function openShop(url: string, pool: object = { capacity: 5 }, event: object = {}) {
  const send = (line: string, body?: unknown, headers?: Record<string, string>): Promise<Reply> =>
    call(url, line, body, headers);
  const sale = await openSale(url, { pools: [pool], ...event });
  const [buyer] = sale.buyers;
  const ask = (fields: object = {}) => ({ buyer, pool: sale.pools[0], quantity: 1, ...fields });
  const remaining = async () => (await send(`GET /pools/${sale.pools[0]}`)).json.remaining;
  const credit = async () => (await send(`GET /buyers/${buyer}`)).json.creditCents;
  const order = async (id: string) => (await send(`GET /orders/${id}`)).json;
  return {
    ...{ sale, ask, remaining, credit, order },
    buy: (fields?: object, key?: string) => send('POST /purchases', ask(fields), keyed(key)),
    hold: (fields?: object) => send('POST /holds', ask(fields)),
    pay: (id: string, amountCents = 1000, key?: string) =>
      send(`POST /orders/${id}/payment`, { amountCents }, keyed(key)),
    cancel: (id: string, key?: string) => send(`POST /orders/${id}/cancel`, undefined, keyed(key)),
  };
}

const keyed = (key?: string): Record<string, string> =>
  key === undefined ? {} : { 'idempotency-key': key };

/** Status and code. */
export const refusal = ({ status, json }: Reply) => [status, json.code];

/** As every time is told. */
export const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
