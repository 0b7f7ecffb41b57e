import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { machineTicksIn, processTicksIn, watchHealth } from '../../lib/run/generator-health.ts';

test('the ticks of a process are read past any name', () => {
  const after = 'S 1 2 3 4 5 6 7 8 9 10 70 30 0 0 20 0';
  expect(processTicksIn(`12 (k6) ${after}`)).toBe(100);
  expect(processTicksIn(`12 (a ) S (b) 1) ${after}`)).toBe(100);
  expect(processTicksIn('')).toBeNull();
});

test('the ticks of the machine leave out guests, which are in user time already', () => {
  const stat = 'cpu  10 1 2 80 3 0 1 3 50 50\ncpu0 1 1 1 1 1 1 1 1 1 1\n';
  expect(machineTicksIn(stat)).toEqual({ all: 100, steal: 3 });
  expect(machineTicksIn('intr 5\n')).toBeNull();
});

test('a process that works is seen to work', async () => {
  const busy = spawn(process.execPath, [
    '-e',
    "const end = Date.now() + 700; while (Date.now() < end); console.log('done'); setInterval(() => {}, 1000)",
  ]);
  let now = 0;
  const watch = watchHealth(busy.pid!, () => now);
  await watch.look(0);
  await once(busy.stdout!, 'data');
  now = 1000;
  const bytes = await watch.look(0);
  const { generatorCpuRatioMax, generatorCpuRatioMean } = watch.health();
  busy.kill('SIGKILL');
  if (process.platform !== 'linux') {
    expect(generatorCpuRatioMax).toBeNull();
    return;
  }
  expect(bytes).toBeGreaterThan(1_000_000);
  expect(generatorCpuRatioMax).toBeGreaterThan(0);
  expect(generatorCpuRatioMean).toBe(generatorCpuRatioMax);
});

test('a process that is gone gives null, not zero', async () => {
  const watch = watchHealth(2 ** 30);
  expect(await watch.look(0)).toBeNull();
  await watch.look(0);
  expect(watch.health()).toMatchObject({ generatorCpuRatioMax: null, generatorCpuRatioMean: null });
});

test('what k6 does before T₀ is no load', async () => {
  const busy = spawn(process.execPath, ['-e', 'for (;;);']);
  await once(busy, 'spawn');
  let now = 0;
  const watch = watchHealth(busy.pid!, () => now);
  await watch.look(null);
  now = 1000;
  await watch.look(2000);
  expect(watch.health()).toMatchObject({ generatorCpuRatioMax: null });
  busy.kill('SIGKILL');
});

test('a load that is over before an interval is has the part of one that there was', async () => {
  const busy = spawn(process.execPath, [
    '-e',
    "for (const end = Date.now() + 600; Date.now() < end; ); console.log(''); setInterval(() => {}, 1000)",
  ]);
  let now = 0;
  const watch = watchHealth(busy.pid!, () => now);
  await watch.look(0);
  await once(busy.stdout!, 'data');
  now = 100;
  await watch.look(0);
  const { generatorCpuRatioMax } = watch.health();
  busy.kill('SIGKILL');
  if (process.platform === 'linux') expect(generatorCpuRatioMax).toBeGreaterThan(0);
  else expect(generatorCpuRatioMax).toBeNull();
});
