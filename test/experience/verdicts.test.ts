import { cp, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Verdict } from '../../lib/model/verdict.ts';
import { type ReferenceService, startReferenceService } from '../reference-service.ts';
import { type Ended, LENIENT_SLA, type Machine, newMachine, smallRun } from './product.ts';

/** Nobody sells twenty tickets in a nanosecond. */
const STRICT_SLA = LENIENT_SLA.replace('lte: 1min', 'lte: 0.001ms');
/** A tail that 80 operations cannot show. */
const DEMANDING_SLA = LENIENT_SLA.replace('quantile: 0.5', 'quantile: 0.999');
const ESCAPE = '\u001b';
const FIRST_SCREEN_LINES = 12;

let shop: ReferenceService;
let machine: Machine;
/** One real run with each ending; the failed one as people see it, the others as machines do. */
let passed: Ended;
let failed: Ended;
beforeAll(async () => {
  [shop, machine] = await Promise.all([startReferenceService({ processes: 2 }), newMachine()]);
  await writeFile(join(machine.cwd, 'strict.yaml'), STRICT_SLA);
  await writeFile(join(machine.cwd, 'demanding.yaml'), DEMANDING_SLA);
  const env = { ONSALE_DATABASE_URL: shop.databaseUrl };
  // On a machine that is busy with other tests an answer may take its time.
  const patient = ['--json', '--timeout', '20s'];
  passed = await machine.loadtest(smallRun(shop.url, ...patient), { env });
  failed = await machine.loadtest(smallRun(shop.url, '--sla', 'strict.yaml'), {
    env,
    stdin: 'silent',
  });
});
afterAll(() => shop?.stop());

const validates = await (async () => {
  const path = fileURLToPath(new URL('../../schemas/verdict.schema.json', import.meta.url));
  return new Ajv2020().compile(JSON.parse(await readFile(path, 'utf8')));
})();

/** The one document on stdout, which fits the published schema. */
function documentOn(stdout: string): Verdict {
  const verdict = JSON.parse(stdout) as Verdict;
  expect(validates(verdict), JSON.stringify(validates.errors)).toBe(true);
  return verdict;
}

async function onlyRuns(): Promise<[pass: string, fail: string]> {
  const [pass, fail] = await machine.runs();
  return [pass!, fail!];
}

describe('exit code, document and words', () => {
  test('pass is 0: stdout is the document, progress is on stderr', () => {
    expect(passed.code, passed.stdout.slice(0, 2000)).toBe(0);
    expect(documentOn(passed.stdout)).toMatchObject({ result: 'pass', interrupted: false });
    expect(passed.stderr).toContain('Provisioning');
    expect(passed.stderr).toContain('Judging');
  });

  test('fail is 1, for people and for machines', async () => {
    expect(failed.code, failed.stderr).toBe(1);
    const [, folder] = await onlyRuns();
    const { code, stdout } = await machine.loadtest(['judge', folder, '--json']);
    expect(code).toBe(1);
    expect(documentOn(stdout).result).toBe('fail');
  });

  test('inconclusive is 3', async () => {
    const [folder] = await onlyRuns();
    const copy = join(machine.cwd, 'copy-for-another-promise');
    await cp(folder, copy, { recursive: true });
    const judged = await machine.loadtest(['judge', copy, '--json', '--sla', 'demanding.yaml']);
    expect(judged.code, judged.stderr).toBe(3);
    expect(documentOn(judged.stdout).result).toBe('inconclusive');
  });

  test('a flag that is not there is 2, a target that is not there 4; nothing is on stdout', async () => {
    const usage = await machine.loadtest(smallRun(shop.url, '--json', '--no-such-flag'));
    expect(usage).toMatchObject({ code: 2, stdout: '' });
    const gone = await machine.loadtest(smallRun('http://127.0.0.1:1', '--json'));
    expect(gone).toMatchObject({ code: 4, stdout: '' });
    expect(gone.stderr).toMatch(/expected .*\n {2}got: .*\n {2}where: .*\n {2}to do: /);
  });

  test('--quiet says the verdict and nothing else', async () => {
    const [folder] = await onlyRuns();
    const { code, stdout, stderr } = await machine.loadtest(['judge', folder, '--quiet']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^PASS /);
  });
});

test('the first screen names what failed, its value, interval and limit, and what to do next', async () => {
  const screen = failed.stdout.split('\n').slice(0, FIRST_SCREEN_LINES).join('\n');
  const [, folder] = await onlyRuns();
  expect(screen).toMatch(/^FAIL {2}purchase-burst on primepass/);
  expect(screen).toContain('p50 of purchase ≤ ');
  expect(screen).toMatch(/measured \d.*, interval \d.*, limit ≤ /);
  expect(screen).toMatch(/^Next {4}\S*bin\/loadtest judge \S+/m);
  expect(screen).toContain(folder.slice(folder.indexOf('runs/')));
});

test('nothing waits for a key: stdin that is open and silent delays nobody', () => {
  // It has ended by itself, which is what was to be shown; a run that waits is killed and has no code.
  expect(failed.code).toBe(1);
});

describe('the same evidence gives the same verdict, byte for byte', () => {
  const bytes = (folder: string) => readFile(join(folder, 'verdict.json'), 'utf8');

  test('judged again, there and in a copy elsewhere', async () => {
    const [folder] = await onlyRuns();
    const first = await bytes(folder);
    const again = await machine.loadtest(['judge', relative(machine.cwd, folder), '--json']);
    expect({ code: again.code, stdout: again.stdout }).toEqual({ code: 0, stdout: first });
    expect(await bytes(folder)).toBe(first);

    const elsewhere = await newMachine();
    const copy = join(elsewhere.cwd, 'some run');
    await cp(folder, copy, { recursive: true });
    const moved = await elsewhere.loadtest(['judge', copy, '--json']);
    expect({ code: moved.code, stdout: moved.stdout }).toEqual({ code: 0, stdout: first });
    expect(await bytes(copy)).toBe(first);
  });

  test('the reports too, apart from the name of the folder', async () => {
    const [folder] = await onlyRuns();
    const before = await readFile(join(folder, 'report', 'report.html'), 'utf8');
    const drawn = await machine.loadtest(['report', relative(machine.cwd, folder), '--json']);
    expect(drawn.code, drawn.stderr).toBe(0);
    expect(await readFile(join(folder, 'report', 'report.html'), 'utf8')).toBe(before);
  });
});

test('without a terminal there is not one escape byte, in no stream and no text', async () => {
  for (const { stdout, stderr } of [passed, failed]) expect(stdout + stderr).not.toContain(ESCAPE);
  // Colours may be asked for by these; a terminal they do not make.
  const [folder] = await onlyRuns();
  for (const env of [{ CI: '1', GITHUB_ACTIONS: 'true' }, { FORCE_COLOR: '1' }, { TERM: 'dumb' }]) {
    const { stdout, stderr } = await machine.loadtest(['judge', folder], { env });
    expect(stdout + stderr, JSON.stringify(env)).not.toContain(ESCAPE);
  }
});
