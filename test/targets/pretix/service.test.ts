import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Plan } from '../../../lib/model/plan.ts';
import { stateSchema } from '../../../lib/model/state.ts';
import type { Connection } from '../../../lib/targets/admin.ts';
import { optionsOf } from '../../../lib/targets/options.ts';
import { protocol } from '../../../lib/targets/pretix/protocol.ts';
import { pretix } from '../../../lib/targets/pretix/target.ts';
import { readFinalState } from '../../../lib/targets/settle.ts';
import { type Service, startService } from '../../target/service.ts';
import { connectionTo, intentsOf, knownOf, planOf } from '../connection.ts';
import { act as actOn, type Change, type Scene, sceneOf } from '../scene.ts';

/** Getting it for the first time on a machine takes minutes; afterwards it is a matter of seconds. */
const INSTALL_LIMIT_MS = 20 * 60_000;

const { admin } = pretix;
let service: Service;
beforeAll(async () => {
  service = await startService('pretix', '--processes', '3');
}, INSTALL_LIMIT_MS);
afterAll(() => service?.stop());

const connected = (...options: readonly string[]): Connection =>
  connectionTo(service.url, {
    token: service.environment.ONSALE_TOKEN!,
    options: optionsOf(pretix, options),
    timeoutMs: 60_000,
  });

const scene = (
  plan: Partial<Plan>,
  buyers: number,
  ...options: readonly string[]
): Promise<Scene> => sceneOf(admin, connected(...options), { plan, buyers });

const act = (scene: Scene, kind: keyof typeof protocol, i: number, change?: Change) =>
  actOn(protocol, scene, { kind, i, change });

const reading = ({ connection, fixture, intents }: Scene) =>
  admin.read(connection, knownOf(fixture, intents));

test('check finds nothing that differs, and tries no sale', async () => {
  const trials = await admin.check(connected());
  expect(trials.filter(({ got }) => got !== null)).toEqual([]);
  await admin.probe(connected());
});

describe('provisioning', () => {
  test('outlines, makes, and finds again: by run id', async () => {
    const intents = intentsOf(randomBytes(5).toString('hex'), 3, 2);
    const asked = { plan: planOf({ pools: 2, capacity: 4 }), intents };
    const connection = connected('question=yes');
    expect((await admin.outline(connection, asked)).join('\n')).toMatch(/^Make the event/);
    const first = await admin.provision(connection, asked);
    expect((await admin.outline(connection, asked)).join('\n')).toMatch(/^Use the event/);
    expect(await admin.provision(connection, asked)).toEqual(first);
    expect(first.secrets).toEqual({ shared: service.environment.ONSALE_TOKEN, buyers: null });
    expect(JSON.stringify(first.fixture)).not.toContain(service.environment.ONSALE_TOKEN);
    expect(first.fixture.pools).toMatchObject([
      { capacity: 4, remaining: 4, price: 2300 },
      { capacity: 4, remaining: 4, price: 2300 },
    ]);
  });

  test('an event with a price goes live: its page is open', async () => {
    const sale = await scene({}, 1);
    expect(await act(sale, 'view', 0)).toMatchObject({ outcome: 'ok' });
  });

  test('what was sold before is the baseline, and no longer for sale', async () => {
    const sale = await scene({ capacity: 3 }, 3);
    expect(await act(sale, 'purchase', 0)).toMatchObject({ outcome: 'ok' });
    const { fixture } = await admin.provision(sale.connection, sale.asked);
    expect(fixture.pools[0]).toMatchObject({ capacity: 2, remaining: 2 });
    expect(fixture.baselineOrders).toHaveLength(1);
    const again = { ...sale, fixture };
    expect(await act(again, 'purchase', 1)).toMatchObject({ outcome: 'ok' });
    const { orders } = await reading(again);
    expect(orders.map(({ intent }) => intent)).toEqual([sale.intents.intents[1]!.key]);
  });

  test('another plan under the same run id is the user’s to mend', async () => {
    const { connection, asked } = await scene({ capacity: 2 }, 1);
    const other = { ...asked, plan: planOf({ capacity: 9 }) };
    await expect(admin.provision(connection, other)).rejects.toMatchObject({
      parts: { where: '--run-id, --capacity' },
    });
  });

  test('goes whole where nothing was sold, and is closed where it was', async () => {
    const unsold = await scene({}, 1);
    const gone = await admin.deprovision(
      unsold.connection,
      knownOf(unsold.fixture, unsold.intents),
    );
    expect(gone.join()).toMatch(/went/);
    const sold = await scene({}, 1);
    await act(sold, 'purchase', 0);
    const kept = await admin.deprovision(sold.connection, knownOf(sold.fixture, sold.intents));
    expect(kept.join()).toMatch(/stays.*not live any more/);
    expect(await act(sold, 'view', 0)).toMatchObject({ outcome: 'fail' });
  });
});

