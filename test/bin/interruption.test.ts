import { readdir, readFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { manifestSchema } from '../../lib/model/manifest.ts';
import { type Verdict, verdictSchema } from '../../lib/model/verdict.ts';
import { type Machine, newMachine, type Running, smallRun } from '../experience/product.ts';
import { type Call, startShop } from '../threats/shop.ts';
import {
  eventually,
  expectNothingLeft,
  leasesOf,
  newOpenMachine,
  processesOf,
} from './left-overs.ts';

/** Resolves once the command has said `text` on stderr. */
function said({ child }: Running, text: string): Promise<void> {
  let heard = '';
  return new Promise((resolve, reject) => {
    child.stderr!.on('data', (words: string) => {
      heard += words;
      if (heard.includes(text)) resolve();
    });
    child.once('close', () => reject(new Error(`never said "${text}": ${heard}`)));
  });
}

async function verdictIn(run: string): Promise<Verdict> {
  return verdictSchema.parse(JSON.parse(await readFile(join(run, 'verdict.json'), 'utf8')));
}

async function manifestIn(run: string) {
  return manifestSchema.parse(JSON.parse(await readFile(join(run, 'manifest.json'), 'utf8')));
}

/** The run there is has a verdict and a report, and both say that it was interrupted. */
async function expectMarkedRun(machine: Machine): Promise<Verdict> {
  const [run] = await machine.runs();
  const verdict = await verdictIn(run!);
  expect(verdict.interrupted).toBe(true);
  expect(verdict.result).not.toBe('pass');
  expect((await manifestIn(run!)).status).toBe('interrupted');
  const page = await readFile(join(run!, 'report', 'report.html'), 'utf8');
  expect(page).toMatch(/interrupted/i);
  expect(page.trimEnd()).toMatch(/<\/html>$/);
  return verdict;
}

async function isFree(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = createConnection({ host: hostname, port: Number(port) });
    socket.once('connect', () => resolve(false)).once('error', () => resolve(true));
    socket.once('close', () => socket.destroy());
  });
}

/** k6 of this machine. */
async function generatorOf(machine: Machine): Promise<number> {
  const isK6 = ({ command }: { command: string }) =>
    command.startsWith(`${machine.env.K6_PATH} run`);
  return eventually(async () => (await processesOf(machine)).find(isK6)?.pid);
}

/** Answers a few purchases, then calls `then` and goes on without haste, so that the load is in full swing. */
function afterPurchases(count: number, then: () => void): (call: Call) => void {
  let purchases = 0;
  return ({ path, honest }) => {
    if (path !== '/api/purchase') return honest();
    purchases += 1;
    if (purchases === count) then();
    if (purchases < count) honest();
    else setTimeout(honest, 300);
  };
}

/** Buyers arrive over half a minute, so that no load is over before it is interrupted. */
const longRun = (url: string) => smallRun(url, '--duration', '30s', '--crowd', '0.3');

