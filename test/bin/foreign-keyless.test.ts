import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Verdict } from '../../lib/model/verdict.ts';
import { newMachine } from '../experience/product.ts';

/*
 * An export that has but id, pool, quantity and time, as many shops give it: four buyers, of whom one was turned away.
 */
const T0 = 1_763_719_200_000;
const outcomes = ['ok', 'ok', 'ok', 'refused'] as const;
const history = outcomes
  .map((outcome, i) => ({
    ...{ session: i, intent: `visit-${i}`, kind: 'purchase', pool: 'front', quantity: 1 },
    ...{ start: T0 + i * 10, end: T0 + i * 10 + 25, outcome },
    ...{
      status: outcome === 'ok' ? 201 : 409,
      reason: outcome === 'ok' ? '' : 'sold-out',
      reply: '',
    },
  }))
  .map((operation) => `${JSON.stringify(operation)}\n`)
  .join('');

const fixture = {
  ...{ schemaVersion: 1, access: 'http', event: 'a hall', baselineOrders: [], buyers: [] },
  pools: [{ id: 'front', name: 'Front row', capacity: 3, remaining: 3 }],
  rules: { clockSkewMs: 2 },
};

/** Orders made so many ms after T₀. */
const stateOf = (made: readonly number[]) => ({
  ...{ schemaVersion: 1, access: 'http', settled: true, complete: true, exhaustive: true },
  ...{ keepsCancelled: true, caveats: [], readings: 2, readAt: T0 + 60_000 },
  pools: [{ id: 'front', remaining: null }],
  orders: made.map((at, i) => ({
    ...{ id: `o-${i}`, pool: 'front', quantity: 1, status: 'live', intent: null, buyer: '' },
    createdAt: T0 + at,
  })),
});

const machine = await newMachine();
const put = (name: string, content: string) => writeFile(join(machine.cwd, name), content);

beforeAll(async () => {
  await put('history.ndjson', history);
  await put('fixture.json', JSON.stringify(fixture));
});

async function judged(made: readonly number[], name: string) {
  await put('state.json', JSON.stringify(stateOf(made)));
  const files = [
    '--history',
    'history.ndjson',
    '--state',
    'state.json',
    '--fixture',
    'fixture.json',
  ];
  const vouched = [
    '--history-complete',
    '--exclusive',
    '--clock-error',
    '1',
    '--json',
    '-q',
    '--name',
    name,
  ];
  const { stdout, stderr } = await machine.loadtest(['judge', ...files, ...vouched]);
  expect(stderr).toBe('');
  const { findings } = JSON.parse(stdout) as Verdict;
  return new Map(findings.map((finding) => [finding.invariant, finding]));
}

async function newestRun(): Promise<string> {
  const imports = join(machine.cwd, 'runs', 'imported');
  const folders = await Promise.all(
    (await readdir(imports)).map(async (folder) => {
      const manifest = await readFile(join(imports, folder, 'manifest.json'), 'utf8');
      return { folder, at: String((JSON.parse(manifest) as { createdAt: string }).createdAt) };
    }),
  );
  const newest = folders.sort((a, b) => (a.at < b.at ? -1 : 1)).at(-1)!;
  return join(imports, newest.folder);
}

describe('a listing whose orders name neither key nor buyer', () => {
  test('of a correct sale: all three claims hold', async () => {
    const findings = await judged([5, 20, 40], 'correct');
    for (const id of ['lost-purchase', 'phantom-order', 'refused-but-sold']) {
      expect([id, findings.get(id)?.value]).toEqual([id, 'holds']);
    }
  });

  test.each([
    ['lost-purchase', 'an order is missing', [5, 20]],
    ['lost-purchase', 'an order was made when its buyer was long gone', [5, 20, 9000]],
    ['phantom-order', 'an order was made before anybody came', [-500, 5, 20, 40]],
    ['refused-but-sold', 'who was turned away has one, too', [5, 20, 40, 41]],
  ])('%s: %s', async (invariant, _, made) => {
    const found = await judged(made, invariant);
    const violated = [...found.values()].filter(({ value }) => value === 'violated');
    expect(violated.map((finding) => finding.invariant)).toContain(invariant);
    const others = ['lost-purchase', 'phantom-order', 'refused-but-sold'].filter(
      (id) => id !== invariant,
    );
    for (const id of others) expect(found.get(id)?.value).not.toBe('violated');
    const run = await newestRun();
    const certificate = join(run, 'certificates', `${invariant}.json`);
    const told = JSON.parse(await readFile(certificate, 'utf8')) as Record<string, unknown[]>;
    expect(told.operations!.length + told.rows!.length).toBeLessThanOrEqual(10);
    const rechecked = await machine.loadtest(['recheck', certificate, '--run', run]);
    expect([rechecked.code, rechecked.stdout]).toEqual([0, expect.stringContaining('Violated:')]);
    const story = await machine.loadtest(['explain', run, invariant]);
    expect(story.stdout).toContain('every way to give them out');
    expect(story.stdout).toContain('names no intent of this run');
  });
});
