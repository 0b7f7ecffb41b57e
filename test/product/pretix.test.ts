import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { type Verdict, verdictSchema } from '../../lib/model/verdict.ts';
import { type Machine, newMachine } from '../experience/product.ts';
import { raceUntil } from '../race.ts';
import { type Service, startService } from '../target/service.ts';

const PROMISE = fileURLToPath(new URL('../../thresholds/pretix.yaml', import.meta.url));
/** Getting it for the first time on a machine takes minutes; afterwards it is a matter of seconds. */
const LIMIT_MS = 20 * 60_000;
/** All at once: three times as many as there are tickets. */
const RUSH = ['--buyers', '60', '--capacity', '20', '--crowd', '1', '--duration', '2s'];

let service: Service | null = null;
afterEach(async () => {
  await service?.stop();
  service = null;
});

interface Rushed {
  readonly code: number | null;
  readonly verdict: Verdict;
}

async function buyersMachine(): Promise<Machine> {
  const machine = await newMachine();
  await copyFile(PROMISE, join(machine.cwd, 'sla.yaml'));
  return machine;
}

/** One rush on it, as a user would type it. */
async function rush(machine: Machine, { url, environment }: Service, seed = 1): Promise<Rushed> {
  const target = ['--target', 'pretix', '--url', url, '--exclusive', '--sla', 'sla.yaml'];
  const asked = ['run', 'purchase-burst', ...target, ...RUSH, '--timeout', '20s', '--json'];
  const env = { ONSALE_TOKEN: environment.ONSALE_TOKEN };
  const { code, stdout, stderr } = await machine.loadtest([...asked, '--seed', `${seed}`], { env });
  expect([0, 1, 3], stderr).toContain(code);
  expect(stdout + stderr).not.toContain(environment.ONSALE_TOKEN);
  return { code, verdict: verdictSchema.parse(JSON.parse(stdout)) };
}

const having = ({ findings }: Verdict, wanted: string) =>
  findings.filter(({ value }) => value === wanted).map(({ invariant }) => invariant);
const objective = ({ objectives }: Verdict, id: string) =>
  objectives.find((each) => each.id === id)?.result;

test(
  'with its locks every claim holds, and the run passes',
  async () => {
    service = await startService('pretix', '--processes', '4');
    const { code, verdict } = await rush(await buyersMachine(), service);
    expect(having(verdict, 'violated')).toEqual([]);
    expect(having(verdict, 'unknown')).toEqual([]);
    expect({ code, reasons: verdict.reasons }).toEqual({ code: 0, reasons: [expect.any(String)] });
    expect(verdict.result).toBe('pass');
  },
  LIMIT_MS,
);

test(
  'skip-locking: the oversell is found, and what certifies it can be checked',
  async () => {
    service = await startService('pretix', '--processes', '8', '--flaw', 'skip-locking');
    const machine = await buyersMachine();
    const shop = service;
    const found = await raceUntil(
      ({ verdict }: Rushed) => having(verdict, 'violated').length > 0,
      (seed) => rush(machine, shop, seed),
    );
    expect(found.code).toBe(1);
    const violated = having(found.verdict, 'violated');
    expect(violated).toContain('oversell-final');
    const run = (await machine.runs()).at(-1)!;
    for (const id of violated) {
      const certificate = join(run, 'certificates', `${id}.json`);
      const checked = await machine.loadtest(['recheck', certificate, '--run', run]);
      expect(checked.code, checked.stderr).toBe(0);
    }
  },
  LIMIT_MS,
);

test(
  'fail-locking: nothing is wrong, and nobody is served',
  async () => {
    service = await startService('pretix', '--processes', '2', '--flaw', 'fail-locking');
    const { code, verdict } = await rush(await buyersMachine(), service);
    expect(having(verdict, 'violated')).toEqual([]);
    expect(objective(verdict, 'available')).toBe('fail');
    expect({ code, result: verdict.result }).toEqual({ code: 1, result: 'fail' });
  },
  LIMIT_MS,
);
