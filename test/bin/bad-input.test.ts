import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type Ended,
  LENIENT_SLA,
  type Machine,
  newMachine,
  smallRun,
} from '../experience/product.ts';
import { closedUrl } from '../targets/hostile-server.ts';
import { type Shop, startShop } from '../threats/shop.ts';
import { expectNothingLeft } from './left-overs.ts';

const shop: Shop = await startShop();
const machine: Machine = await newMachine();

/** Exit code 2, one error in four parts that names `parts`, and not one request. */
function expectRefusal({ code, stdout, stderr }: Ended, parts: readonly (string | RegExp)[]): void {
  expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^loadtest: expected .+\n {2}got: .+\n {2}where: .+\n {2}to do: .+\n$/s);
  for (const part of parts) expect(stderr).toMatch(part);
  expect(stderr).not.toMatch(/\n {4}at /);
  expect(shop.asked.size).toBe(0);
}

/** The flags of a small run, one of them changed. */
const runWith = (...flags: readonly string[]): string[] => smallRun(shop.url, ...flags);

describe.concurrent('a name that nobody knows', { timeout: 120_000 }, () => {
  test('of a scenario', async () => {
    const args = runWith().with(1, 'purchase-brust');
    expectRefusal(await machine.loadtest(args), ['purchase-brust', /Did you mean purchase-burst/]);
  });

  test('of a target', async () => {
    const ended = await machine.loadtest(runWith('--target', 'primpass'));
    expectRefusal(ended, ['primpass', /Did you mean primepass/, '--target']);
  });

  test('of a flag', async () => {
    const { code, stdout, stderr } = await machine.loadtest(runWith('--buyer', '5'));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/unknown option '--buyer'\n\(Did you mean --buyers\?\)/);
    expect(shop.asked.size).toBe(0);
  });

  test('of a command', async () => {
    const { code, stdout, stderr } = await machine.loadtest(['judg', 'latest']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/unknown command 'judg'\n\(Did you mean judge\?\)/);
  });

  test.each([[['demo']], [['target', 'up']]])(
    'of a flaw: %j; the command does not wait for what it never started',
    async (command) => {
      const own = await newMachine();
      const ended = await own.loadtest([...command, '--flaw', 'check-then-ac']);
      expectRefusal(ended, ['check-then-ac', /Did you mean "?check-then-act/]);
      await expectNothingLeft(own);
    },
    45_000,
  );
});

describe.concurrent('a URL', { timeout: 120_000 }, () => {
  test.each([
    '',
    'shop',
    '127.0.0.1:8080',
    'ftp://127.0.0.1/',
    'http://',
    'http://127.0.0.1:99999',
  ])('that is none: %j', async (url) => {
    const { code, stdout, stderr } = await machine.loadtest(runWith('--url', url));
    expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/where: +--url/);
  });

  test('with user info: it is not repeated', async () => {
    const url = shop.url.replace('//', '//admin:canary-7f3@');
    const ended = await machine.loadtest(runWith('--url', url));
    expectRefusal(ended, ['--url', /user name or password/, /environment/]);
    expect(ended.stderr).not.toContain('canary');
  });

  test.each([
    'http://192.0.2.7:8080',
    'http://[2001:db8::1]/',
    'http://onsale-no-such-host.invalid',
  ])('of another machine that nobody allowed: %s', async (url) => {
    const host = new URL(url).hostname.replace(/[[\]]/g, '');
    expectRefusal(await machine.loadtest(runWith('--url', url)), [`--allow-host ${host}`]);
  });
});

describe.concurrent('an SLA file', { timeout: 120_000 }, () => {
  test.each([
    ['that is empty', '', /empty/],
    ['that is not YAML', 'objectives: [{\n', /sla\.yaml:\d/],
    ['with a wrong unit', LENIENT_SLA.replace('1min', '300parsec'), /300parsec|duration/],
    ['with quantile 1.5', LENIENT_SLA.replace('quantile: 0.5', 'quantile: 1.5'), /sla\.yaml:4/],
    ['with an unknown key', LENIENT_SLA.replace('lte', 'lt'), /`?lte`?/],
  ])('%s', async (_, text, told) => {
    const own = await newMachine();
    await writeFile(join(own.cwd, 'sla.yaml'), text);
    expectRefusal(await own.loadtest(runWith()), ['sla.yaml', told]);
    expect(await readdir(own.cwd)).not.toContain('runs');
  });

  test('that is missing', async () => {
    const ended = await machine.loadtest(runWith('--sla', 'elsewhere/sla.yaml'));
    expectRefusal(ended, ['elsewhere/sla.yaml', /no such file/]);
  });
});

describe.concurrent('a plan', { timeout: 120_000 }, () => {
  test('with a crowd larger than the virtual users', async () => {
    const ended = await machine.loadtest(runWith('--crowd', '1', '--max-vus', '10'));
    expectRefusal(ended, [/at most 10 buyers/, '80 buyers']);
  });

  test.each([
    [
      'too fast',
      ['--buyers', '40000', '--crowd', '0', '--duration', '2s'],
      /arrivals in one second/,
    ],
    ['too long', ['--duration', '16min'], /900000/],
    ['too large', ['--buyers', '200001', '--duration', '10min', '--crowd', '0'], /200000 buyers/],
  ])('%s for what nobody lifted', async (_, flags, told) => {
    expectRefusal(await machine.loadtest(runWith(...flags)), [told, '--lift-limits']);
  });

  test('over the limits goes on where they are lifted', async () => {
    const url = await closedUrl();
    const flags = ['--duration', '16min', '--lift-limits', '--url', url];
    const { code, stderr } = await machine.loadtest(runWith(...flags));
    expect(code, stderr).toBe(4);
    expect(stderr).toMatch(/a refused connection/);
  });

  test.each([
    ['--duration', '5parsec'],
    ['--duration', '-1s'],
    ['--timeout', '0'],
    ['--buyers', '0'],
    ['--crowd', '1.5'],
    ['--quantities', '0:1'],
    ['--arrivals', 'flood'],
    ['--seed', '4294967296'],
  ])('with %s %s', async (flag, value) => {
    const { code, stdout, stderr } = await machine.loadtest(runWith(`${flag}=${value}`));
    expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('to do:');
    expect(shop.asked.size).toBe(0);
  });
});

test.each([
  ['co4353', 'purchase-burst', /several tickets in one purchase/, /Change the plan\.$/m],
  ['pretix', 'hold-and-pay', /several tickets in one hold/, /use one of purchase-burst, browse/],
])('%s cannot play %s for several tickets', async (target, scenario, told, remedy) => {
  const flags = ['--target', target, '--url', shop.url, '--quantities', '1:1,2:1'];
  const ended = await machine.loadtest(['run', scenario, ...flags]);
  expectRefusal(ended, [told, remedy]);
  expect(shop.asked.size).toBe(0);
});

test('K6_PATH that names no k6 is a usage mistake', async () => {
  const env = { K6_PATH: '/bin/echo' };
  expectRefusal(await machine.loadtest(runWith(), { env }), ['K6_PATH', '/bin/echo']);
});

test('nothing of all that made a run', async () => {
  await mkdir(join(machine.cwd, 'runs'), { recursive: true });
  expect(await readdir(join(machine.cwd, 'runs'))).toEqual([]);
  await expectNothingLeft(machine);
});
