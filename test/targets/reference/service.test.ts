import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RunFailure, UsageFailure } from '../../../lib/model/failure.ts';
import type { Fixture } from '../../../lib/model/fixture.ts';
import type { Plan } from '../../../lib/model/plan.ts';
import { stateSchema } from '../../../lib/model/state.ts';
import type { Connection } from '../../../lib/targets/admin.ts';
import { optionsOf } from '../../../lib/targets/options.ts';
import { protocol } from '../../../lib/targets/reference/protocol.ts';
import { reference } from '../../../lib/targets/reference/target.ts';
import { readFinalState } from '../../../lib/targets/settle.ts';
import { type Service, startService } from '../../target/service.ts';
import { connectionTo, intentsOf, knownOf, planOf } from '../connection.ts';
import { startServer } from '../hostile-server.ts';
import { act as actOn, type Change, type Scene, sceneOf } from '../scene.ts';

const { admin } = reference;
let service: Service;
beforeAll(async () => {
  service = await startService('reference', '--processes', '2');
});
afterAll(() => service?.stop());

const connected = (...options: readonly string[]): Connection =>
  connectionTo(service.url, { options: optionsOf(reference, options) });

const scene = (
  plan: Partial<Plan>,
  buyers: number,
  ...options: readonly string[]
): Promise<Scene> => sceneOf(admin, connected(...options), { plan, buyers });

const act = (scene: Scene, kind: keyof typeof protocol, i: number, change?: Change) =>
  actOn(protocol, scene, { kind, i, change });

const reading = ({ connection, fixture, intents }: Scene) =>
  admin.read(connection, knownOf(fixture, intents));
const endOf = ({ intent }: { intent: string | null }) => intent?.split('-').at(-1);

test('check finds nothing that differs, and leaves nothing', async () => {
  const trials = await admin.check(connected());
  expect(trials.filter(({ got }) => got !== null)).toEqual([]);
  await admin.probe(connected());
  const events = await (await fetch(`${service.url}/events?limit=1000`)).text();
  expect(events).not.toContain('Onsale check');
});

describe('provisioning', () => {
  test('outlines, makes, and finds again: by run id', async () => {
    const intents = intentsOf(randomBytes(5).toString('hex'), 5, 2);
    const asked = { plan: planOf({ pools: 2, capacity: 7, seats: true }), intents };
    const connection = connected('limit=3', 'opens=0', 'hold=9', 'late=accept');
    expect((await admin.outline(connection, asked))[0]).toMatch(/^Make the event/);
    const { fixture } = await admin.provision(connection, asked);
    expect((await admin.outline(connection, asked))[0]).toMatch(/^Use the event/);
    const again = await admin.provision(connection, asked);
    const untimed = ({ rules, ...rest }: Fixture) => ({
      ...rest,
      rules: { ...rules, clockSkewMs: 0 },
    });
    expect(untimed(again.fixture)).toEqual(untimed(fixture));
    expect(fixture.pools.map(({ capacity, seats }) => [capacity, seats?.at(-1)])).toEqual([
      [7, 'A7'],
      [7, 'A7'],
    ]);
    expect(fixture.rules).toMatchObject({ buyerLimit: 3, holdMs: 9000, latePayment: 'accept' });
    expect(new Set(fixture.buyers.map(({ id }) => id)).size).toBe(5);
  });

  test('intents of one buyer share an account', async () => {
    const intents = intentsOf(randomBytes(5).toString('hex'), 3);
    const shared = { ...intents, intents: intents.intents.map((each) => ({ ...each, buyer: 0 })) };
    const { fixture } = await admin.provision(connected(), { plan: planOf(), intents: shared });
    expect(new Set(fixture.buyers.map(({ id }) => id)).size).toBe(1);
  });

  test('what was sold, spent and seated before is where the run starts from', async () => {
    const sale = await scene({ capacity: 4, seats: true }, 2, 'credit=5000');
    expect(await act(sale, 'purchase', 0, { seat: 'A2' })).toMatchObject({ outcome: 'ok' });
    const { fixture } = await admin.provision(sale.connection, sale.asked);
    expect(fixture.pools[0]).toMatchObject({ capacity: 3, seats: ['A1', 'A3', 'A4'] });
    expect(fixture.buyers.map(({ credit }) => credit)).toEqual([4000, 5000]);
    expect(fixture.baselineOrders).toHaveLength(1);
    const { orders, payments } = await reading({ ...sale, fixture });
    expect([orders, payments]).toEqual([[], []]);
  });

  test.each<[string, Partial<Plan>, string[]]>([
    ['another capacity', { capacity: 9 }, []],
    ['seats', { seats: true }, []],
    ['another price', {}, ['price=5']],
    ['another hold', {}, ['hold=5']],
    ['a limit', {}, ['limit=5']],
  ])('%s under the same run id is the user’s to mend', async (_, plan, options) => {
    const { asked } = await scene({ capacity: 2 }, 1);
    const other = { ...asked, plan: planOf({ capacity: 2, ...plan }) };
    const failure: unknown = await admin
      .provision(connected(...options), other)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageFailure);
    expect((failure as UsageFailure).parts.where).toBe('--run-id');
  });

  test('goes whole, and says so when it is gone', async () => {
    const sale = await scene({}, 1);
    await act(sale, 'purchase', 0);
    const known = knownOf(sale.fixture, sale.intents);
    expect((await admin.deprovision(sale.connection, known)).join()).toMatch(/ went /);
    expect((await admin.deprovision(sale.connection, known)).join()).toMatch(
      /no event .* any more/,
    );
    await expect(reading(sale)).rejects.toThrow(RunFailure);
  });
});

