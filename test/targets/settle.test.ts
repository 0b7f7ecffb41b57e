import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RunFailure } from '../../lib/model/failure.ts';
import type { Fixture } from '../../lib/model/fixture.ts';
import type { OrderRow } from '../../lib/model/state.ts';
import { stateSchema } from '../../lib/model/state.ts';
import type { StateReading, Target } from '../../lib/targets/admin.ts';
import { primepass } from '../../lib/targets/primepass/target.ts';
import { type Clock, readFinalState, type SettleRequest } from '../../lib/targets/settle.ts';
import { connectionTo, intentsOf, knownOf } from './connection.ts';

const fixture: Fixture = {
  schemaVersion: 1,
  access: 'sql',
  event: 'e',
  pools: [{ id: '1', name: 'Pool 1', capacity: 5, remaining: 5 }],
  buyers: [],
  baselineOrders: [],
};
const gone = new RunFailure({
  expected: 'a',
  got: 'a refused connection',
  where: 'x',
  remedy: 'y',
});

function row(id: number, change: Partial<OrderRow> = {}): OrderRow {
  const common = { pool: '1', quantity: 1, status: 'live', intent: null, buyer: 'b' } as const;
  return { id: String(id), ...common, ...change };
}

function reading(remaining: number, orders: OrderRow[] = []): StateReading {
  const flags = { complete: true, exhaustive: true, keepsCancelled: true };
  return { access: 'sql', pools: [{ id: '1', remaining }], orders, ...flags, caveats: [] };
}

/** A clock on which only waiting takes time. */
function stillClock(): Clock & { waited: number[] } {
  let now = 0;
  const waited: number[] = [];
  return {
    waited,
    now: () => now,
    wait: async (ms) => {
      waited.push(ms);
      now += ms;
    },
  };
}

/** A target that gives these readings one after the other, the last one for ever. */
function target(readings: readonly (StateReading | Error)[]): Target & { asked: () => number } {
  let asked = 0;
  const read = async (): Promise<StateReading> => {
    const next = readings[Math.min(asked++, readings.length - 1)]!;
    if (next instanceof Error) throw next;
    return next;
  };
  return { ...primepass, admin: { ...primepass.admin, read }, asked: () => asked };
}

function settle(
  of: Target,
  change: Partial<Pick<SettleRequest, 'connection' | 'clock' | 'acknowledged' | 'limitMs'>> = {},
) {
  const connection = connectionTo('http://127.0.0.1:1');
  const common = { ...knownOf(fixture, intentsOf('r', 0)), quietMs: 700, limitMs: 5000 };
  return readFinalState({ target: of, connection, clock: stillClock(), ...common, ...change });
}

test('waits for quiet, then takes two readings that are identical', async () => {
  const clock = stillClock();
  const state = await settle(target([reading(3, [row(1)])]), { clock });
  expect(stateSchema.parse(state)).toMatchObject({ settled: true, readings: 2, caveats: [] });
  expect(clock.waited).toEqual([700, 500]);
  expect(state.readAt).toBe(1200);
});

test('goes on while it changes', async () => {
  const state = await settle(target([reading(3), reading(2), reading(1), reading(1)]));
  expect(state).toMatchObject({ settled: true, readings: 4, pools: [{ remaining: 1 }] });
});

test('the order of a listing is no change, and the state is in one order', async () => {
  const rows = [row(1), row(2), row(10)];
  const state = await settle(target([reading(1, rows), reading(1, [...rows].reverse())]));
  expect(state).toMatchObject({ settled: true, readings: 2 });
  expect(state.orders.map((order) => order.id)).toEqual(['1', '10', '2']);
});

test.each([
  ['a row less', [row(1)]],
  ['another row', [row(1), row(3)]],
  ['another status', [row(1), row(2, { status: 'cancelled' })]],
  ['another pool', [row(1), row(2, { pool: '2' })]],
  ['one row twice', [row(1), row(2), row(2)]],
])('%s is a change', async (_, orders) => {
  const state = await settle(target([reading(1, [row(1), row(2)]), reading(1, orders)]));
  expect(state).toMatchObject({ settled: true, readings: 3 });
});

test('a reading that turns incomplete is a change', async () => {
  const state = await settle(target([reading(1), { ...reading(1), complete: false }]));
  expect(state).toMatchObject({ settled: true, readings: 3, complete: false });
});

test('past the limit it says what kept changing', async () => {
  let left = 1000;
  const restless = target([]);
  const read = async () => reading(left--, [row(left)]);
  const state = await settle({ ...restless, admin: { ...restless.admin, read } });
  expect(stateSchema.parse(state).settled).toBe(false);
  expect(state.caveats.join()).toMatch(
    /not settled: still changing: 1 order rows came or changed, 1 went or changed; pool 1 went from \d+ to \d+/,
  );
});

test('two readings are tried however long the first took', async () => {
  const clock = stillClock();
  const slow = target([reading(1)]);
  const read = async (...known: Parameters<Target['admin']['read']>) => {
    await clock.wait(60_000, known[0].signal);
    return reading(1);
  };
  const state = await settle({ ...slow, admin: { ...slow.admin, read } }, { clock });
  expect(state).toMatchObject({ settled: true, readings: 2 });
});

