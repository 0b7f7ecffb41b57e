import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { Manifest } from '../../lib/model/manifest.ts';
import type { Verdict } from '../../lib/model/verdict.ts';
import { type Machine, newMachine, type Running, smallRun } from '../experience/product.ts';
import { startShop } from './shop.ts';

/** The file's own promise on arrivals is as strict as it is by default; the machine may be as busy as it likes. */
const SLA = `apiVersion: onsale/v1
validity: {maxDroppedRatio: 5%, lateAfter: 1s, maxGeneratorCpuRatio: 100%, maxStealRatio: 100%}
objectives:
  - {id: purchase-p50, kind: latency, operation: purchase, quantile: 0.5, lte: 1min}
`;
const ARRIVALS = ['--arrivals', 'constant', '--duration', '6s', '--buyers', '120'];
const STOPPED_MS = 4000;

/** k6 among the processes that `pid` has started; null while it has not. */
async function generatorOf(pid: number): Promise<number | null> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  for (const child of children.split(' ').filter(Boolean).map(Number)) {
    const line = await readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '');
    if (line.includes('scenario.js')) return child;
  }
  return null;
}

async function generatorAtWork({ child }: Running, asked: () => number): Promise<number> {
  let generator: number | null = null;
  await vi.waitUntil(
    async () => {
      if (child.exitCode !== null) throw new Error(`it ended early with ${child.exitCode}`);
      generator ??= await generatorOf(child.pid!);
      return generator !== null && asked() > 5;
    },
    { timeout: 60_000, interval: 20 },
  );
  return generator!;
}

async function begun(): Promise<{ machine: Machine; running: Running; generator: number }> {
  const shop = await startShop();
  const machine = await newMachine();
  await writeFile(join(machine.cwd, 'sla.yaml'), SLA);
  const running = machine.start(smallRun(shop.url, '--json', ...ARRIVALS));
  const generator = await generatorAtWork(running, () => shop.asked.get('/api/purchase') ?? 0);
  return { machine, running, generator };
}

test.concurrent('a generator that was stopped for seconds in the middle delivers no load: 3', async () => {
  const { running, generator } = await begun();
  process.kill(generator, 'SIGSTOP');
  await sleep(STOPPED_MS);
  process.kill(generator, 'SIGCONT');
  const { code, stdout, stderr } = await running.ended;
  expect(code, stderr).toBe(3);
  const { result, validity } = JSON.parse(stdout) as Verdict;
  expect(result).toBe('inconclusive');
  const dropped = validity.find(({ id }) => id === 'dropped');
  expect(dropped).toMatchObject({ result: 'fail' });
  expect(dropped!.because).toMatch(/late/);
});

test.concurrent('a generator that was killed in the middle leaves a verdict that says so, and no pass', async () => {
  const { machine, running, generator } = await begun();
  process.kill(generator, 'SIGKILL');
  const { code, stdout, stderr } = await running.ended;
  expect([1, 3], stderr).toContain(code);
  expect((JSON.parse(stdout) as Verdict).totals.operations).toBeGreaterThan(0);
  const [run] = await machine.runs();
  const manifest = JSON.parse(await readFile(join(run!, 'manifest.json'), 'utf8')) as Manifest;
  expect(manifest.load).toMatchObject({ complete: false });
  expect(manifest.trouble.join(' ')).toContain('k6 was killed');
});
