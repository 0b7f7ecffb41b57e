import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Service, startService } from '../service.ts';
import { order, type Sale, Shop } from './shop.ts';

/** Getting it for the first time on a machine takes minutes; afterwards it is a matter of seconds. */
const INSTALL_LIMIT_MS = 20 * 60_000;

let service: Service;
let shop: Shop;
let open: Sale;
beforeAll(async () => {
  service = await startService('pretix', '--processes', '3');
  shop = new Shop(service);
  open = await shop.sale(1000);
}, INSTALL_LIMIT_MS);
afterAll(() => service?.stop());

describe('who is let in', () => {
  test('the health check needs nothing, the version needs the token', async () => {
    expect((await fetch(`${service.url}/healthcheck/`)).status).toBe(200);
    const version = await shop.call('GET', 'version');
    expect(version).toMatchObject({ status: 200, body: { pretix: '2026.8.0' } });
    expect((await fetch(`${service.url}/api/v1/version`)).status).toBe(403);
  });

  test.each([
    ['no token', 401, { Authorization: '' }],
    ['a wrong token', 401, { Authorization: 'Token wrong' }],
    ['another media type', 415, { 'Content-Type': 'text/plain' }],
  ])('%s: %i', async (_, status, headers) => {
    const answer = await shop.buy(open, { headers });
    expect(answer.status).toBe(status);
    expect(answer.body.detail).toEqual(expect.any(String));
    if (status === 401) expect(answer.headers.get('www-authenticate')).toBe('Token');
  });

  test.each(['organizers/onsale/events/none/', 'organizers/none/events/none/'])(
    '%s is forbidden, not missing',
    async (path) => {
      const answer = await shop.buy({ ...open, path });
      expect(answer.status).toBe(403);
      expect(answer.body.detail).toMatch(/permission/);
    },
  );

  test('an organizer cannot be made by REST', async () => {
    const answer = await shop.call('POST', 'organizers/', { body: { name: 'A', slug: 'a' } });
    expect(answer.status).toBe(405);
  });
});

describe('a purchase', () => {
  test('is answered with the order, and unknown keys are ignored', async () => {
    const answer = await shop.buy(open, { body: { ...order(open, 2), detail: 'stray' } });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      code: expect.stringMatching(/^[A-Z0-9]{5}$/),
      status: 'n',
      total: '46.00',
      positions: [{ item: open.item, price: '23.00', canceled: false }, { item: open.item }],
    });
    expect(answer.headers.get('location')).toContain(answer.body.code);
  });

  test('is paid at once where it says so, with a provider that is there', async () => {
    const paid = { ...order(open), status: 'p', payment_provider: 'manual' };
    expect((await shop.buy(open, { body: paid })).body).toMatchObject({ status: 'p' });
    const answer = await shop.buy(open, { body: { ...paid, payment_provider: 'none' } });
    expect(answer).toMatchObject({ status: 400, body: { payment_provider: [expect.anything()] } });
  });

  test('that is only simulated leaves nothing', async () => {
    const before = await shop.availability(open);
    const answer = await shop.buy(open, { body: { ...order(open), simulate: true } });
    expect(answer).toMatchObject({ status: 201, body: { code: 'PREVIEW' } });
    expect(await shop.availability(open)).toEqual(before);
  });

  test.each([
    ['a bad address', () => ({ ...order(open), email: 'nobody' }), { email: [expect.anything()] }],
    ['no positions', () => ({ ...order(open), positions: [] }), { positions: [expect.anything()] }],
    [
      'an unknown item',
      () => order({ ...open, item: 999_999 }),
      { positions: [{ item: [expect.stringContaining('Invalid pk')] }] },
    ],
    ['broken JSON', () => '{"email":', { detail: expect.stringContaining('JSON parse error') }],
  ])('with %s: 400 and which', async (_, body, expected) => {
    const answer = await shop.buy(open, { body: body() });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject(expected);
  });

  test.each([
    ['en', /not enough quota/],
    ['de', /Kontingent/],
  ])(
    'of the last ticket leaves none; "%s" says so with the quota’s name',
    async (language, words) => {
      const sale = await shop.sale(1);
      expect((await shop.buy(sale)).status).toBe(201);
      const headers = { 'Accept-Language': language };
      const answer = await shop.buy(sale, { headers, body: order(sale, 2) });
      expect(answer.status).toBe(400);
      const text = answer.body.positions[0].item[0];
      expect(text).toContain(sale.marker);
      expect(text).toMatch(words);
      expect(await shop.availability(sale)).toMatchObject({
        ...{ paid_orders: 0, pending_orders: 1, total_size: 1 },
        ...{ available: false, available_number: 0 },
      });
    },
  );

  test('of a product without a quota is refused', async () => {
    const body = { name: { en: 'Bare' }, default_price: '1.00' };
    const { id } = (await shop.call('POST', `${open.path}items/`, { body })).body;
    const answer = await shop.buy({ ...open, item: id }, { body: order({ ...open, item: id }) });
    expect(answer.status).toBe(400);
  });
});