describe('a target that is gone', () => {
  test('is given up earlier than one that is only restless', async () => {
    const clock = stillClock();
    const connection = connectionTo('http://127.0.0.1:1');
    const known = knownOf(fixture, intentsOf('r', 0));
    const asked = { target: target([gone]), connection, clock, ...known, quietMs: 0 };
    await expect(readFinalState(asked)).rejects.toBe(gone);
    expect(clock.now()).toBeGreaterThanOrEqual(15_000);
    expect(clock.now()).toBeLessThan(20_000);
  });

  test('before the first reading: its failure, after trying to the limit', async () => {
    const dead = target([gone]);
    await expect(settle(dead)).rejects.toBe(gone);
    expect(dead.asked()).toBeGreaterThan(5);
  });

  test('after a reading: that reading, not settled', async () => {
    const state = await settle(target([reading(1), gone]));
    expect(stateSchema.parse(state)).toMatchObject({ settled: false, readings: 1 });
    expect(state.caveats.join()).toContain('a reading failed: a refused connection');
  });

  test('that comes back has to give two equal readings in a row', async () => {
    const state = await settle(target([reading(1), gone, reading(1), reading(1)]));
    expect(state).toMatchObject({ settled: true, readings: 3 });
  });
});

test('an interrupt ends it with what there is', async () => {
  const controller = new AbortController();
  const connection = connectionTo('http://127.0.0.1:1', { signal: controller.signal });
  const interrupting = target([]);
  const read = async () => {
    controller.abort();
    return reading(1);
  };
  const state = await settle(
    { ...interrupting, admin: { ...interrupting.admin, read } },
    { connection },
  );
  expect(stateSchema.parse(state)).toMatchObject({ settled: false, readings: 1 });
  await expect(settle(target([reading(1)]), { connection })).rejects.toBeInstanceOf(RunFailure);
});

test('a bug in an adapter is not taken for a target that is gone', async () => {
  const bug = new TypeError('undefined is not a function');
  await expect(settle(target([bug]))).rejects.toBe(bug);
});

test('settled exactly when two consecutive readings hold the same rows (property)', async () => {
  const some = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(fc.array(some, { minLength: 2, maxLength: 6 }), async (lists) => {
      const bag = (ids: readonly number[]): string => [...ids].sort().join();
      const first = lists.findIndex((ids, i) => i > 0 && bag(ids) === bag(lists[i - 1]!));
      const readings = lists.map((ids) =>
        reading(
          1,
          ids.map((id) => row(id)),
        ),
      );
      const state = await settle(target(readings));
      expect(state.readings).toBe(first === -1 ? lists.length + 1 : first + 1);
    }),
  );
});

describe('while acknowledged tickets are missing', () => {
  const acknowledged = new Map([
    ['a', 2],
    ['b', 1],
  ]);
  const a = row(1, { intent: 'a', quantity: 2 });
  const b = row(2, { intent: 'b' });
  const lagging = { mayLag: true };

  test('two equal readings are not enough', async () => {
    const late = [reading(3, [a]), reading(3, [a]), reading(3, [a]), reading(2, [a, b])];
    const state = await settle(target(late), { acknowledged });
    expect(stateSchema.parse(state)).toMatchObject({ settled: true, readings: 5, caveats: [] });
    expect(state.orders).toHaveLength(2);
  });

  test('a part of a purchase is not enough, a cancelled row is', async () => {
    const parts = [
      reading(3, [b, { ...a, quantity: 1 }]),
      reading(3, [b, { ...a, status: 'cancelled' }]),
    ];
    const state = await settle(target([parts[0]!, ...parts]), { acknowledged });
    expect(state).toMatchObject({ readings: 4, orders: [{ status: 'cancelled' }, {}] });
  });

  test('the target’s own data is believed after a while, without a caveat', async () => {
    const clock = stillClock();
    const limitMs = 60_000;
    const state = await settle(target([reading(3, [a])]), { acknowledged, clock, limitMs });
    expect(stateSchema.parse(state)).toMatchObject({ settled: true, caveats: [] });
    expect(state.mayLag).toBeUndefined();
    expect(clock.now()).toBeGreaterThanOrEqual(5000);
    expect(clock.now()).toBeLessThan(10_000);
  });

  test('a copy that may lag is doubted to the limit, and then handed on with a caveat', async () => {
    const clock = stillClock();
    const limitMs = 60_000;
    const stale = target([{ ...reading(3, [a]), ...lagging }]);
    const state = await settle(stale, { acknowledged, clock, limitMs });
    expect(stateSchema.parse(state)).toMatchObject({ settled: true, mayLag: true });
    expect(state.caveats).toEqual([
      '1 acknowledged tickets are missing in a reading that may lag behind',
    ]);
    expect(clock.now()).toBeGreaterThanOrEqual(60_000);
  });

  test('a copy that has caught up is final at once', async () => {
    const fresh = target([{ ...reading(2, [a, b]), ...lagging }]);
    expect(await settle(fresh, { acknowledged })).toMatchObject({
      readings: 2,
      mayLag: true,
      caveats: [],
    });
  });
});
