import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { flaws } from '../../../target/boxoffice/flaws/registry.ts';
import { audit, CLEAN, CREDIT, tally } from './client.ts';
import {
  BUYERS,
  CAPACITY,
  type Found,
  host,
  playIn,
  raceIn,
  restOf,
  rush,
  type Scene,
  withAndWithout,
} from './scene.ts';

const RIGHT: Found = {
  codes: { '201': CAPACITY, sold_out: BUYERS - CAPACITY },
  audit: CLEAN,
  remaining: 0,
  lost: 0,
};
const some = expect.toSatisfy((n: number) => n > 0, 'above 0');

describe('everybody at once', () => {
  test('without a flaw exactly the capacity is sold and everybody is told the truth', async () => {
    expect(await playIn([], rush)).toEqual(RIGHT);
  });

  test('check-then-act oversells, and its counter goes below zero by as much', async () => {
    const flawed = await raceIn('check-then-act', rush, ({ audit }) => audit.oversold > 0);
    const { oversold } = flawed.audit;
    expect(oversold).toBeGreaterThan(0);
    const codes = { '201': CAPACITY + oversold, sold_out: BUYERS - CAPACITY - oversold };
    const found = { ...RIGHT, codes, remaining: -oversold, audit: { ...CLEAN, oversold } };
    expect(flawed).toEqual(found);
  });

  test('lost-update shows tickets that it does not have', async () => {
    const flawed = await raceIn('lost-update', rush, ({ remaining }) => remaining > 0);
    expect(flawed).toEqual({
      ...RIGHT,
      remaining: some,
      audit: { ...CLEAN, stockDrift: flawed.remaining },
    });
  });

  test('ack-before-commit loses orders that it has acknowledged', async () => {
    const flawed = await raceIn('ack-before-commit', rush, ({ lost }) => lost > 0);
    expect(flawed.lost).toBeGreaterThan(0);
    expect(flawed.audit).toEqual(CLEAN);
  });

  test('partial-fulfilment gives some buyers fewer than they asked for', async () => {
    const mixed = (scene: Scene) => rush(scene, { quantities: [1, 4, 2, 3] });
    const flawed = await raceIn('partial-fulfilment', mixed, ({ lost }) => lost > 0);
    expect(flawed).toEqual({ ...RIGHT, codes: expect.anything(), lost: some });
  });

  test('error-after-commit turns buyers away who own a ticket', async () => {
    const flawed = await playIn(['error-after-commit'], rush);
    const refused = -flawed.lost;
    expect(refused).toBeGreaterThan(0);
    const codes = { '201': CAPACITY - refused, sold_out: BUYERS - CAPACITY + refused };
    expect(flawed).toEqual({ ...RIGHT, codes, lost: -refused });
  });

  test('missing-compensation keeps the money of those who got nothing', async () => {
    const flawed = await playIn(['missing-compensation'], rush);
    const moneyDrift = (BUYERS - CAPACITY) * 1000;
    expect(flawed).toEqual({ ...RIGHT, audit: { ...CLEAN, moneyDrift } });
  });

  test('phantom-order books for somebody who asked for nothing', async () => {
    const found = await playIn(['phantom-order'], async ({ open, send }) => {
      const sale = await open({ pools: [{ capacity: 2 * BUYERS }], buyers: BUYERS });
      const body = { pool: sale.pools[0], quantity: 1 };
      const buy = (buyer: string, i: number) => send(i, 'POST /purchases', { ...body, buyer });
      const codes = tally(await Promise.all(sale.buyers.map(buy)));
      const strangers = async () => (await audit(host.sql, sale)).strangers;
      await expect.poll(strangers, { timeout: 10_000, interval: 50 }).toBeGreaterThan(0);
      return { codes, audit: await audit(host.sql, sale) };
    });
    expect(found).toEqual({ codes: { '201': BUYERS }, audit: { ...CLEAN, strangers: some } });
  });

  test('false-5xx answers 500 to buyers whose order stands', async () => {
    const flawed = await raceIn('false-5xx', rush, ({ codes }) => codes.internal !== undefined);
    const untold = flawed.codes.internal!;
    expect(untold).toBeGreaterThan(0);
    const codes = { ...RIGHT.codes, '201': CAPACITY - untold, internal: untold };
    expect(flawed).toEqual({ ...RIGHT, codes, lost: -untold });
  });

  test('error-bursts turns many away and sells rightly to the others', async () => {
    const everybody = async ({ open, send }: Scene) => {
      const sale = await open({ pools: [{ capacity: 400 }], buyers: 300 });
      const body = { pool: sale.pools[0], quantity: 1 };
      const buy = (buyer: string) => send(0, 'POST /purchases', { ...body, buyer });
      const codes = tally(await Promise.all(sale.buyers.map(buy)));
      return { codes, audit: await audit(host.sql, sale) };
    };
    const found = await raceIn('error-bursts', everybody, ({ codes }) => 'overloaded' in codes);
    expect(found).toEqual({ codes: { '201': some, overloaded: some }, audit: CLEAN });
  });

  test('slow-tail is right in everything', async () => {
    expect(await playIn(['slow-tail'], rush)).toEqual(RIGHT);
  });

  test('same-seat-twice sells a seat to several', async () => {
    const seat = async ({ send, open }: Scene) => {
      const sale = await open({ pools: [{ capacity: 60, seats: 60 }], buyers: 120 });
      const replies = await Promise.all(
        sale.buyers.map((buyer, i) => {
          const body = {
            buyer,
            pool: sale.pools[0],
            quantity: 1,
            seat: `A${1 + Math.floor(i / 4)}`,
          };
          return send(i, 'POST /purchases', body);
        }),
      );
      return { codes: tally(replies), audit: await audit(host.sql, sale) };
    };
    const { flawed, correct } = await withAndWithout(
      'same-seat-twice',
      seat,
      ({ audit }) => audit.sharedSeats > 0,
    );
    expect(correct).toEqual({ codes: { '201': 30, seat_taken: 90 }, audit: CLEAN });
    expect(flawed.audit).toEqual({ ...CLEAN, sharedSeats: some });
  });

  test('buyer-limit-race lets a buyer past the limit', async () => {
    const greedy = async ({ send, open }: Scene) => {
      const sale = await open({ pools: [{ capacity: 200 }], limitPerBuyer: 2, buyers: 10 });
      const buy = (_: unknown, i: number) =>
        send(i, 'POST /purchases', {
          buyer: sale.buyers[Math.floor(i / 10)],
          pool: sale.pools[0],
          quantity: 1,
        });
      return {
        codes: tally(await Promise.all(Array.from({ length: 100 }, buy))),
        audit: await audit(host.sql, sale),
      };
    };
    const { flawed, correct } = await withAndWithout(
      'buyer-limit-race',
      greedy,
      ({ audit }) => audit.aboveLimit > 0,
    );
    expect(correct).toEqual({ codes: { '201': 20, limit_reached: 80 }, audit: CLEAN });
    expect(flawed.audit).toEqual({ ...CLEAN, aboveLimit: some });
  });
});

