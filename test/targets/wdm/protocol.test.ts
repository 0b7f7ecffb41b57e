import { describe, expect, test } from 'vitest';
import type { Asked, Reply } from '../../../lib/targets/protocol.ts';
import { protocol } from '../../../lib/targets/wdm/protocol.ts';

const ORDER = '0b0d5b1e-5c2c-4f6f-9f5e-0d6a4a9b7c11';
const ITEM = '9f1c7f0a-7d0d-4d1e-8d58-3d7f0f5f2a10';

function askedIn(data: Record<string, string>): Asked {
  return {
    buyer: { id: 'user', credit: 100, order: ORDER },
    pool: { id: ITEM, name: 'Pool 1', capacity: 10, remaining: 10, price: 5 },
    intent: { key: 'onsale-run-0', pool: 0, quantity: 2, offsetMs: 0 },
    secret: '',
    data,
    order: null,
    seat: null,
  };
}
const OLD = askedIn({ generation: '2021', assume: 'sold-out', reads: 'lag' });
const WARY = askedIn({ generation: '2021', assume: 'nothing', reads: 'lag' });
const NEW = askedIn({ generation: '2024', assume: 'sold-out', reads: 'exact' });

const reply = (status: number, body = ''): Reply => ({ status, body, silence: null });
const html = (status: number, title: string, sentence = '') =>
  reply(
    status,
    `<!doctype html>\n<html lang=en>\n<title>${status} ${title}</title>\n<h1>${title}</h1>\n<p>${sentence}</p>\n`,
  );
const checkout = (asked: Asked, answer: Reply) => {
  const { outcome, reason } = protocol.purchase.read(answer, asked);
  return reason === '' ? outcome : `${outcome}: ${reason}`;
};

describe('a checkout', () => {
  test('names the order that stands ready, and has nothing else to say', () => {
    expect(protocol.purchase.say(OLD)).toEqual({
      ...{ method: 'POST', path: `/orders/checkout/${ORDER}`, headers: {}, body: null },
    });
  });

  test.each([
    ['Group 2', OLD, reply(200, 'Order successful')],
    ['a team that says nothing', OLD, reply(200)],
    ['any 2xx', OLD, reply(201, 'Created')],
    ['an empty order', OLD, reply(200, 'Order successful')],
    ['the template of 2024', NEW, reply(200, 'Checkout successful')],
  ])('that worked: %s', (_, asked, answer) => {
    expect(protocol.purchase.read(answer, asked)).toEqual({
      ...{ outcome: 'ok', reason: '', told: '', order: ORDER },
    });
  });

  test.each([
    ['not enough stock', reply(400, 'Not enough stock'), 'refused: sold-out'],
    ['sold out by another code', reply(410, 'Sold out'), 'refused: sold-out'],
    ['not enough credit', reply(400, 'Not enough credit'), 'refused: no-credit'],
    ['funds', reply(400, 'insufficient funds'), 'refused: no-credit'],
    ['both', reply(400, 'Not enough stock\tNot enough credit'), 'refused: sold-out'],
    ['the 406 of a team without words', reply(406), 'refused: no-credit'],
    ['an unknown order', html(404, 'Not Found'), 'fail: client-error'],
    ['an unknown order of another team', reply(412), 'fail: client-error'],
    ['an unknown order in words', reply(400, 'Order: 1 not found!'), 'fail: client-error'],
    ['no such method', html(405, 'Method Not Allowed'), 'fail: client-error'],
    ['another checkout under way', reply(409, 'busy'), 'info: http-409'],
    ['a limit of a gateway', html(429, 'Too Many Requests'), 'info: http-429'],
    ['a gateway that gave up', reply(408), 'info: http-408'],
    ['already paid, called again', html(500, 'Internal Server Error'), 'info: http-500'],
    ['no service', html(502, 'Bad Gateway'), 'info: http-502'],
    ['a redirect', reply(302), 'info: http-302'],
  ])('of 2021: %s', (_, answer, expected) => {
    expect(checkout(OLD, answer)).toBe(expected);
    expect(checkout(WARY, answer)).toBe(expected);
  });

  test('of 2021 that says neither is taken for sold out only where nobody can lack credit', () => {
    for (const answer of [reply(400), html(400, 'Bad Request', 'Item: 5 unavailable')]) {
      expect(checkout(OLD, answer)).toBe('refused: sold-out');
      expect(checkout(WARY, answer)).toBe('refused: refused');
    }
  });

  test.each([
    ['out of stock', `Out of stock on item_id: ${ITEM}`, 'refused: sold-out'],
    ['out of credit', 'User out of credit', 'refused: no-credit'],
    ['below zero', 'User: 1 credit cannot get reduced below zero!', 'refused: no-credit'],
    ['an unknown order', `Order: ${ORDER} not found!`, 'fail: client-error'],
    ['an unknown user, after stock has moved', 'User: 7 not found!', 'info: http-400'],
    ['an unknown item, after others have moved', `Item: ${ITEM} not found!`, 'info: http-400'],
    ['an item of an order', `Order ${ORDER}: item ${ITEM} not found`, 'info: http-400'],
    ['funds that are too low', 'The balance of user 7 is too low', 'refused: no-credit'],
    ['the database', 'DB error', 'info: http-400'],
    ['a neighbour', 'Requests error', 'info: http-400'],
    ['a neighbour by its name', 'Could not reach the stock service', 'info: http-400'],
    ['another neighbour by its name', 'Credit service timed out', 'info: http-400'],
  ])('of 2024, a 400: %s', (_, sentence, expected) => {
    expect(checkout(NEW, html(400, 'Bad Request', sentence))).toBe(expected);
    expect(checkout(NEW, reply(400, sentence))).toBe(expected);
  });

  test.each([
    [404, 'fail: client-error'],
    [405, 'fail: client-error'],
    [406, 'info: http-406'],
    [409, 'info: http-409'],
    [500, 'info: http-500'],
    [503, 'info: http-503'],
  ])('of 2024, status %i', (status, expected) => {
    expect(checkout(NEW, html(status, 'Out of stock'))).toBe(expected);
  });

  test.each([
    ['timeout', 'info: timeout'],
    ['connection-reset', 'info: connection-reset'],
    ['connection-refused', 'fail: connection-refused'],
  ] as const)('without an answer: %s', (silence, expected) => {
    for (const asked of [OLD, NEW])
      expect(checkout(asked, { status: 0, body: '', silence })).toBe(expected);
  });

  test('with a body without end is read at once', () => {
    for (const asked of [OLD, NEW]) {
      const body = 'order '.repeat(300_000);
      expect(protocol.purchase.read(reply(400, body), asked).outcome).toMatch(/refused|info/);
    }
  });

  test('tells what it was told', () => {
    expect(protocol.purchase.read(reply(400, 'Not enough stock'), OLD).told).toBe(
      'Not enough stock',
    );
  });
});

