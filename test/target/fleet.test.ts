import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endAll } from '../../target/processes/fleet.ts';

let folder: string;
const forked: Worker[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleet-test-'));
  const exec = join(folder, 'worker.mjs');
  await writeFile(exec, "process.on('message', () => process.exit()); process.send('here');");
  cluster.setupPrimary({ exec, execArgv: [] });
});
afterAll(async () => {
  for (const worker of forked) worker.process.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

async function fork(): Promise<Worker> {
  const worker = cluster.fork();
  forked.push(worker);
  await once(worker, 'message');
  return worker;
}

test('a worker that has told its end is not waited for, the others are', async () => {
  const [ended, running] = [await fork(), await fork()];
  ended.process.kill('SIGKILL');
  await once(ended, 'exit');
  await endAll([ended, running]);
  expect(running.isDead()).toBe(true);
});