describe('step by step', () => {
  const oneOf = async (scene: Scene, event: object = {}, pool: object = { capacity: 3 }) => {
    const sale = await scene.open({ pools: [pool], ...event });
    const [id] = sale.pools;
    const body = { buyer: sale.buyers[0], pool: id, quantity: 1 };
    return {
      sale,
      buy: (i = 0, key?: string) =>
        scene.send(i, 'POST /purchases', body, key === undefined ? {} : { 'idempotency-key': key }),
      buyMany: (quantity: number) => scene.send(0, 'POST /purchases', { ...body, quantity }),
      hold: async () => (await scene.send(0, 'POST /holds', body)).json.order as string,
      pay: (order: string) => scene.send(0, `POST /orders/${order}/payment`, { amountCents: 1000 }),
      cancel: (order: string) => scene.send(0, `POST /orders/${order}/cancel`),
      status: async (order: string) =>
        (await scene.send(0, `GET /orders/${order}`)).json.status as string,
      remaining: async () => (await scene.send(0, `GET /pools/${id}`)).json.remaining as number,
    };
  };

  test('retry-without-idempotency books and charges twice', async () => {
    const { flawed, correct } = await withAndWithout('retry-without-idempotency', async (scene) => {
      const { buy, remaining, sale } = await oneOf(scene);
      const replies = [await buy(0, `retry-${sale.event}`), await buy(0, `retry-${sale.event}`)];
      const credit = (await scene.send(0, `GET /buyers/${sale.buyers[0]}`)).json.creditCents;
      return [new Set(replies.map(({ text }) => text)).size, await remaining(), CREDIT - credit];
    });
    expect({ flawed, correct }).toEqual({ flawed: [2, 1, 2000], correct: [1, 2, 1000] });
  });

  test('double-compensation gives tickets and money back twice', async () => {
    const { flawed, correct } = await withAndWithout('double-compensation', async (scene) => {
      const { buy, cancel, sale } = await oneOf(scene);
      const { status } = await cancel((await buy()).json.order);
      await restOf(sale);
      return { status, audit: await audit(host.sql, sale) };
    });
    expect(correct).toEqual({ status: 200, audit: CLEAN });
    expect(flawed).toEqual({ status: 200, audit: { ...CLEAN, stockDrift: 1, moneyDrift: 1000 } });
  });

  test('hold-never-released keeps the tickets of a hold that nobody can pay for', async () => {
    const { flawed, correct } = await withAndWithout('hold-never-released', async (scene) => {
      const { hold, pay, remaining, status } = await oneOf(scene, { holdMs: 40 });
      const order = await hold();
      // Eight rounds of the sweeper.
      await sleep(2000);
      return [(await pay(order)).json.code, await status(order), await remaining()];
    });
    expect({ flawed, correct }).toEqual({
      flawed: ['expired', 'held', 2],
      correct: ['expired', 'expired', 3],
    });
  });

  test('paid-after-expiry takes money that is late', async () => {
    const { flawed, correct } = await withAndWithout('paid-after-expiry', async (scene) => {
      const { hold, pay, sale } = await oneOf(scene, { holdMs: 40 });
      const order = await hold();
      await sleep(60);
      return { status: (await pay(order)).status, audit: await audit(host.sql, sale) };
    });
    expect(correct).toEqual({ status: 409, audit: CLEAN });
    expect(flawed).toEqual({ status: 200, audit: CLEAN });
  });

  test('early-sale sells up to two seconds before the opening', async () => {
    const { flawed, correct } = await withAndWithout('early-sale', async (scene) => {
      const statuses = [];
      for (const aheadMs of [1900, 60_000]) {
        const opensAt = new Date(Date.now() + aheadMs).toISOString();
        statuses.push((await (await oneOf(scene, { opensAt })).buy()).status);
      }
      return statuses;
    });
    expect({ flawed, correct }).toEqual({ flawed: [201, 409], correct: [409, 409] });
  });

  test.each(['cached-availability', 'lagging-replica'])(
    '%s does not see a purchase at once',
    async (flaw) => {
      const seen = async (scene: Scene) => {
        const { buy, remaining } = await oneOf(scene, {}, { capacity: 40 });
        const missed = [];
        for (let sold = 0; sold < 10; sold += 1) {
          missed.push((await remaining()) !== 40 - sold);
          await buy();
        }
        return missed.includes(true);
      };
      const missed = (found: boolean) => found;
      expect(await withAndWithout(flaw, seen, missed)).toEqual({ flawed: true, correct: false });
    },
  );

  test('backwards-status tells an order held that it has told paid', async () => {
    const { flawed, correct } = await withAndWithout('backwards-status', async (scene) => {
      const { hold, pay, status } = await oneOf(scene);
      const order = await hold();
      await pay(order);
      return [await status(order), await status(order), await status(order)];
    });
    expect(correct).toEqual(['paid', 'paid', 'paid']);
    expect(flawed).toEqual(['held', 'paid', 'held']);
  });

  test('sticky-sold-out turns people away although tickets remain', async () => {
    const { flawed, correct } = await withAndWithout('sticky-sold-out', async (scene) => {
      const { buy, buyMany, remaining } = await oneOf(scene);
      const statuses = [(await buyMany(4)).status, (await buy()).status];
      return [...statuses, await remaining()];
    });
    expect({ flawed, correct }).toEqual({ flawed: [409, 409, 3], correct: [409, 201, 2] });
  });
});

test('every flaw has a name that a command line takes, and one sentence', () => {
  expect(new Set(flaws.map(({ name }) => name)).size).toBe(flaws.length);
  for (const { name, bug } of flaws) {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
    expect(bug).toMatch(/^[A-Z].{30,160}\.$/);
  }
});

test('the documentation has a row for each flaw and for no other', () => {
  const text = readFileSync('docs/reference-api.md', 'utf8').split('## Flaws')[1]!;
  const named = [...text.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, name]) => name);
  expect(named.sort()).toEqual(flaws.map(({ name }) => name).sort());
});