describe.concurrent('Ctrl-C', { timeout: 120_000 }, () => {
  test('while the shop starts', async () => {
    const machine = await newOpenMachine();
    const running = machine.start(['demo']);
    await said(running, 'Starting the reference shop');
    running.child.kill('SIGINT');
    const { code, stdout, stderr } = await running.ended;
    expect({ code, stdout }, stderr).toEqual({ code: 130, stdout: '' });
    expect(stderr).not.toMatch(/fault|to do:/);
    await expectNothingLeft(machine);
  });

  test('while the shop starts, twice', async () => {
    const machine = await newOpenMachine();
    const running = machine.start(['demo']);
    await said(running, 'Starting the reference shop');
    running.child.kill('SIGINT');
    await said(running, 'Interrupted');
    const from = performance.now();
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    expect(performance.now() - from).toBeLessThan(5000);
    await eventually(async () => (await processesOf(machine)).length === 0);
    await machine.loadtest(['clean']);
    await expectNothingLeft(machine);
  });

  test('while buyers are provisioned: nothing to sell yet, nothing left', async () => {
    const machine = await newMachine();
    let interrupt: () => void = () => undefined;
    const shop = await startShop({
      answer: ({ path, honest }) => {
        if (path === '/api/login') interrupt();
        honest();
      },
    });
    const { child, ended } = machine.start(smallRun(shop.url));
    interrupt = () => {
      interrupt = () => undefined;
      child.kill('SIGINT');
    };
    const { code, stderr } = await ended;
    expect(code, stderr).toBe(130);
    expect(stderr).not.toMatch(/fault|to do:/);
    expect(shop.asked.has('/api/purchase')).toBe(false);
    const [run] = await machine.runs();
    expect(await manifestIn(run!)).toMatchObject({ status: 'interrupted', stage: 'provision' });
    await expectNothingLeft(machine);
  });

  test('in the load of the demo: judged as far as it goes, and the shop is gone', async () => {
    const machine = await newOpenMachine();
    const running = machine.start(['demo', '--json']);
    await said(running, 'Load: ');
    const [run] = await machine.runs();
    const { url } = await manifestIn(run!);
    await eventually(async () =>
      (await readFile(join(run!, 'k6.log'), 'utf8').catch(() => '')).includes('"outcome":"ok"'),
    );
    running.child.kill('SIGINT');
    const { code, stdout, stderr } = await running.ended;
    expect(code, stderr).toBe(130);
    const verdict = await expectMarkedRun(machine);
    expect(JSON.parse(stdout)).toEqual(verdict);
    expect(verdict.totals.operations).toBeGreaterThan(0);
    await expectNothingLeft(machine);
    expect(await isFree(url)).toBe(true);
  });

  test.each([
    ['settles', 'Letting the shop settle', 'settle'],
    ['is judged', 'Judging', 'judged'],
  ])('while the run %s', async (_, words, stage) => {
    const machine = await newMachine();
    const shop = await startShop();
    const running = machine.start(smallRun(shop.url));
    await said(running, words);
    running.child.kill('SIGINT');
    const { code, stderr } = await running.ended;
    expect(code, stderr).toBe(130);
    const verdict = await expectMarkedRun(machine);
    expect(verdict.totals.operations).toBe(80);
    const [run] = await machine.runs();
    expect((await manifestIn(run!)).stage).toBe(stage);
    await expectNothingLeft(machine);
  });

  test('while the reports are drawn', async () => {
    const machine = await newMachine();
    const shop = await startShop();
    const running = machine.start(smallRun(shop.url));
    await said(running, 'Judging');
    const [run] = await machine.runs();
    await eventually(async () => (await readdir(run!)).includes('verdict.json'));
    running.child.kill('SIGINT');
    const { code, stderr } = await running.ended;
    expect(code, stderr).toBe(130);
    await expectMarkedRun(machine);
    await expectNothingLeft(machine);
  });

  test('twice in the load: over at once, and what was recorded can be judged', async () => {
    const machine = await newMachine();
    let running: Running | null = null;
    const shop = await startShop({
      answer: afterPurchases(10, () => running?.child.kill('SIGINT')),
    });
    running = machine.start(longRun(shop.url));
    await said(running, 'Interrupted');
    const from = performance.now();
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    expect(performance.now() - from).toBeLessThan(5000);
    expect(await processesOf(machine)).toEqual([]);
    // The scratch folder of a killed command is the business of the next one.
    const judged = await machine.loadtest(['judge', 'latest']);
    expect(judged.code, judged.stderr).toBe(130);
    const [run] = await machine.runs();
    expect((await verdictIn(run!)).result).not.toBe('pass');
    await expectNothingLeft(machine);
  });
});

describe.concurrent('SIGKILL', { timeout: 120_000 }, () => {
  test('of k6 in the load: inconclusive, the history not complete, nothing shown to hold', async () => {
    const machine = await newMachine();
    let kill: () => void = () => undefined;
    const shop = await startShop({ answer: afterPurchases(30, () => kill()) });
    const { ended } = machine.start(longRun(shop.url));
    const pid = await generatorOf(machine);
    kill = () => process.kill(pid, 'SIGKILL');
    const { code, stderr } = await ended;
    expect(code, stderr).toBe(3);
    const [run] = await machine.runs();
    const manifest = await manifestIn(run!);
    expect(manifest.load).toMatchObject({ complete: false, requested: null });
    expect(manifest.trouble.join()).toContain('k6 was killed');
    const verdict = await verdictIn(run!);
    expect(verdict).toMatchObject({ result: 'inconclusive', interrupted: false });
    expect(verdict.reasons.join()).toMatch(/summary/);
    expect(verdict.totals.operations).toBeGreaterThan(0);
    const { length } = (await readFile(join(run!, 'history.ndjson'), 'utf8')).trim().split('\n');
    expect(verdict.totals.operations).toBe(length);
    for (const { value, invariant } of verdict.findings) expect(value, invariant).toBe('unknown');
    await expectNothingLeft(machine);
  });

  test('of the runner: the shop ends by itself, the next command ends k6, the run can be judged', async () => {
    const machine = await newOpenMachine();
    const running = machine.start(['demo']);
    await said(running, 'Load: ');
    const [run] = await machine.runs();
    const pid = await generatorOf(machine);
    await eventually(async () =>
      (await readFile(join(run!, 'k6.log'), 'utf8').catch(() => '')).includes('"outcome":"ok"'),
    );
    await eventually(async () => (await readdir(leasesOf(machine))).length === 2);
    // Stopped, it cannot end before the next command finds it.
    process.kill(pid, 'SIGSTOP');
    running.child.kill('SIGKILL');
    await running.ended;
    await eventually(async () => (await processesOf(machine)).every((left) => left.pid === pid));
    const clean = await machine.loadtest(['clean']);
    expect(clean).toMatchObject({ code: 0, stderr: '' });
    expect(clean.stdout).toMatch(new RegExp(`ended k6 \\(process ${pid}\\)`));
    await expectNothingLeft(machine);
    const judged = await machine.loadtest(['judge', run!]);
    expect(judged.code, judged.stderr).toBe(130);
    const verdict = await verdictIn(run!);
    expect(verdict).toMatchObject({ interrupted: true });
    expect(verdict.result).not.toBe('pass');
    expect(verdict.totals.operations).toBeGreaterThan(0);
    expect(verdict.reasons.join()).toContain('was killed in the stage "load"');
  });
});