describe('read back', () => {
  test('orders of every state with their money, seats one by one, and it settles', async () => {
    const sale = await scene({ capacity: 10, seats: true }, 5, 'hold=1');
    await act(sale, 'purchase', 0, { quantity: 3 });
    const given = await act(sale, 'purchase', 1);
    await act(sale, 'cancel', 1, { order: given.order! });
    const held = await act(sale, 'hold', 2, { seat: 'A10' });
    await act(sale, 'pay', 2, { order: held.order! });
    const left = await act(sale, 'hold', 3);
    const over = async () => (await act(sale, 'status', 3, { order: left.order! })).state;
    await expect.poll(over, { timeout: 10_000 }).toBe('expired');
    const { connection, fixture, intents } = sale;
    const known = knownOf(fixture, intents);
    const state = await readFinalState({ target: reference, connection, ...known, quietMs: 1000 });
    expect(stateSchema.parse(state)).toMatchObject({
      ...{ settled: true, complete: true, exhaustive: true, keepsCancelled: true },
      pools: [{ remaining: 6 }],
    });
    const told = state.orders.map(
      (row) => `${endOf(row)} ${row.status} ${row.state} ${row.amount} × ${row.quantity}`,
    );
    expect(told.sort()).toEqual([
      '0 live paid 1000 × 1',
      '0 live paid 1000 × 1',
      '0 live paid 1000 × 1',
      '1 cancelled cancelled 0 × 1',
      '2 live paid 1000 × 1',
      '3 cancelled expired 0 × 1',
    ]);
    const live = state.orders.filter(({ status }) => status === 'live');
    expect(new Set(live.map(({ seat }) => seat)).size).toBe(4);
    const moved = state.payments!.map((each) => `${endOf(each)} ${each.amount} ${each.status}`);
    expect(moved.sort()).toEqual([
      '0 3000 charged',
      '1 1000 charged',
      '1 1000 refunded',
      '2 1000 charged',
    ]);
    expect(state.accounts!.map(({ credit }) => credit).sort()).toEqual([
      ...[1_000_000, 1_000_000, 1_000_000, 997_000, 999_000].sort(),
    ]);
  });

  test('strangers and background orders are rows without an intent of ours', async () => {
    const [sale, other] = [await scene({ capacity: 5 }, 1), await scene({}, 1)];
    await act(
      { ...other, fixture: { ...other.fixture, pools: sale.fixture.pools } },
      'purchase',
      0,
    );
    const { orders } = await reading(sale);
    expect(orders.map(({ intent }) => intent)).toEqual([other.intents.intents[0]!.key]);
  });

  test('1,001 orders come over two pages', async () => {
    const sale = await scene({ capacity: 2000 }, 1, 'price=1');
    const pool = sale.fixture.pools[0]!.id;
    await Promise.all(
      Array.from({ length: 1001 }, (_, i) =>
        fetch(`${service.url}/purchases`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({
            ...{ buyer: sale.fixture.buyers[0]!.id, pool, quantity: 1 },
            metadata: { intent: `stranger-${i}` },
          }),
        }).then((reply) => reply.text()),
      ),
    );
    const { orders, pools } = await reading(sale);
    expect([orders.length, pools[0]!.remaining]).toEqual([1001, 999]);
  });
});

describe('a box office that does not tell the truth', () => {
  /** In front of the real one, with pages of ten, one of which is changed on its way. */
  async function through(
    change: (path: string, body: string) => string,
  ): Promise<Connection & { stop: () => Promise<void> }> {
    const proxy = await startServer(async (request, reply) => {
      const path = request.url ?? '';
      const answer = await fetch(`${service.url}${path}`, { method: request.method ?? 'GET' });
      reply.writeHead(answer.status, { 'Content-Type': 'application/json' });
      reply.end(change(path, await answer.text()));
    });
    return { ...connected(), url: proxy.url, timeoutMs: 3000, stop: proxy.stop };
  }

  test.each([
    ['loses a page', (content: { orders: unknown[] }) => ({ ...content, orders: [] }), / of them/],
    ['has more than it says', (content: object) => ({ ...content, total: 1 }), / of them/],
    ['lists what is no order', (content: object) => ({ ...content, orders: [{}] }), /does not fit/],
    ['says nothing that can be read', () => 'soon', /does not fit/],
  ])('%s: no reading, and it is said', async (_, change, words) => {
    const sale = await scene({ capacity: 5 }, 2);
    for (const i of [0, 1]) await act(sale, 'purchase', i);
    const { stop, ...connection } = await through((path, body) =>
      path.startsWith('/orders?') ? JSON.stringify(change(JSON.parse(body))) : body,
    );
    const failure: unknown = await reading({ ...sale, connection }).catch(
      (error: unknown) => error,
    );
    await stop();
    expect(failure).toBeInstanceOf(RunFailure);
    expect((failure as RunFailure).parts.got).toMatch(words);
  });

  test('forgets a buyer: the reading is not complete, and says why', async () => {
    const sale = await scene({}, 3);
    const { stop, ...connection } = await through((path, body) => {
      if (!path.startsWith('/buyers?')) return body;
      const content = JSON.parse(body) as { total: number; buyers: unknown[] };
      return JSON.stringify({ ...content, total: 2, buyers: content.buyers.slice(1) });
    });
    const { complete, caveats } = await reading({ ...sale, connection });
    await stop();
    expect({ complete, caveats }).toEqual({
      complete: false,
      caveats: ['The box office lists no account of 1 buyers.'],
    });
  });
});

test('what is no box office is found before any load', async () => {
  const other = await startServer((_, reply) => reply.end('{"service":"something else"}'));
  const failure: unknown = await admin
    .probe({ ...connected(), url: other.url })
    .catch((error: unknown) => error);
  await other.stop();
  expect(failure).toBeInstanceOf(RunFailure);
});
