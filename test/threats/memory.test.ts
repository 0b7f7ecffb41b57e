import { createWriteStream } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { expect, test } from 'vitest';
import type { Intent } from '../../lib/model/plan.ts';
import type { Verdict } from '../../lib/model/verdict.ts';
import { LENIENT_SLA, newMachine, smallRun } from '../experience/product.ts';
import { exampleRun, T0 } from '../reports/example.ts';
import { startShop } from './shop.ts';

const HOUR_MS = 3600_000;
const MEGABYTES = 1_000_000;

/** A run folder of an hour in which every operation was told something else, as long as a reply may be. */
async function longRun(folder: string, operations: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { manifest } = exampleRun({ story: 'pass', buyers: 10 });
  const intents: Intent[] = Array.from({ length: operations }, (_, i) => ({
    key: `onsale-long-${i}`,
    pool: i % 100,
    quantity: 1,
    offsetMs: Math.floor((i * HOUR_MS) / operations),
  }));
  const history = createWriteStream(join(folder, 'history.ndjson'));
  intents.forEach((intent, i) => {
    const start = T0 + intent.offsetMs;
    const shown = { session: 1 + (i % 500), intent: intent.key, kind: 'purchase' };
    const asked = { pool: `pool-${intent.pool}`, quantity: 1, start, end: start + (i % 997) };
    const told = { outcome: 'fail', status: 400 + (i % 99), reason: `http-${i}` };
    const reply = `https://shop.test/${i}/`.padEnd(300, String.fromCharCode(97 + (i % 26)));
    history.write(`${JSON.stringify({ ...shown, ...asked, ...told, reply })}\n`);
  });
  await finished(history.end());
  const files = {
    'manifest.json': { ...manifest, runId: 'long', plan: { ...manifest.plan, buyers: operations } },
    'intents.json': { schemaVersion: 1, runId: 'long', intents },
  };
  for (const [name, content] of Object.entries(files))
    await writeFile(join(folder, name), JSON.stringify(content));
  await writeFile(join(folder, 'sla.yaml'), LENIENT_SLA);
}

test('an hour of 150,000 different replies is judged in a small heap, on a page below 5 MB', async () => {
  const machine = await newMachine();
  const folder = join(machine.cwd, 'runs', 'purchase-burst', 'long');
  await longRun(folder, 150_000);
  const env = { NODE_OPTIONS: '--max-old-space-size=320' };
  const { code, stdout, stderr } = await machine.loadtest(['judge', folder, '--json'], { env });
  expect([1, 3], stderr).toContain(code);
  expect((JSON.parse(stdout) as Verdict).totals.operations).toBe(150_000);
  const page = await stat(join(folder, 'report', 'report.html'));
  expect(page.size).toBeLessThan(5 * MEGABYTES);
  const verdict = await stat(join(folder, 'verdict.json'));
  expect(verdict.size).toBeLessThan(MEGABYTES);
});

test('replies of 300 KB, each another, stay out of the runner and of the history', async () => {
  let told = 0;
  const shop = await startShop({
    answer: ({ path, reply, honest }) => {
      if (path !== '/api/purchase') return honest();
      told += 1;
      reply.writeHead(400).end(JSON.stringify({ error: `sold out ${told} `.repeat(25_000) }));
    },
  });
  const machine = await newMachine();
  const env = { NODE_OPTIONS: '--max-old-space-size=96' };
  const plan = ['--buyers', '600', '--max-vus', '100', '--crowd', '0.1', '--duration', '3s'];
  const { code, stderr } = await machine.loadtest(smallRun(shop.url, ...plan), { env });
  expect([1, 3], stderr).toContain(code);
  expect(told).toBe(600);
  const [run] = await machine.runs();
  const history = await readFile(join(run!, 'history.ndjson'), 'utf8');
  expect(history.trim().split('\n')).toHaveLength(600);
  expect(history.length).toBeLessThan(600 * 1000);
});