describe('a sale', () => {
  test('of 51 and more is read back whole, over pages, and settles', async () => {
    const sale = await scene({ capacity: 53 }, 4);
    const bought = await Promise.all(
      [50, 2, 1].map((quantity, i) => act(sale, 'purchase', i, { quantity })),
    );
    expect(bought.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
    expect(await act(sale, 'purchase', 3)).toMatchObject({
      outcome: 'refused',
      reason: 'sold-out',
    });
    const known = knownOf(sale.fixture, sale.intents);
    const { connection } = sale;
    const state = await readFinalState({ target: pretix, connection, ...known, quietMs: 0 });
    expect(stateSchema.parse(state)).toMatchObject({
      ...{ settled: true, complete: true, exhaustive: true, keepsCancelled: true },
      pools: [{ remaining: 0 }],
    });
    const tickets = sale.intents.intents.map(
      ({ key }) => state.orders.filter(({ intent }) => intent === key).length,
    );
    expect(tickets).toEqual([50, 2, 1, 0]);
  });

  test('a purchase is replayed under its key, and can be asked about', async () => {
    const sale = await scene({}, 2);
    const first = await act(sale, 'purchase', 0);
    expect(await act(sale, 'purchase', 0)).toEqual(first);
    expect(await act(sale, 'resolve', 0)).toEqual(first);
    expect(await act(sale, 'resolve', 1)).toMatchObject({ outcome: 'info' });
    expect((await reading(sale)).orders).toHaveLength(1);
  });

  test('paid at once: prices, payments and rows agree; giving back returns no money', async () => {
    const sale = await scene({ capacity: 5 }, 2, 'status=p', 'price=9.99');
    const bought = await act(sale, 'purchase', 0, { quantity: 2 });
    expect(bought).toMatchObject({ outcome: 'ok', amount: 1998 });
    const other = await act(sale, 'purchase', 1);
    const given = await act(sale, 'cancel', 1, { order: other.order! });
    expect(given).toMatchObject({ outcome: 'ok', amount: 0 });
    const { orders, payments, pools } = await reading(sale);
    expect(orders.map(({ amount, state }) => `${amount} ${state}`).sort()).toEqual([
      '999 cancelled',
      '999 paid',
      '999 paid',
    ]);
    expect(payments!.map(({ amount, status }) => `${amount} ${status}`).sort()).toEqual([
      '1998 charged',
      '999 charged',
    ]);
    expect(pools[0]!.remaining).toBe(3);
  });

  test('an order is paid, given back, and its state told', async () => {
    const sale = await scene({}, 1);
    const { order } = await act(sale, 'purchase', 0);
    const stateNow = () => act(sale, 'status', 0, { order: order! });
    expect(await stateNow()).toMatchObject({ state: 'held' });
    expect(await act(sale, 'pay', 0, { order: order! })).toMatchObject({ outcome: 'ok' });
    expect(await stateNow()).toMatchObject({ state: 'paid' });
    expect(await act(sale, 'pay', 0, { order: order! })).toMatchObject({ outcome: 'fail' });
    expect(await act(sale, 'cancel', 0, { order: order! })).toMatchObject({ outcome: 'ok' });
    expect(await stateNow()).toMatchObject({ state: 'cancelled' });
    expect(await act(sale, 'availability', 0)).toMatchObject({ value: 2 });
  });
});

describe('carts', () => {
  test('hold, are paid in time, given back or refused', async () => {
    const sale = await scene({ capacity: 2 }, 3);
    const [paid, given] = [await act(sale, 'hold', 0), await act(sale, 'hold', 1)];
    expect(await act(sale, 'hold', 2)).toMatchObject({ outcome: 'refused', reason: 'sold-out' });
    expect((await reading(sale)).orders).toMatchObject([{ state: 'held' }, { state: 'held' }]);
    const bought = await act(sale, 'pay', 0, { order: paid.order! });
    expect(await act(sale, 'status', 0, { order: bought.order! })).toMatchObject({ state: 'paid' });
    expect(await act(sale, 'cancel', 1, { order: given.order! })).toMatchObject({ outcome: 'ok' });
    const { orders, pools } = await reading(sale);
    expect(orders).toMatchObject([
      { intent: sale.intents.intents[0]!.key, status: 'live', state: 'paid', amount: 2300 },
    ]);
    expect(pools[0]!.remaining).toBe(1);
  });

  test('that are over are rows that hold nothing, but where their buyer has paid late', async () => {
    const sale = await scene({ capacity: 2 }, 2, 'hold=1');
    const [late, never] = [await act(sale, 'hold', 0), await act(sale, 'hold', 1)];
    const over = async () =>
      (await act(sale, 'status', 1, { order: never.order! })).state === 'expired';
    await expect.poll(over, { timeout: 20_000 }).toBe(true);
    expect(await act(sale, 'pay', 0, { order: late.order! })).toMatchObject({ outcome: 'ok' });
    const { orders, pools } = await reading(sale);
    const told = orders.map(({ intent, status, state }) => `${intent?.at(-1)} ${status} ${state}`);
    expect(told.sort()).toEqual(['0 live paid', '1 cancelled expired']);
    expect(pools[0]!.remaining).toBe(1);
  });
});

test('a wrong token, an unknown organizer, and an event that went are told, not read as empty', async () => {
  const wrong = { ...connected(), token: 'canary-wrong' };
  await expect(admin.probe(wrong)).rejects.toMatchObject({
    parts: { remedy: expect.stringContaining('ONSALE_TOKEN') },
  });
  await expect(admin.probe(connected('organizer=nobody'))).rejects.toMatchObject({
    parts: { remedy: expect.stringContaining('--option organizer') },
  });
  const sale = await scene({}, 1);
  await admin.deprovision(sale.connection, knownOf(sale.fixture, sale.intents));
  await expect(reading(sale)).rejects.toMatchObject({ parts: { got: expect.any(String) } });
});
