import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixtureSchema } from '../../lib/model/fixture.ts';
import { manifestSchema } from '../../lib/model/manifest.ts';
import { type Machine, newMachine } from '../experience/product.ts';
import { startShop } from '../threats/shop.ts';

const plan = (url: string) => [
  ...['purchase-burst', '--target', 'primepass', '--url', url, '--sla', 'sla.yaml'],
  ...['--buyers', '6', '--capacity', '20'],
];

async function fixtureIn(run: string) {
  return fixtureSchema.parse(JSON.parse(await readFile(join(run, 'fixture.json'), 'utf8')));
}

async function noRuns(machine: Machine): Promise<boolean> {
  return machine.runs().then(
    (runs) => runs.length === 0,
    () => true,
  );
}

describe('provisioning by itself', () => {
  test('a dry run tells each step, makes nothing and leaves no folder', async () => {
    const machine = await newMachine();
    const shop = await startShop();
    for (const words of [['run'], ['provision']]) {
      const { code, stdout } = await machine.loadtest([...words, ...plan(shop.url), '--dry-run']);
      expect({ code, stdout }).toEqual({
        code: 0,
        stdout: expect.stringMatching(/^- Use 1 of the 1 tickets.*\n- Register 6 users.*\n$/),
      });
    }
    expect(shop.asked.has('/api/login')).toBe(false);
    expect(shop.asked.has('/api/purchase')).toBe(false);
    expect(await noRuns(machine)).toBe(true);
  });

  test('leaves a fixture, which a run with its id finds again, and a way to take it back', async () => {
    const machine = await newMachine();
    const shop = await startShop();
    const asked = [...plan(shop.url), '--run-id', 'friday'];
    const made = await machine.loadtest(['provision', ...asked, '--json']);
    expect(made.code, made.stderr).toBe(0);
    const { runId, folder } = JSON.parse(made.stdout);
    expect(runId).toBe('friday');
    const first = await fixtureIn(folder);
    expect(first.buyers).toHaveLength(6);
    const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
    expect(manifestSchema.parse(manifest)).toMatchObject({
      status: 'complete',
      stage: 'provision',
    });
    expect(shop.asked.has('/api/purchase')).toBe(false);

    const ran = await machine.loadtest(['run', ...asked, '--json']);
    expect(JSON.parse(ran.stdout).run.runId).toBe('friday');
    const [, second] = await machine.runs();
    expect((await fixtureIn(second!)).buyers).toEqual(first.buyers);

    const back = await machine.loadtest(['deprovision', 'latest']);
    expect(back.code, back.stderr).toBe(0);
    expect(back.stdout).toMatch(/6 users and their orders stay/);
  });

  test('a run id that is none is 2, as is taking back a run that made nothing', async () => {
    const machine = await newMachine();
    const shop = await startShop();
    const bad = await machine.loadtest(['run', ...plan(shop.url), '--run-id', 'Not This']);
    expect(bad.code).toBe(2);
    const none = await machine.loadtest(['deprovision', 'latest']);
    expect(none.code).toBe(2);
  });

  test('a story that the target cannot play is 2, before anything is sent', async () => {
    const machine = await newMachine();
    const shop = await startShop();
    const [, ...flags] = plan(shop.url);
    const { code, stderr } = await machine.loadtest(['run', 'hold-and-pay', ...flags]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/tickets can be reserved/);
    expect(shop.asked.size).toBe(0);
  });
});