describe('one key', () => {
  test('is answered once, byte by byte, and can be asked for', async () => {
    const sale = await shop.sale(5);
    const headers = { 'X-Idempotency-Key': 'one' };
    const body = order(sale);
    const first = await shop.buy(sale, { headers, body });
    const again = await shop.buy(sale, { headers, body });
    expect(first.status).toBe(201);
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    const asked = await shop.call('GET', 'idempotency_query?key=one');
    expect([asked.status, asked.text]).toEqual([201, first.text]);
    expect((await shop.call('GET', 'idempotency_query?key=never')).status).toBe(404);
    expect(await shop.availability(sale)).toMatchObject({ pending_orders: 1 });
  });

  test('of a purchase that was too busy may be tried again', async () => {
    const headers = { 'X-Idempotency-Key': 'busy' };
    const body = order(open);
    const query = '?_debug_flag=fail-locking';
    expect((await shop.buy(open, { headers, body, query })).status).toBe(409);
    expect((await shop.buy(open, { headers, body })).status).toBe(201);
  });
});

test('a cart position holds a ticket until it is bought or released', async () => {
  const sale = await shop.sale(1);
  const cart = {
    item: sale.item,
    variation: null,
    price: '23.00',
    attendee_name_parts: { full_name: 'B' },
    answers: [],
    expires: '2099-12-30T10:00:00Z',
  };
  const hold = (body: unknown) => shop.call('POST', `${sale.path}cartpositions/`, { body });
  expect((await hold({ ...cart, expires: null })).status).toBe(400);
  const released = await hold(cart);
  expect(released).toMatchObject({
    status: 201,
    body: { cart_id: expect.stringMatching(/@api$/) },
  });
  expect((await shop.buy(sale)).status).toBe(400);
  const { id } = released.body;
  expect((await shop.call('DELETE', `${sale.path}cartpositions/${id}/`)).status).toBe(204);
  const held = await hold(cart);
  expect(await shop.availability(sale)).toMatchObject({ cart_positions: 1, available_number: 0 });
  const body = { ...order(sale), consume_carts: [held.body.cart_id] };
  expect((await shop.buy(sale, { body })).status).toBe(201);
  expect(await shop.availability(sale)).toMatchObject({ cart_positions: 0, pending_orders: 1 });
});

test('an order is paid or cancelled once; a cancelled one gives its ticket back', async () => {
  const sale = await shop.sale(2);
  const code = async () => (await shop.buy(sale)).body.code;
  const step = (of: string, what: string, body: unknown = {}) =>
    shop.call('POST', `${sale.path}orders/${of}/${what}/`, { body });
  const paid = await code();
  expect(await step(paid, 'mark_paid')).toMatchObject({ status: 200, body: { status: 'p' } });
  expect((await step(paid, 'mark_paid')).status).toBe(400);
  const cancelled = await code();
  const quiet = { send_email: false };
  expect(await step(cancelled, 'mark_canceled', quiet)).toMatchObject({ body: { status: 'c' } });
  expect((await step(cancelled, 'mark_canceled', quiet)).status).toBe(400);
  expect(await shop.availability(sale)).toMatchObject({
    ...{ paid_orders: 1, pending_orders: 0, available_number: 1 },
  });
  expect((await shop.call('DELETE', `${sale.path}orders/${paid}/`)).status).toBe(403);
});