describe('what is left', () => {
  const { say, read } = protocol.availability!;
  const item2021 = reply(200, `{"id":"${ITEM}","price":5.0,"stock":3}`);

  test('is a read of the item', () => {
    expect(say(NEW)).toEqual({
      ...{ method: 'GET', path: `/stock/find/${ITEM}`, headers: {}, body: null },
    });
  });

  test('may lag where caches are declared, and is exact where not', () => {
    const told = { outcome: 'ok', reason: '', told: '', value: 3 };
    expect(read(item2021, OLD)).toEqual({ ...told, mayLag: true });
    expect(read(reply(200, '{"price":5,"stock":3}'), NEW)).toEqual(told);
    expect(read(reply(200, '{"price":5,"stock":3.0}'), NEW)).toEqual(told);
  });

  test('below zero is evidence', () => {
    expect(read(reply(200, '{"price":5,"stock":-2}'), NEW).value).toBe(-2);
  });

  test.each([
    ['nothing that can be counted', reply(200, '{"stock":2.5}'), 'unreadable-reply'],
    ['no JSON', reply(200, 'three'), 'unreadable-reply'],
    ['an unknown item', html(400, 'Bad Request'), 'http-400'],
    ['silence', { status: 0, body: '', silence: 'timeout' } as Reply, 'timeout'],
  ])('is not known from %s', (_, answer, reason) => {
    expect(read(answer, NEW)).toMatchObject({ outcome: 'fail', reason });
    expect(protocol.view!.read(answer, NEW)).toMatchObject({ outcome: 'fail', reason });
  });

  test('as a view claims nothing', () => {
    expect(protocol.view!.read(item2021, OLD)).toEqual({ outcome: 'ok', reason: '', told: '' });
  });
});

describe('the state of an order', () => {
  const { say, read } = protocol.status!;
  const order = (paid: boolean, items: string) =>
    reply(200, `{"id":"${ORDER}","items":${items},"paid":${paid},"total_cost":10.0,"user_id":"u"}`);

  test('is a read of the order that stands ready', () => {
    expect(say(OLD).path).toBe(`/orders/find/${ORDER}`);
  });

  test('is paid, or as if there were none', () => {
    const told = { outcome: 'ok', reason: '', told: '', order: ORDER };
    expect(read(order(true, '[["i",1]]'), NEW)).toEqual({ ...told, state: 'paid' });
    expect(read(order(false, '["i","i"]'), OLD)).toEqual({ ...told, state: 'none', mayLag: true });
  });

  test('of many units is read to its end', () => {
    const units = JSON.stringify(Array<string>(1000).fill(ITEM));
    expect(read(order(true, units), OLD)).toMatchObject({ outcome: 'ok', state: 'paid' });
  });

  test('is not known from anything else', () => {
    expect(read(html(404, 'Not Found'), OLD)).toMatchObject({
      outcome: 'fail',
      reason: 'http-404',
    });
    expect(read(reply(200, '{"paid":"yes"}'), OLD)).toMatchObject({ reason: 'unreadable-reply' });
  });
});

test('nothing is held, paid for or given back in a step of its own', () => {
  expect(Object.keys(protocol).sort()).toEqual(['availability', 'purchase', 'status', 'view']);
});
