import { spawn } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { XMLValidator } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { certificateSchema } from '../../lib/model/certificate.ts';
import { type Machine, newMachine, smallRun, untilEnd } from '../experience/product.ts';
import { raceUntil } from '../race.ts';
import { type ReferenceService, startReferenceService } from '../reference-service.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ESCAPE = '\u001b';

/** What a small run against each of them is sure to show. */
const flaws = [
  { flaw: 'ack-before-commit', invariant: 'lost-purchase', more: [], bySelf: 0 },
  // Twenty tickets, sold one by one, cannot all be in threes.
  {
    flaw: 'partial-fulfilment',
    invariant: 'partial-purchase',
    more: ['--quantities', '3:1'],
    bySelf: 0,
  },
  { flaw: 'check-then-act', invariant: 'oversell-final', more: [], bySelf: 1 },
] as const;

describe.each(flaws)('a shop with $flaw', ({ flaw, invariant, more, bySelf }) => {
  let shop: ReferenceService;
  let machine: Machine;
  let run: string;
  let path: string;
  beforeAll(async () => {
    [shop, machine] = await Promise.all([
      startReferenceService({ processes: 2, flaws: [flaw] }),
      newMachine(),
    ]);
    const env = { ONSALE_DATABASE_URL: shop.databaseUrl };
    const ended = await raceUntil(
      ({ code }) => code === 1,
      () => machine.loadtest(smallRun(shop.url, '--timeout', '20s', ...more), { env }),
    );
    expect(ended.code, ended.stderr + ended.stdout).toBe(1);
    run = (await machine.runs()).at(-1)!;
    path = join(run, 'certificates', `${invariant}.json`);
  });
  afterAll(() => shop?.stop());

  test('leaves a certificate for each violation, and none beside', async () => {
    const { findings } = JSON.parse(await readFile(join(run, 'verdict.json'), 'utf8'));
    const violated = findings.filter((one: { value: string }) => one.value === 'violated');
    const names = violated.map((one: { invariant: string }) => `${one.invariant}.json`);
    expect(names).toContain(`${invariant}.json`);
    expect((await readdir(join(run, 'certificates'))).sort()).toEqual(names.sort());
    for (const name of names) {
      const text = await readFile(join(run, 'certificates', name), 'utf8');
      const { operations, rows } = certificateSchema.parse(JSON.parse(text));
      expect(operations.length + rows.length).toBeLessThanOrEqual(10);
      expect(
        `${name}: ${(await machine.loadtest(['recheck', join(run, 'certificates', name), '--run', run])).code}`,
      ).toBe(`${name}: 0`);
    }
  });

  test('recheck says what it could check by itself', async () => {
    const { code, stdout, stderr } = await machine.loadtest(['recheck', path]);
    expect({ code, stderr }).toEqual({ code: bySelf, stderr: '' });
    expect(stdout).toContain('--run');
  });

  test('judging again gives the same bytes, and old certificates go', async () => {
    const before = await readFile(path, 'utf8');
    await machine.loadtest(['judge', run]);
    expect(await readFile(path, 'utf8')).toBe(before);
  });

  test('the program needs neither the launcher nor a package', async () => {
    const program = join(ROOT, 'recheck', 'main.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', program, path, '--run', run], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { code, stdout } = await untilEnd(child);
    expect(code, stdout).toBe(0);
    expect(stdout).toContain('Violated:');
  });

  test('explain tells the story, draws it, and gives it to machines', async () => {
    const svg = join(machine.cwd, 'story.svg');
    const told = await machine.loadtest(['explain', run, invariant, '--svg', svg]);
    expect(told.code, told.stderr).toBe(0);
    expect(told.stdout).toMatch(/^VIOLATED {2}/);
    for (const part of ['Claim', 'What was seen', 'no innocent explanation', 'Check it yourself']) {
      expect(told.stdout).toContain(part);
    }
    expect(told.stdout).not.toContain(ESCAPE);
    expect(XMLValidator.validate(await readFile(svg, 'utf8'))).toBe(true);
    const { stdout } = await machine.loadtest(['explain', run, invariant, '--json']);
    const { finding, certificate } = JSON.parse(stdout);
    expect(finding).toMatchObject({ invariant, value: 'violated' });
    expect(certificate).toEqual(JSON.parse(await readFile(path, 'utf8')));
    await rm(svg);
  });

  test('explain lists, and names the nearest of what is not there', async () => {
    const list = await machine.loadtest(['explain', run]);
    expect(list.code).toBe(0);
    expect(list.stdout).toMatch(new RegExp(`^violated +${invariant} `, 'm'));
    const { code, stderr } = await machine.loadtest(['explain', run, `${invariant}x`]);
    expect(code).toBe(2);
    expect(stderr).toContain(`Did you mean ${invariant}?`);
  });
});