test('a purchase that waits for a lock too long is not sold, and told when to come back', async () => {
  const sale = await shop.sale(5);
  const sql = new pg.Client({ connectionString: service.environment.ONSALE_DATABASE_URL });
  await sql.connect();
  // As pretix locks a quota: its number, shifted, with a 2 for what it is.
  await sql.query('SELECT pg_advisory_lock($1)', [String((BigInt(sale.quota) << 16n) | 2n)]);
  const answer = await shop.buy(sale);
  await sql.end();
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([409, '5']);
  expect(await shop.availability(sale)).toMatchObject({ pending_orders: 0 });
  expect((await shop.buy(sale)).status).toBe(201);
});

test('a rush is sold to the last ticket and no further, and read back 50 a page', async () => {
  const sale = await shop.sale(51);
  const statuses = await shop.rush(sale, 60);
  expect(statuses.filter((status) => status === 201)).toHaveLength(51);
  expect(statuses.filter((status) => status === 400)).toHaveLength(9);
  const pages = await shop.call('GET', `${sale.path}orders/?page_size=500`);
  expect(pages.body).toMatchObject({ count: 51, previous: null });
  expect(pages.body.results).toHaveLength(50);
  expect(pages.body.next).toContain(service.url);
  expect(pages.headers.get('x-page-generated')).toEqual(expect.any(String));
  const positions = await shop.call('GET', `${sale.path}orderpositions/?item=${sale.item}`);
  expect(positions.body.count).toBe(51);
});

describe('the switches of pretix', () => {
  test('fail-locking: 409, when to come back, and nothing sold', async () => {
    const sale = await shop.sale(5);
    const answer = await shop.buy(sale, { query: '?_debug_flag=fail-locking' });
    expect(answer.status).toBe(409);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(answer.body.detail).toMatch(/too busy/);
    expect(await shop.availability(sale)).toMatchObject({ pending_orders: 0 });
  });

  test('a forced purchase is sold beyond the quota, which then says 0 and not less', async () => {
    const sale = await shop.sale(0);
    expect((await shop.buy(sale, { body: { ...order(sale), force: true } })).status).toBe(201);
    expect(await shop.availability(sale)).toMatchObject({
      ...{ available_number: 0, pending_orders: 1, total_size: 0 },
    });
  });
});

describe('provisioning', () => {
  test('an event that is not live has no page, and the API sells all the same', async () => {
    const event = await shop.call('GET', open.path);
    expect(event.body.live).toBe(false);
    expect((await fetch(`${service.url}/onsale/event-1/`)).status).toBe(403);
    expect((await shop.buy(open)).status).toBe(201);
  });

  test('one that asks for money goes live where its organizer lets it be paid by hand', async () => {
    const paid = await shop.sale(1);
    expect((await shop.call('PATCH', paid.path, { body: { live: true } })).status).toBe(200);
  });

  test('manual payment cannot be switched on by REST', async () => {
    const path = `${open.path}settings/`;
    const body = { payment_manual__enabled: true };
    expect((await shop.call('PATCH', path, { body })).status).toBe(200);
    expect((await shop.call('GET', path)).body).not.toHaveProperty('payment_manual__enabled');
  });

  test('a free shop’s page comes with its style', async () => {
    const sale = await shop.sale(10);
    const free = { default_price: '0.00' };
    await shop.call('PATCH', `${sale.path}items/${sale.item}/`, { body: free });
    const live = await shop.call('PATCH', sale.path, { body: { live: true } });
    expect(live.status, live.text).toBe(200);
    const page = await fetch(`${service.url}/${sale.path.replace(/organizers\/|events\//g, '')}`);
    expect(page.status).toBe(200);
    const html = await page.text();
    expect(html).toContain('Regular ticket');
    const style = /href="([^"]+\.css)"/.exec(html)?.[1];
    const answer = await fetch(new URL(style!, service.url));
    expect(answer.headers.get('content-type')).toContain('text/css');
    expect(answer.status).toBe(200);
  });
});
