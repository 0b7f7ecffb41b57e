import { describe, expect, test } from 'vitest';
import { flaws } from '../../target/flaws/registry.ts';
import { raceUntil } from '../race.ts';
import { makeTicket, makeUsers, type Rush, rush, send, startService } from './service.ts';

const BUYERS = 2000;
const CAPACITY = 500;
const MIXED = [1, 4, 2, 3];

interface Traces {
  /** Tickets promised by a 200. */
  readonly acknowledged: number;
  readonly orders: number;
  readonly remaining: number;
  readonly strangers: number;
  readonly lost: number;
  readonly partial: number;
  readonly double: number;
  /** Turned away by a 400 and an owner all the same. */
  readonly refusedOwners: number;
  /** Not told by a 5xx, and an owner. */
  readonly untoldOwners: number;
  readonly untold: number;
}

function traces({ told, orders, remaining, strangers }: Rush): Traces {
  const ok = told.filter(({ status }) => status === 200);
  const refused = told.filter(({ status }) => status === 400);
  const untold = told.filter(({ status }) => status >= 500);
  expect(ok.length + refused.length + untold.length).toBe(told.length);
  return {
    acknowledged: ok.reduce((sum, { quantity }) => sum + quantity, 0),
    orders,
    remaining,
    strangers,
    lost: ok.filter(({ owned }) => owned === 0).length,
    partial: ok.filter(({ owned, quantity }) => owned > 0 && owned < quantity).length,
    double: ok.filter(({ owned, quantity }) => owned > quantity).length,
    refusedOwners: refused.filter(({ owned }) => owned > 0).length,
    untoldOwners: untold.filter(({ owned }) => owned > 0).length,
    untold: untold.length,
  };
}

/** What rushes on one service leave until this one is seen in them; without a trace to look for there is one rush. */
async function rushOn(
  flaw: string | null,
  {
    seen = () => true,
    quantities = [1],
  }: { seen?: (found: Traces) => boolean; quantities?: number[] } = {},
): Promise<Traces> {
  const service = await startService(...(flaw === null ? [] : ['--flaw', flaw]));
  const sale = { buyers: BUYERS, capacity: CAPACITY, quantities };
  try {
    return await raceUntil(seen, async () => traces(await rush(service, sale)));
  } finally {
    await service.stop();
  }
}

const CORRECT: Traces = {
  acknowledged: CAPACITY,
  orders: CAPACITY,
  remaining: 0,
  strangers: 0,
  lost: 0,
  partial: 0,
  double: 0,
  refusedOwners: 0,
  untoldOwners: 0,
  untold: 0,
};
const above = (least: number) => expect.toSatisfy((n: number) => n > least, `above ${least}`);

describe('2,000 buyers at once, two processes, 500 tickets', () => {
  test('without a flaw exactly 500 are sold and everybody is told the truth', async () => {
    expect(await rushOn(null)).toEqual(CORRECT);
  });

  test('without a flaw that is so for mixed quantities, too', async () => {
    expect(await rushOn(null, { quantities: MIXED })).toEqual(CORRECT);
  });

  test('check-then-act oversells, and its counter goes below zero by as much', async () => {
    const found = await rushOn('check-then-act', { seen: ({ orders }) => orders > CAPACITY });
    expect(found.orders).toBeGreaterThan(CAPACITY);
    const sold = { acknowledged: found.orders, orders: found.orders };
    expect(found).toEqual({ ...CORRECT, ...sold, remaining: CAPACITY - found.orders });
  });

  test('ack-before-commit loses orders that it has acknowledged', async () => {
    const found = await rushOn('ack-before-commit', { seen: ({ lost }) => lost > 0 });
    expect(found.lost).toBeGreaterThan(0);
    const { orders, lost } = found;
    const acknowledged = orders + lost;
    expect(found).toEqual({ ...CORRECT, orders, lost, acknowledged, remaining: CAPACITY - orders });
  });

  test('partial-fulfilment gives some buyers fewer than they asked for', async () => {
    const found = await rushOn('partial-fulfilment', {
      quantities: MIXED,
      seen: ({ partial }) => partial > 0,
    });
    const { acknowledged } = found;
    expect(found).toEqual({ ...CORRECT, partial: above(0), acknowledged });
    expect(acknowledged).toBeGreaterThan(CAPACITY);
  });

  test('lost-update shows tickets that it does not have', async () => {
    expect(await rushOn('lost-update', { seen: ({ remaining }) => remaining > 0 })).toEqual({
      ...CORRECT,
      remaining: above(0),
    });
  });

  test('error-after-commit turns buyers away who own a ticket', async () => {
    const found = await rushOn('error-after-commit', {
      seen: ({ refusedOwners }) => refusedOwners > 0,
    });
    const { refusedOwners } = found;
    expect(refusedOwners).toBeGreaterThan(0);
    expect(found).toEqual({ ...CORRECT, refusedOwners, acknowledged: CAPACITY - refusedOwners });
  });

  test('double-booking books twice for one request', async () => {
    const found = await rushOn('double-booking', { seen: ({ double }) => double > 0 });
    const { double } = found;
    expect(double).toBeGreaterThan(0);
    expect(found).toEqual({ ...CORRECT, double, acknowledged: CAPACITY - double });
  });

  test('phantom-order books for somebody who asked for nothing', async () => {
    const found = await rushOn('phantom-order', { seen: ({ strangers }) => strangers > 0 });
    const { strangers } = found;
    expect(strangers).toBeGreaterThan(0);
    expect(found).toEqual({ ...CORRECT, strangers, acknowledged: CAPACITY - strangers });
  });

  test('false-5xx answers 500 to buyers whose order stands', async () => {
    const found = await rushOn('false-5xx', { seen: ({ untold }) => untold > 0 });
    const { untold } = found;
    expect(untold).toBeGreaterThan(0);
    const untoldOwners = untold;
    expect(found).toEqual({ ...CORRECT, untold, untoldOwners, acknowledged: CAPACITY - untold });
  });

  test('slow-tail is right in everything', async () => {
    expect(await rushOn('slow-tail')).toEqual(CORRECT);
  });

  test('error-bursts turns many away and sells rightly to the others', async () => {
    const found = await rushOn('error-bursts', { seen: ({ untold }) => untold > 0 });
    const { untold, orders } = found;
    expect(untold).toBeGreaterThan(0);
    const sold = { acknowledged: orders, orders, remaining: CAPACITY - orders };
    expect(found).toEqual({ ...CORRECT, ...sold, untold });
  });
});

test('sticky-sold-out turns people away although tickets remain', async () => {
  const service = await startService('--processes', '1', '--flaw', 'sticky-sold-out');
  try {
    const ticket = await makeTicket(service.sql, 5);
    const [user] = await makeUsers(service.sql, 1);
    const buy = async (quantity: number) => {
      const order = JSON.stringify({ user_id: user, ticket_id: ticket, quantity });
      return (await send(`${service.url}/api/purchase`, 'POST', order)).status;
    };
    expect([await buy(1), await buy(5), await buy(1)]).toEqual([200, 400, 400]);
    const { rows } = await service.sql.query('SELECT remaining FROM ticket WHERE id = $1', [
      ticket,
    ]);
    expect(rows[0].remaining).toBe(4);
  } finally {
    await service.stop();
  }
});

test('every flaw has a name that a command line takes and one sentence', () => {
  expect(new Set(flaws.map(({ name }) => name)).size).toBe(flaws.length);
  for (const { name, bug } of flaws) {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
    expect(bug).toMatch(/^[A-Z].{30,160}\.$/);
  }
});
