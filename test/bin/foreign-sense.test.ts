import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type ForeignRun, importForeign } from '../../bin/flow/foreign.ts';
import { UsageFailure } from '../../lib/model/failure.ts';
import { newFolder } from '../recheck/certified.ts';

const AT = 1763719200000;
const sold = {
  session: 1,
  intent: 'a',
  kind: 'purchase',
  pool: 'A',
  quantity: 1,
  start: AT,
  end: AT + 5,
  outcome: 'ok',
  status: 201,
  reason: '',
  reply: '',
};
const fixture = {
  schemaVersion: 1,
  access: 'http',
  event: 'sale',
  pools: [{ id: 'A', name: 'A', capacity: 2, remaining: null }],
  buyers: [] as { id: string }[],
  baselineOrders: [],
};
const state = {
  schemaVersion: 1,
  access: 'http',
  settled: true,
  complete: true,
  exhaustive: true,
  keepsCancelled: true,
  caveats: [],
  readings: 2,
  readAt: AT + 9000,
  pools: [],
  orders: [],
};
const planned = (...intents: { key: string; pool?: number; buyer?: number }[]) => ({
  schemaVersion: 1,
  runId: 'r',
  intents: intents.map((intent) => ({ pool: 0, quantity: 1, offsetMs: 0, ...intent })),
});

let folder = '';
beforeAll(async () => {
  folder = await newFolder();
});

/** What is said of these files; '' where they are taken over. */
async function saidOf(files: Record<string, unknown>): Promise<string> {
  const paths: Record<string, string> = {};
  for (const [name, content] of Object.entries({ history: sold, fixture, ...files })) {
    paths[name] = join(folder, `${name}.json`);
    await writeFile(paths[name], `${JSON.stringify(content)}\n`);
  }
  const word = { historyComplete: false, loadDelivered: false, exclusive: false };
  const given = { pool: [], ...word, ...paths } as unknown as ForeignRun;
  return importForeign(given, join(folder, 'runs')).then(
    () => '',
    (error: unknown) => {
      expect(error).toBeInstanceOf(UsageFailure);
      return (error as UsageFailure).message;
    },
  );
}

describe('what is given of another tool’s sale', () => {
  test('is taken over where it makes sense', async () => {
    const intents = planned({ key: 'a', buyer: 0 }, { key: 'b', buyer: 0 });
    const buyers = [{ id: 'ann' }, { id: 'ann' }];
    expect(await saidOf({ state, intents, fixture: { ...fixture, buyers } })).toBe('');
    expect(await saidOf({ intents })).toBe('');
  });

  test('may count from a start of its own', async () => {
    for (const start of [0, 86_400_000]) {
      const own = { history: { ...sold, start, end: start + 5 } };
      expect(await saidOf({ ...own, state: { ...state, readAt: start + 9000 } })).toBe('');
    }
  });

  test.each([
    ['seconds', 1000],
    ['microseconds', 1 / 1000],
    ['nanoseconds', 1 / 1_000_000],
  ])('is not in %s', async (_, parts) => {
    const expected = 'milliseconds, such as';
    const history = { ...sold, start: sold.start / parts, end: sold.end / parts };
    expect(await saidOf({ history })).toContain(expected);
    expect(await saidOf({ history: { ...sold, end: history.end } })).toContain(expected);
    expect(await saidOf({ state: { ...state, readAt: AT / parts } })).toContain(expected);
    const rules = { opensAt: AT / parts };
    expect(await saidOf({ fixture: { ...fixture, rules } })).toContain(expected);
  });

  test.each([
    ['a pool twice', { pools: [...fixture.pools, ...fixture.pools] }, '"A" twice'],
    [
      'an end before the beginning',
      { rules: { opensAt: AT + 1, closesAt: AT } },
      'before it closes',
    ],
    ['a grace of no length', { rules: { latePayment: 'reject-after-grace' } }, 'expiryGraceMs'],
  ])('does not have %s', async (_, wrong, expected) => {
    expect(await saidOf({ fixture: { ...fixture, ...wrong } })).toContain(expected);
  });

  test.each([
    ['a key twice', planned({ key: 'a' }, { key: 'a' }), [], '"a" twice'],
    ['a pool that is not there', planned({ key: 'a', pool: 1 }), [], 'pool 1 of intent "a"'],
    ['fewer buyers than intents', planned({ key: 'a' }, { key: 'b' }), [{ id: 'ann' }], '1 buyers'],
  ])('does not plan %s', async (_, intents, buyers, expected) => {
    expect(await saidOf({ intents, fixture: { ...fixture, buyers } })).toContain(expected);
  });
});
